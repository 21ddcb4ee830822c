/** The values that were checked are the values that are used: those of getters, of what an object inherits, and of a time before a change. */
import { describe, expect, it } from 'vitest';
import { twoFactorRequired, type TwoFactorPolicy } from '../../../../src/server/index.js';
import { actor } from '../../../support/attacker.js';
import { createStack, OTHER_PHONE, PHONE } from '../../../support/backend-stack.js';

/** As classes of a database library have them: on the prototype, and not of the object itself. */
const withGetters = <T extends object>(values: T): T =>
  Object.create(
    Object.defineProperties(
      {},
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { get: () => value as unknown }])),
    ),
  ) as T;

const inherited = <T extends object>(values: T): T => Object.create(values) as T;

describe('a policy', () => {
  it.each<[string, TwoFactorPolicy]>([
    ['that is an object with getters', withGetters<TwoFactorPolicy>({ required: 'always', email: false })],
    ['that inherits its values', inherited<TwoFactorPolicy>({ required: 'always', email: false })],
  ])('%s holds for each request', async (_, twoFactor) => {
    const stack = await createStack({ twoFactor });
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    const ada = actor(stack, { user: 'ada' });
    expect((await ada.contact({ to: OTHER_PHONE })).problem).toBe('two-factor-needed');
    expect((await ada.twoFactor({})).status).toBe(201);
    expect(twoFactorRequired(twoFactor, await stack.accounts.contacts('ada'))).toBe(true);
  });

  it('that is changed after the creation stays as it was checked', async () => {
    const twoFactor: { required: 'always' | 'never' } = { required: 'always' };
    const stack = await createStack({ twoFactor });
    twoFactor.required = 'never';
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    expect((await actor(stack, { user: 'ada' }).contact({ to: OTHER_PHONE })).problem).toBe('two-factor-needed');
  });
});

describe('a limit', () => {
  it('that is inherited holds', async () => {
    const stack = await createStack({ limits: { sends: inherited({ total: { perHour: 1 } }) } });
    const ada = actor(stack, { user: 'ada' });
    expect((await ada.contact({ to: PHONE })).status).toBe(201);
    expect((await ada.contact({ to: OTHER_PHONE })).problem).toBe('too-many-sends');
  });
});

describe('a row of the host’s users', () => {
  const user = withGetters({ phone: PHONE, twoFactorRequired: true });

  it.each([
    ['with getters', user],
    ['that inherits its columns', inherited({ phone: PHONE, twoFactorRequired: true })],
  ])('%s has a second factor', async (_, row) => {
    const accounts = { contacts: () => Promise.resolve(row), contactVerified: () => Promise.resolve() };
    const stack = await createStack({ accounts });
    const ada = actor(stack, { user: 'ada' });
    expect((await ada.contact({ to: OTHER_PHONE })).problem).toBe('two-factor-needed');
    expect((await ada.twoFactor({})).status).toBe(201);
  });

  it('keeps the phone that an identity says nothing of', async () => {
    const accounts = { contacts: () => Promise.resolve(user), contactVerified: () => Promise.resolve() };
    for (const phone of [undefined, null]) {
      const contacts = { phone } as unknown as { phone?: string };
      const stack = await createStack({ accounts, identify: () => ({ id: 'ada', contacts }) });
      expect((await actor(stack, { user: 'ada' }).contact({ to: OTHER_PHONE })).problem).toBe('two-factor-needed');
    }
  });
});
