/** Examines whether a backend follows the contract with the elements, rule by rule. Opens no connection itself and prints nothing. */
import { codeRules } from './verification.js';
import { documentRules } from './documents.js';
import { requestRules } from './requests.js';
import { twoFactorRules } from './two-factor.js';
import type { Rule, BackendUnderTest } from './harness.js';

export type { Message, BackendUnderTest } from './harness.js';

/** All rules, in the order in which they run. */
export const rules: readonly Rule[] = [...documentRules, ...requestRules, ...codeRules, ...twoFactorRules];

/** The result of one rule. */
export interface RuleResult {
  group: string;
  name: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** How the backend broke the rule, or what the rule needs. */
  reason?: string;
}

/** Runs every rule, one after another, and continues after a failure. Hands each result to `onResult` as it comes in. */
export async function examineBackend(
  target: BackendUnderTest,
  onResult: (result: RuleResult) => void,
): Promise<RuleResult[]> {
  const results: RuleResult[] = [];
  for (const rule of rules) {
    const result = await runRule(rule, target);
    results.push(result);
    onResult(result);
  }
  return results;
}

async function runRule({ group, name, needs = [], run }: Rule, target: BackendUnderTest): Promise<RuleResult> {
  const missing = needs.filter((need) => target[need] === undefined);
  if (missing.length > 0) return { group, name, outcome: 'skipped', reason: `needs ${missing.join(' and ')}` };
  try {
    // The line above has made sure of everything that the rule needs.
    await run(target as Required<BackendUnderTest>);
    return { group, name, outcome: 'passed' };
  } catch (error) {
    return { group, name, outcome: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}
