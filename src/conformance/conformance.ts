/** Holds a backend to the contract between it and the elements, rule by rule. It reaches nothing by itself and prints nothing. */
import { codes } from './codes.js';
import { documents } from './documents.js';
import { requests } from './requests.js';
import { secondFactor } from './second-factor.js';
import type { Check, Target } from './harness.js';

export type { Check, Message, Target } from './harness.js';

/** All rules, in the order in which they are asked. */
export const checks: readonly Check[] = [...documents, ...requests, ...codes, ...secondFactor];

/** How one rule fared. */
export interface Finding {
  group: string;
  name: string;
  outcome: 'held' | 'broken' | 'left out';
  /** How it was broken, or what it lacks. */
  reason?: string;
}

/** Asks everything, one after another, and goes on after a breach. Each finding is handed to `found` as it is made. */
export async function examineBackend(target: Target, found: (finding: Finding) => void): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) {
    const finding = await findingOf(check, target);
    findings.push(finding);
    found(finding);
  }
  return findings;
}

async function findingOf({ group, name, needs = [], run }: Check, target: Target): Promise<Finding> {
  const lacking = needs.filter((need) => target[need] === undefined);
  if (lacking.length > 0) return { group, name, outcome: 'left out', reason: `needs ${lacking.join(' and ')}` };
  try {
    // What it needs has been looked at one line above.
    await run(target as Required<Target>);
    return { group, name, outcome: 'held' };
  } catch (error) {
    return { group, name, outcome: 'broken', reason: error instanceof Error ? error.message : String(error) };
  }
}
