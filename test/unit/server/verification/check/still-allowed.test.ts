/** What may have changed between the message and the check: the accounts, and who is signed in. A code proves nothing to somebody who may no longer ask. */
import { describe, expect, it } from 'vitest';
import type { Contact } from '../../../../../src/server/index.js';
import { createStack, OTHER_PHONE, PHONE, type StackOptions } from '../../../../support/backend-stack.js';

const CHECK = '/VerificationCheck';

/** Accounts that the test changes; `verified` is what they were told. */
function changingAccounts(phone?: string) {
  const state: { phone?: string | undefined; down: boolean } = { phone, down: false };
  const verified: Contact[] = [];
  const accounts: StackOptions['accounts'] = {
    contacts: () =>
      state.down
        ? Promise.reject(new Error('The accounts are down.'))
        : Promise.resolve({ twoFactorRequired: true, ...(state.phone === undefined ? {} : { phone: state.phone }) }),
    contactVerified: (_, contact) => Promise.resolve(void verified.push(contact)),
  };
  return { accounts, state, verified };
}

async function signingIn() {
  const { accounts, state, verified } = changingAccounts(PHONE);
  const stack = await createStack({ accounts, twoFactor: { required: 'always' } });
  const { challenge } = (await stack.as('ada').twoFactor()).body;
  return { stack, ada: stack.as('ada'), challenge, state, verified };
}

async function addingPhone() {
  const { accounts, state } = changingAccounts();
  const stack = await createStack({ accounts, twoFactor: { required: 'always' } });
  const { challenge } = (await stack.as('ada').contact({ to: PHONE })).body;
  return { stack, ada: stack.as('ada'), challenge, state };
}

describe('the code of a second factor', () => {
  it('proves nothing once the phone was removed from the account, and Twilio is not asked', async () => {
    const { stack, ada, challenge, state } = await signingIn();
    state.phone = undefined;
    expect((await ada.check(challenge, stack.code(PHONE))).problem).toBe('invalid-challenge');
    state.phone = OTHER_PHONE;
    expect((await ada.check(challenge, stack.code(PHONE))).problem).toBe('invalid-challenge');
    expect(stack.calls(CHECK)).toEqual([]);
  });

  it('is accepted by the same request once the phone is there again', async () => {
    const { stack, ada, challenge, state } = await signingIn();
    const key = 'k'.repeat(20);
    state.phone = undefined;
    expect((await ada.check(challenge, stack.code(PHONE), key)).problem).toBe('invalid-challenge');
    state.phone = PHONE;
    expect((await ada.check(challenge, stack.code(PHONE), key)).status).toBe(200);
  });

  it('proves nothing while the accounts are down, since nobody knows whose the phone is', async () => {
    const { stack, ada, challenge, state } = await signingIn();
    state.down = true;
    expect((await ada.check(challenge, stack.code(PHONE))).problem).toBe('unavailable');
    expect(stack.calls(CHECK)).toEqual([]);
  });

  it('wants its user: after signing out that is said as such', async () => {
    const { stack, challenge } = await signingIn();
    expect((await stack.as(null).check(challenge, stack.code(PHONE))).problem).toBe('unauthenticated');
    expect((await stack.as('bob').check(challenge, stack.code(PHONE))).problem).toBe('invalid-challenge');
    expect(stack.calls(CHECK)).toEqual([]);
  });

  it('tells the accounts of no new contact, and nobody which phone it was', async () => {
    const { stack, ada, challenge, verified } = await signingIn();
    const { status, body } = await ada.check(challenge, stack.code(PHONE));
    expect([status, Object.keys(body).sort()]).toEqual([200, ['expiresIn', 'proof', 'purpose']]);
    expect(await stack.verify(body.proof, { purpose: 'two-factor', subject: 'ada' })).not.toHaveProperty('contact');
    expect(verified).toEqual([]);
  });
});

describe('the code of a new contact', () => {
  it('proves nothing once the account has a second factor that the session has not passed', async () => {
    const { stack, ada, challenge, state } = await addingPhone();
    state.phone = OTHER_PHONE;
    expect((await ada.check(challenge, stack.code(PHONE))).problem).toBe('two-factor-needed');
    expect(stack.calls(CHECK)).toEqual([]);
    expect((await stack.as('ada+2').check(challenge, stack.code(PHONE))).status).toBe(200);
  });

  it('wants a user where nobody else may verify', async () => {
    const stack = await createStack({ anonymous: false });
    const { challenge } = (await stack.as('ada').contact({ to: PHONE })).body;
    expect((await stack.as(null).check(challenge, stack.code(PHONE))).problem).toBe('unauthenticated');
    expect(stack.calls(CHECK)).toEqual([]);
  });

  it('and a refusal for another reason than the code costs no guess, whatever was left behind', async () => {
    const { stack, ada, challenge, state } = await addingPhone();
    stack.emulator.faults.add({ path: CHECK, kind: 'reset-before' });
    stack.emulator.faults.add({ path: '/Attempts', kind: 'reset-before' });
    expect((await ada.check(challenge, stack.code(PHONE))).problem).toBe('unavailable');
    state.phone = OTHER_PHONE;
    for (let i = 0; i < 12; i += 1)
      expect((await ada.check(challenge, stack.wrongCode(PHONE))).problem).toBe('two-factor-needed');
  });
});
