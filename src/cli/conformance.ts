/** `verify-contact conformance URL`: tests over the network whether a backend keeps the contract, and prints the results. */
import { examineBackend, rules, type RuleResult, type Message } from '../conformance/conformance.js';
import { SettingsError } from './settings/parse-settings.js';

/** The options of the command. */
interface ConformanceOptions {
  /** The address of the emulator that the backend uses in place of Twilio. Without it, the rules that need codes are left out. */
  emulator?: string | undefined;
  /** A bearer token of a user who must still pass two-factor. Without a user, the rules that need one are left out. */
  bearer?: string | undefined;
  /** The same, as the value of a `Cookie` header. */
  cookie?: string | undefined;
  print: (line: string) => void;
  /** Waits for so many seconds. Default: a timer. */
  wait?: (seconds: number) => Promise<void>;
}

const TIMEOUT_MS = 15_000;
const marks = { passed: 'passed  ', failed: 'FAILED  ', 'left out': 'left out' };

/**
 * Prints each rule and a table. Resolves to true if no rule is broken; a rule that is left out is not. Rejects with
 * {@link SettingsError} if no backend, or no emulator, answers at its address.
 */
export async function conformance(
  url: string,
  { emulator, bearer, cookie, print, wait = delay }: ConformanceOptions,
): Promise<boolean> {
  const endpoint = address(url);
  await fetch(`${endpoint}/health`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => {
    throw new SettingsError(`No server answers at ${endpoint}.`);
  });
  const emulatorAddress = emulator ? address(emulator) : undefined;
  if (emulatorAddress !== undefined) await outboxOf(emulatorAddress);
  const user = { ...(bearer && { authorization: `Bearer ${bearer}` }), ...(cookie && { cookie }) };
  const findings = await examineBackend(
    {
      endpoint,
      fetch: (request) => fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' }),
      ...(emulatorAddress !== undefined && {
        emulator: emulatorAddress,
        outbox: () => outboxOf(emulatorAddress),
      }),
      wait(seconds) {
        print(`          (waits ${seconds} s, as the backend demands, before it enters the right code)`);
        return wait(seconds);
      },
      ...(bearer || cookie ? { user } : {}),
    },
    ({ outcome, name, reason }) => print(`${marks[outcome]}  ${name}${reason ? `: ${reason}` : ''}`),
  );
  print(table(findings));
  const leftOut = findings.filter(({ outcome }) => outcome === 'left out').length;
  if (leftOut > 0)
    print(`\n${leftOut} of ${findings.length} rules are left out: nothing is said of them. The reasons are above.`);
  return findings.every(({ outcome }) => outcome !== 'failed');
}

function address(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new SettingsError(`${JSON.stringify(text)} is not an address such as https://shop.example/verify.`);
  return text.replace(/(?<!\/)\/+$/, '');
}

const delay = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

/** The emulator's messages. Rejects with a {@link SettingsError} that names the address if no emulator answers there. */
async function outboxOf(emulator: string): Promise<Message[]> {
  try {
    const response = await fetch(`${emulator}/__emulator/outbox`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const messages: unknown = await response.json();
    if (response.ok && Array.isArray(messages)) return messages as Message[];
  } catch {
    // No server, or one that answers no JSON.
  }
  throw new SettingsError(`--emulator: no emulator with its control plane answers at ${emulator}.`);
}

function table(findings: readonly RuleResult[]): string {
  const groups = [...new Set(rules.map(({ group }) => group))];
  const count = (group: string, outcome: RuleResult['outcome']) =>
    String(findings.filter((one) => one.group === group && one.outcome === outcome).length).padStart(9);
  const row = (group: string) =>
    `${group.padEnd(20)}${count(group, 'passed')}${count(group, 'failed')}${count(group, 'left out')}`;
  return ['', `${''.padEnd(20)}   passed   failed left out`, ...groups.map(row)].join('\n');
}
