/** Where an attack test leaves its figures, for the table at the end of a run. It asserts nothing. */
import { appendFileSync } from 'node:fs';
import { expect, inject } from 'vitest';

/** One row of the table. What a row leaves out was not at stake. */
export interface Figure {
  attack: string;
  /** The most that may be accepted. */
  budget?: number;
  /** What was accepted: guesses heard, successes, sends. */
  accepted?: number;
  /** Calls that reached the emulator during the attack. */
  calls?: number;
  /** Messages, where the attack costs money. */
  sends?: number;
  note?: string;
}

/** A row as it is kept, with the test that it came from. */
export interface Row extends Figure {
  test: string;
}

/** What one message costs the owner, in USD: a round figure for an SMS with Verify's fee. */
export const PRICE = 0.05;

/** Adds a row. */
export function figure(row: Figure): void {
  const { testPath = '', currentTestName = '' } = expect.getState();
  const test = `${testPath.split('/').at(-1)} › ${currentTestName}`;
  appendFileSync(inject('figures'), `${JSON.stringify({ ...row, test } satisfies Row)}\n`);
}
