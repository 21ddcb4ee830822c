/** Holds a backend to the contract between it and the elements, rule by rule. It reaches nothing by itself and prints nothing. */
import { codes } from './codes.js';
import { documents } from './documents.js';
import { requests } from './requests.js';
import { secondFactor } from './second-factor.js';
import type { Rule, BackendUnderTest } from './harness.js';

export type { Rule, Message, BackendUnderTest } from './harness.js';

/** All rules, in the order in which they are asked. */
export const checks: readonly Rule[] = [...documents, ...requests, ...codes, ...secondFactor];

/** How one rule fared. */
export interface RuleResult {
  group: string;
  name: string;
  outcome: 'held' | 'broken' | 'left out';
  /** How it was broken, or what it lacks. */
  reason?: string;
}

/** Asks everything, one after another, and goes on after a breach. Each finding is handed to `found` as it is made. */
export async function examineBackend(
  target: BackendUnderTest,
  onResult: (finding: RuleResult) => void,
): Promise<RuleResult[]> {
  const findings: RuleResult[] = [];
  for (const check of checks) {
    const finding = await findingOf(check, target);
    findings.push(finding);
    onResult(finding);
  }
  return findings;
}

async function findingOf({ group, name, needs = [], run }: Rule, target: BackendUnderTest): Promise<RuleResult> {
  const lacking = needs.filter((need) => target[need] === undefined);
  if (lacking.length > 0) return { group, name, outcome: 'left out', reason: `needs ${lacking.join(' and ')}` };
  try {
    // What it needs has been looked at one line above.
    await run(target as Required<BackendUnderTest>);
    return { group, name, outcome: 'held' };
  } catch (error) {
    return { group, name, outcome: 'broken', reason: error instanceof Error ? error.message : String(error) };
  }
}
