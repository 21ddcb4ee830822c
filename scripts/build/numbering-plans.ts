/** Writes the numbering plans of all countries, out of libphonenumber-js's metadata, into files of at most 1.2 kB each. */
import metadata from 'libphonenumber-js/min/metadata';
import { brotliCompressSync } from 'node:zlib';

type Value = string | number | boolean | null | undefined | readonly Value[];

/** A country needs one file. What does not fit is a file of its own. */
const maxBytes = 1150;

const { country_calling_codes: countriesOf, countries } = metadata as unknown as {
  country_calling_codes: Record<string, string[]>;
  countries: Record<string, readonly Value[]>;
};

/** The text of each file, by its path in `src/elements/numbering`. */
export function numberingPlanFiles(): Map<string, string> {
  // In the order of text, a code precedes all that begin with it, so the first code of each file is enough to find it.
  const codes = Object.keys(countriesOf)
    .filter((code) => countriesOf[code]![0]!.length === 2)
    .sort();
  const groups: string[][] = [];
  for (const code of codes) {
    const last = groups.at(-1);
    if (last && compressedSize([...last, code]) <= maxBytes) last.push(code);
    else groups.push([code]);
  }
  const files = groups.map((group): [string, string] => [`plans-${group[0]}.ts`, fileText(group)]);
  return new Map([...files, ['plan-files.ts', indexText(groups.map((group) => group[0]!))]]);
}

function compressedSize(codes: readonly string[]): number {
  return brotliCompressSync(rows(codes)).length;
}

function fileText(codes: readonly string[]): string {
  return `/** The numbering plans of the calling codes ${codes[0]} to ${codes.at(-1)}. Written by the build out of libphonenumber-js's metadata. */
export default \`${rows(codes)}\`;
`;
}

function indexText(firsts: readonly string[]): string {
  return `/** The files of numbering plans, by their first calling code in the order of text. Written by the build out of libphonenumber-js's metadata. */
export const planFiles: readonly (readonly [firstCode: string, load: () => Promise<{ readonly default: string }>])[] = [
${firsts.map((first) => `  ['${first}', () => import('./plans-${first}.js')],`).join('\n')}
];
`;
}

/** A row for each calling code, then one for each of its countries, the main one first. `readPlan` reads them. */
function rows(codes: readonly string[]): string {
  return codes.map((code) => [code, ...countriesOf[code]!.map(planRow)].join('\n')).join('\n');
}

function planRow(country: string): string {
  const [, dialOut, pattern, lengths, formats, prefix, rule, parsing, transform, optional, leading, types] =
    countries[country]!;
  const typePatterns = list(types).flatMap((type) => text(list(type)[0]) || []);
  const fields = [dialOut, pattern, list(lengths).join(), prefix, rule, parsing, transform, optional && 1, leading];
  return [country, ...fields.map(text), typePatterns.join('|'), ...list(formats).map(formatText)]
    .join(';')
    .replace(/;+$/, '');
}

function formatText(format: Value): string {
  const [pattern, groups, leading, rule, optional, international] = list(format);
  return [pattern, groups, rule, optional && 1, international, ...list(leading)].map(text).join('~').replace(/~+$/, '');
}

const list = (value: Value) => (Array.isArray(value) ? (value as readonly Value[]) : []);

/** `d` is short for `\d`. The plans have no other letter and no other escape. */
function text(value: Value): string {
  const short = String(value || '').replaceAll('\\d', 'd');
  if (/[^\d$()[\]{}|?:!^.,+\-/ d=]/.test(short)) throw new Error(`Unknown character in a numbering plan: ${short}`);
  return short;
}
