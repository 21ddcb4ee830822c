/** Records what an attack achieved, for the table at the end of a run. Asserts nothing. */
import { appendFileSync } from 'node:fs';
import { expect, inject } from 'vitest';

/** One row of the table. A missing value does not apply to the attack. */
export interface AttackMetrics {
  attack: string;
  /** The maximum that may be accepted. */
  budget?: number;
  /** What was accepted: guesses that reached Twilio, successes or sends. */
  accepted?: number;
  /** Calls that reached the emulator during the attack. */
  calls?: number;
  /** Messages, where the attack costs money. */
  sends?: number;
  note?: string;
}

/** A row with the test that it came from. */
export interface Row extends AttackMetrics {
  test: string;
}

/** The cost of one message in USD: a round figure for an SMS with Verify's fee. */
export const PRICE = 0.05;

/** Adds a row. */
export function recordAttack(row: AttackMetrics): void {
  const { testPath = '', currentTestName = '' } = expect.getState();
  const test = `${testPath.split('/').at(-1)} › ${currentTestName}`;
  appendFileSync(inject('attackMetrics'), `${JSON.stringify({ ...row, test } satisfies Row)}\n`);
}
