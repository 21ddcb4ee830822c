/** `verify-contact conformance URL`: asks a backend over the network whether it keeps the contract, and prints what it found. */
import { examineBackend, rules, type RuleResult, type Message } from '../conformance/conformance.js';
import { SettingsError } from './settings/twilio-settings.js';

/** What the command was told. */
export interface ConformanceOptions {
  /** Where the emulator is that the backend takes for Twilio; without it nothing is sent, and what needs codes is left out. */
  emulator?: string | undefined;
  /** A bearer token of a user who owes a second factor; without one, what needs a user is left out. */
  bearer?: string | undefined;
  /** The same by a `Cookie` header. */
  cookie?: string | undefined;
  print: (line: string) => void;
}

/** Milliseconds until an answer is given up. */
const PATIENCE = 15_000;
const marks = { passed: 'passed ', failed: 'FAILED ', skipped: 'skipped' };

/** Prints each rule and a table. Resolves to whether none is broken; rejects with {@link SettingsError} if nobody answers at that address. */
export async function conformance(
  url: string,
  { emulator, bearer, cookie, print }: ConformanceOptions,
): Promise<boolean> {
  const endpoint = address(url);
  await fetch(`${endpoint}/health`, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => {
    throw new SettingsError(`Nobody answers at ${endpoint}.`);
  });
  const user = { ...(bearer && { authorization: `Bearer ${bearer}` }), ...(cookie && { cookie }) };
  const findings = await examineBackend(
    {
      endpoint,
      fetch: (request) => fetch(request, { signal: AbortSignal.timeout(PATIENCE), redirect: 'manual' }),
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
    throw new SettingsError(`${JSON.stringify(text)} is no address such as https://shop.example/verify.`);
  return text.replace(/(?<!\/)\/+$/, '');
}

async function outboxOf(emulator: string): Promise<Message[]> {
  const response = await fetch(`${emulator}/__emulator/outbox`, { signal: AbortSignal.timeout(PATIENCE) });
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
