/** Whether the services can send the codes that the owner has fixed. A code that none could send would silently be a random one. */
import type { EmulatorOptions } from './options.js';

/**
 * The sentence about a fixed code that is too long or too short, or undefined if there is none. One code for all must fit every
 * service, and the code of one destination at least one of them.
 */
export function unfitCode(fixed: EmulatorOptions['fixedCode'] = {}, lengths: readonly number[]): string | undefined {
  const fits = (code: string) =>
    typeof fixed === 'string' ? lengths.every((length) => length === code.length) : lengths.includes(code.length);
  const unfit = (typeof fixed === 'string' ? [fixed] : Object.values(fixed)).find((code) => !fits(code));
  if (unfit === undefined) return undefined;
  const others = [...new Set(lengths)].join(' and ');
  return `The fixed code ${unfit} has ${unfit.length} digits, and the codes of the services have ${others}.`;
}

/** The same sentence for one service that is new or has changed, beside the others. */
export function unfitCodeWith(
  { options, services }: { options: EmulatorOptions; services: ReadonlyMap<string, CodeLength> },
  changed: CodeLength,
): string | undefined {
  const others = [...services.values()].filter(({ sid }) => sid !== changed.sid);
  return unfitCode(
    options.fixedCode,
    [...others, changed].map((one) => one.codeLength),
  );
}

/** What counts of a service. */
interface CodeLength {
  sid: string;
  codeLength: number;
}
