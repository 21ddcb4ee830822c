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
}

const TIMEOUT_MS = 15_000;
const marks = { passed: 'passed ', failed: 'FAILED ', skipped: 'skipped' };

/** Prints each rule and a table. Resolves to true if no rule is broken. Rejects with {@link SettingsError} if no server answers at that address. */
export async function conformance(
  url: string,
  { emulator, bearer, cookie, print }: ConformanceOptions,
): Promise<boolean> {
  const endpoint = address(url);
  await fetch(`${endpoint}/health`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => {
    throw new SettingsError(`No server answers at ${endpoint}.`);
  });
  const user = { ...(bearer && { authorization: `Bearer ${bearer}` }), ...(cookie && { cookie }) };
  const findings = await examineBackend(
    {
      endpoint,
      fetch: (request) => fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' }),
      ...(emulator && { outbox: () => outboxOf(address(emulator)) }),
      ...(bearer || cookie ? { user } : {}),
    },
    ({ outcome, name, reason }) => print(`${marks[outcome]}  ${name}${reason ? `: ${reason}` : ''}`),
  );
  print(table(findings));
  return findings.every(({ outcome }) => outcome !== 'failed');
}

function address(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new SettingsError(`${JSON.stringify(text)} is not an address such as https://shop.example/verify.`);
  return text.replace(/(?<!\/)\/+$/, '');
}

async function outboxOf(emulator: string): Promise<Message[]> {
  const response = await fetch(`${emulator}/__emulator/outbox`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return (await response.json()) as Message[];
}

function table(findings: readonly RuleResult[]): string {
  const groups = [...new Set(rules.map(({ group }) => group))];
  const count = (group: string, outcome: RuleResult['outcome']) =>
    String(findings.filter((one) => one.group === group && one.outcome === outcome).length).padStart(8);
  const row = (group: string) =>
    `${group.padEnd(20)}${count(group, 'passed')}${count(group, 'failed')}${count(group, 'skipped')}`;
  return ['', `${''.padEnd(20)}  passed  failed skipped`, ...groups.map(row)].join('\n');
}
