/** Authenticator apps against a thief of the password, on every kind of account store. */
import { describe, expect, it } from 'vitest';
import { createStack, EMAIL, OTHER_PHONE } from '../../support/backend-stack.js';
import { accountPlaces } from '../../support/account-places.js';
import { recordAttack } from '../../support/attack-metrics.js';
import { actor, tally } from '../../support/attacker.js';

const app = { id: 'app', type: 'totp', name: 'Phone', reference: `YF${'1'.repeat(32)}`, addedAt: 7 } as const;

for (const { name, missing, empty } of await accountPlaces()) {
  describe.skipIf(missing)(`with accounts in ${name}`, () => {
    it('a user who has only an app is never asked to enrol the phone of a thief', async () => {
      const accounts = (await empty())();
      const stack = await createStack({ twoFactor: { required: 'always', email: true }, accounts });
      await accounts.factors.add('ada', app);
      const thief = actor(stack, { user: 'ada' });
      const anonymous = (await actor(stack).contact({ to: OTHER_PHONE })).body.challenge;
      const code = stack.code(OTHER_PHONE);
      const before = stack.calls().length;
      const tries = [
        await thief.contact({ to: OTHER_PHONE }),
        await thief.contact({ to: EMAIL }),
        await thief.resend({ challenge: anonymous }),
        await thief.check(anonymous, code),
      ];
      expect(tally(tries.map(({ problem }) => problem))).toEqual({ 'two-factor-needed': tries.length });
      expect((await thief.twoFactor()).problem).toBe('not-available');
      const calls = stack.calls().length - before;
      expect(calls).toBe(0);
      expect(await accounts.contacts('ada')).toEqual({ twoFactorRequired: false });
      // A session of hers that has passed it verifies a contact, and so does a user who has no factor.
      expect((await actor(stack, { user: 'ada+2' }).contact({ to: EMAIL })).status).toBe(201);
      expect((await actor(stack, { user: 'bob' }).contact({ to: OTHER_PHONE })).status).toBe(201);
      recordAttack({
        attack: `a thief with the password enrols a phone where only an app is a factor, accounts in ${name}`,
        budget: 0,
        accepted: tries.filter(({ problem }) => problem === null).length,
        calls,
      });
    });
  });
}

describe('accounts that cannot say which factors a user has', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['reject', () => Promise.reject(new Error('down'))],
    ['return no list', async () => undefined],
  ])('that %s: nothing is enrolled and nobody signs in without one', async (_, list) => {
    const stack = await createStack({ twoFactor: { required: 'by-account', email: false } });
    const factors = { ...stack.accounts.factors, list: list as typeof stack.accounts.factors.list };
    const failing = { ...stack.accounts, factors };
    const broken = await createStack({ sharing: stack, accounts: failing });
    const ada = actor(broken, { user: 'ada' });
    expect((await ada.contact({ to: OTHER_PHONE })).problem).toBe('unavailable');
    expect((await ada.twoFactor()).problem).toBe('unavailable');
    expect(stack.calls()).toEqual([]);
  });
});
