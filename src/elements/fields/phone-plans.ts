/** Loads numbering plans by calling code, and keeps them for all elements. */
import { planFiles } from '../numbering/plan-files.js';
import { readPlan, type NumberingPlan } from '../numbering/plan.js';
import { callingCodes } from './countries.js';

/** By calling code. Without plans there is no such code. */
const plansByCode = new Map<string, readonly NumberingPlan[] | undefined>(
  [...callingCodes.values()].map((code) => [code, undefined]),
);

/** The plans of a calling code, the main country first. Undefined until they are loaded, null if there is no such code. */
export function findPlans(callingCode: string): readonly NumberingPlan[] | undefined | null {
  return plansByCode.has(callingCode) ? plansByCode.get(callingCode) : null;
}

export function findPlan(country: string): NumberingPlan | undefined {
  return findPlans(callingCodes.get(country) ?? '')?.find((plan) => plan.country === country);
}

/** Rejects if the file cannot load. */
export async function loadPlans(callingCode: string): Promise<void> {
  const [, load] = planFiles.findLast(([first]) => first <= callingCode)!;
  const { default: plans } = await load();
  let code = '';
  let group: NumberingPlan[] = [];
  for (const row of plans.split('\n')) {
    if (/\d$/.test(row) && !row.includes(';')) plansByCode.set((code = row), (group = []));
    else group.push(readPlan(row, code, group[0]));
  }
}
