/** Who must pass two-factor, and with which contact: the whole table. */
import { describe, expect, test } from 'vitest';
import type { VerifiedContacts } from '../../../../src/server/accounts/accounts.js';
import { memoryAccounts } from '../../../../src/server/accounts/memory.js';
import {
  mergeVerifiedContacts,
  twoFactorRequired,
  allowedFactors,
  type TwoFactorPolicy,
} from '../../../../src/server/identity/two-factor-policy.js';

const phone = { type: 'phone', value: '+14155552671' } as const;
const email = { type: 'email', value: 'ann@example.com' } as const;

describe('two-factor', () => {
  test.each([
    ['always', false, true],
    ['always', true, true],
    ['by-account', false, false],
    ['by-account', true, true],
    ['never', false, false],
    ['never', true, false],
  ] as const)('under the policy %s, with an account that says %s, is required: %s', (required, account, expected) => {
    expect(twoFactorRequired({ required, email: false }, { twoFactorRequired: account })).toBe(expected);
  });

  test.each([undefined, null, true, 'byAccount', 'Always', '', {}])(
    'under %j, which is no policy, is neither required nor not: the question throws',
    (required) => {
      const policy = { required, email: false } as unknown as TwoFactorPolicy;
      expect(() => twoFactorRequired(policy, { twoFactorRequired: false })).toThrow(
        new TypeError('required of a two-factor policy must be "always", "by-account" or "never".'),
      );
      expect(() => twoFactorRequired(required as never, { twoFactorRequired: true })).toThrow(TypeError);
    },
  );

  test('by account is not skipped where the contacts do not say whether it is required', () => {
    const policy = { required: 'by-account', email: false } as const;
    for (const contacts of [{}, { twoFactorRequired: 1 }, { twoFactorRequired: 'true' }, null]) {
      expect(() => twoFactorRequired(policy, contacts as unknown as VerifiedContacts)).toThrow(
        new TypeError('twoFactorRequired of a user must be true or false.'),
      );
    }
  });

  test('sends to the phone first, and to e-mail only if the host allows it', () => {
    const both = { phone: phone.value, email: email.value, twoFactorRequired: true };
    expect(allowedFactors({ required: 'always', email: true }, both)).toEqual([phone, email]);
    expect(allowedFactors({ required: 'always', email: false }, both)).toEqual([phone]);
    const address = { email: email.value, twoFactorRequired: true };
    expect(allowedFactors({ required: 'always', email: false }, address)).toEqual([]);
    expect(allowedFactors({ required: 'always', email: true }, address)).toEqual([email]);
    expect(allowedFactors({ required: 'always', email: true }, { twoFactorRequired: true })).toEqual([]);
  });

  test('takes each property from the identity, and from the accounts if the identity has none', async () => {
    const accounts = memoryAccounts();
    await accounts.contactVerified('ann', phone);
    await accounts.setTwoFactorRequired('ann', true);
    const known = { phone: phone.value, twoFactorRequired: true };
    expect(await mergeVerifiedContacts({ id: 'ann' }, accounts)).toEqual(known);
    expect(await mergeVerifiedContacts({ id: 'ann', contacts: {} }, accounts)).toEqual(known);
    const silent = { phone: undefined, twoFactorRequired: undefined };
    expect(await mergeVerifiedContacts({ id: 'ann', contacts: silent }, accounts)).toEqual(known);
    expect(await mergeVerifiedContacts({ id: 'ann', contacts: { email: email.value } }, accounts)).toEqual({
      ...known,
      email: email.value,
    });
    expect((await mergeVerifiedContacts({ id: 'ann', contacts: { phone: '+447911123456' } }, accounts)).phone).toBe(
      '+447911123456',
    );
    expect(await mergeVerifiedContacts({ id: 'bob' })).toEqual({ twoFactorRequired: false });
  });

  test('fails if the accounts are unreachable, and is never "not required"', async () => {
    const accounts = memoryAccounts();
    accounts.contacts = () => Promise.reject(new Error('down'));
    await expect(
      mergeVerifiedContacts({ id: 'ann', contacts: { twoFactorRequired: false } }, accounts),
    ).rejects.toThrow('down');
  });
});
