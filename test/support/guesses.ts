/** Describes tests of guesses about Twilio: each has a name, and what a client sees under each of its values. */
import { describe, expect, it } from 'vitest';
import {
  createEmulator,
  type Assumptions,
  type EmulatorOptions,
  type ServiceOptions,
} from '../../src/emulator/index.js';
import { openAccount } from './emulator-account.js';
import { errorOf } from './emulator-client.js';

export type Account = ReturnType<typeof openAccount>;

/** What happens under a value: calls, and what the last of them must match. An error that the client throws is its result. */
type Case<T> = [value: T, act: (account: Account) => Promise<unknown>, result: unknown];

export type Guesses<Name extends keyof Assumptions> = { [Each in Name]: Case<Assumptions[Each]>[] };

/** Those that have a file of tests of their own. */
export type FactorAssumption =
  'wrongFactorCode' | 'wrongChallengeCode' | 'repeatedTotpCode' | 'codeForVerifiedFactor' | 'unverifiedFactorHours';

/** The result of a call, or the error that it throws. */
export const outcome = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

/** Each value leads to what its case says, and each value that the option takes has a case. */
export function describeGuesses(guesses: object, service: Partial<ServiceOptions> = {}): void {
  describe.each(Object.entries(guesses) as [string, Case<unknown>[]][])('the guess %s', (name, cases) => {
    it.each(cases)('%j leads to what it says', async (value, act, result) => {
      const options = { assume: { [name]: value }, wait: () => Promise.resolve() } as EmulatorOptions;
      expect(await act(openAccount(service, options))).toMatchObject(result as object);
    });

    it('is tested with every value that it can have', async () => {
      const wrong = { assume: { [name]: 'none of them' } } as unknown as EmulatorOptions;
      const { message } = await errorOf(Promise.resolve().then(() => createEmulator(wrong)));
      const [, list] = / must be one of (.+)\.$/.exec(message) ?? [];
      const possible = list === undefined ? undefined : (JSON.parse(`[${list}]`) as unknown[]);
      const tested = cases.map(([value]) => value);
      if (possible) expect(new Set(tested)).toEqual(new Set(possible));
      else if (message.endsWith(' must be true or false.')) expect(new Set(tested)).toEqual(new Set([true, false]));
      else expect(message).toContain(`assume.${name} must be`);
    });
  });
}
