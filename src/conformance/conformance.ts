/** Examines whether a backend follows the contract with the elements, rule by rule. Opens no connection itself and prints nothing. */
import { codeRules } from './verification.js';
import { answerRules, documentRules } from './documents.js';
import { requestRules } from './requests.js';
import { twoFactorRules } from './two-factor.js';
import { LeftOut, type BackendUnderTest, type Examination, type FullExamination, type Rule } from './harness.js';

export type { Message, BackendUnderTest } from './harness.js';

/** All rules, in the order in which they run. */
export const rules: readonly Rule[] = [
  ...documentRules,
  ...requestRules,
  ...codeRules,
  ...twoFactorRules,
  ...answerRules,
];

/** The result of one rule. */
export interface RuleResult {
  group: string;
  name: string;
  outcome: 'passed' | 'failed' | 'left out';
  /** How the backend broke the rule, or why nothing can be said of it. */
  reason?: string;
}

/** Runs every rule, one after another, and continues after a failure. Hands each result to `onResult` as it comes in. */
export async function examineBackend(
  target: BackendUnderTest,
  onResult: (result: RuleResult) => void,
): Promise<RuleResult[]> {
  const results: RuleResult[] = [];
  const examination = recording(target);
  for (const rule of rules) {
    const result = await runRule(rule, examination);
    results.push(result);
    onResult(result);
  }
  return results;
}

/** The backend, with a record of the problems that it answers with. */
function recording(target: BackendUnderTest): Examination {
  const answers: Examination['answers'] = [];
  return {
    ...target,
    answers,
    async fetch(request) {
      const response = await target.fetch(request);
      const body: unknown = await response
        .clone()
        .json()
        .catch(() => null);
      const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
      const path = request.url.slice(target.endpoint.length).replace(/[?#].*/, '');
      const { method } = request;
      if (response.status >= 400 && typeof code === 'string')
        answers.push({ method, path, status: response.status, code });
      return response;
    },
  };
}

async function runRule({ group, name, needs = [], run }: Rule, target: Examination): Promise<RuleResult> {
  const missing = needs.filter((need) => target[need] === undefined);
  if (missing.length > 0) return { group, name, outcome: 'left out', reason: `needs ${missing.join(' and ')}` };
  try {
    // The line above has made sure of everything that the rule needs.
    await run(target as FullExamination);
    return { group, name, outcome: 'passed' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { group, name, outcome: error instanceof LeftOut ? 'left out' : 'failed', reason };
  }
}
