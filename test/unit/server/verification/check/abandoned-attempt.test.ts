/** An answer that never arrived, and a page that was reloaded since: its idempotency key is gone. Nothing is lost, and there is a way on. */
import { describe, expect, it } from 'vitest';
import { memoryAccounts } from '../../../../../src/server/index.js';
import { createStack, PHONE, type StackOptions } from '../../../../support/backend-stack.js';

/** Accounts that can be taken away. */
function fragileAccounts() {
  const accounts = memoryAccounts();
  const switched = { down: false, told: 0 };
  const fragile: StackOptions['accounts'] = {
    contacts: (id) => accounts.contacts(id),
    async contactVerified(id, contact) {
      switched.told += 1;
      if (switched.down) throw new Error('The accounts are down.');
      await accounts.contactVerified(id, contact);
    },
  };
  return { accounts, fragile, switched };
}

/** The user Ada, whose code was right while the accounts were down. */
async function untold() {
  const { accounts, fragile, switched } = fragileAccounts();
  const stack = await createStack({ accounts: fragile });
  const ask = stack.as('ada');
  const { challenge } = (await ask.contact({ to: PHONE })).body;
  const code = stack.code(PHONE);
  switched.down = true;
  expect((await ask.check(challenge, code)).problem).toBe('unavailable');
  return { stack, ask, challenge, code, accounts, switched };
}

describe('an approval that the accounts were never told of', () => {
  it('is told by the same code under another key, without Twilio', async () => {
    const { stack, ask, challenge, code, accounts, switched } = await untold();
    expect((await ask.check(challenge, code)).problem).toBe('unavailable');
    switched.down = false;
    const { status, body } = await ask.check(challenge, code);
    expect(status).toBe(200);
    expect(await stack.verify(body.proof, { subject: 'ada' })).toMatchObject({ contact: { value: PHONE } });
    expect(await accounts.contacts('ada')).toMatchObject({ phone: PHONE });
    expect(stack.calls('/VerificationCheck')).toHaveLength(1);
    expect((await ask.check(challenge, code)).problem).toBe('invalid-challenge');
  });

  it('costs no guess, however often it is tried before the accounts are back', async () => {
    const { ask, challenge, code, switched } = await untold();
    for (let i = 0; i < 12; i += 1) expect((await ask.check(challenge, code)).problem).toBe('unavailable');
    switched.down = false;
    expect((await ask.check(challenge, code)).status).toBe(200);
  });

  it('gives one proof, however many keys come for it at once', async () => {
    const { stack, ask, challenge, code, switched } = await untold();
    switched.down = false;
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask.check(challenge, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(stack.calls('/VerificationCheck')).toHaveLength(1);
  });

  it('is nothing to guess at: another code is refused as ever, and counted', async () => {
    const { stack, ask, challenge, code, accounts, switched } = await untold();
    switched.down = false;
    const wrong = stack.wrongCode(PHONE);
    const problems: (string | null)[] = [];
    for (let i = 0; i < 6; i += 1) problems.push((await ask.check(challenge, wrong)).problem);
    expect(new Set(problems)).toEqual(new Set(['invalid-challenge', 'too-many-attempts']));
    expect(problems.at(-1)).toBe('too-many-attempts');
    expect((await stack.as('mallory').check(challenge, code)).problem).toBe('invalid-challenge');
    expect(await accounts.contacts('mallory')).toEqual({ twoFactorRequired: false });
    expect(stack.calls('/VerificationCheck')).toHaveLength(1);
  });

  it('belongs to its own challenge: another one of the same person at the same number does not inherit it', async () => {
    const { accounts, fragile, switched } = fragileAccounts();
    const stack = await createStack({ accounts: fragile });
    const ask = stack.as('ada');
    const first = (await ask.contact({ to: PHONE })).body.challenge;
    const second = (await ask.contact({ to: PHONE })).body.challenge;
    switched.down = true;
    await ask.check(first, stack.code(PHONE));
    switched.down = false;
    expect((await ask.check(second, stack.code(PHONE))).problem).toBe('code-expired');
    expect(await accounts.contacts('ada')).toEqual({ twoFactorRequired: false });
  });
});

describe('a check that Twilio approved and nobody could be told of', () => {
  it('is found out by the same code under another key, also after the code has expired', async () => {
    for (const seconds of [5, 630]) {
      const stack = await createStack();
      const ask = stack.as('ada');
      const { challenge } = (await ask.contact({ to: PHONE })).body;
      const code = stack.code(PHONE);
      stack.emulator.faults.add({ path: '/VerificationCheck', kind: 'reset-after' });
      stack.emulator.faults.add({ path: '/Attempts', kind: 'reset-before' });
      expect((await ask.check(challenge, code)).problem).toBe('unavailable');
      stack.clock.advance(seconds);
      const { status, body } = await ask.check(challenge, code);
      expect(status).toBe(200);
      expect((await stack.verify(body.proof, { subject: 'ada' })).contact).toEqual({ type: 'phone', value: PHONE });
      expect(stack.calls('/VerificationCheck')).toHaveLength(1);
    }
  });

  it('proves nothing to another code', async () => {
    const stack = await createStack();
    const ask = stack.as('ada');
    const { challenge } = (await ask.contact({ to: PHONE })).body;
    const wrong = stack.wrongCode(PHONE);
    stack.emulator.faults.add({ path: '/VerificationCheck', kind: 'reset-after' });
    stack.emulator.faults.add({ path: '/Attempts', kind: 'reset-before' });
    await ask.check(challenge, stack.code(PHONE));
    expect((await ask.check(challenge, wrong)).problem).toBe('code-expired');
  });
});

describe('an answer that was given and did not arrive', () => {
  it('leaves the account told, and the next code proves the same contact again', async () => {
    const stack = await createStack();
    const ask = stack.as('ada');
    const { challenge } = (await ask.contact({ to: PHONE })).body;
    expect((await ask.check(challenge, stack.code(PHONE))).status).toBe(200);
    expect(await stack.accounts.contacts('ada')).toMatchObject({ phone: PHONE });
    // After the reload there is another key; a code proves something once.
    expect((await ask.check(challenge, stack.code(PHONE))).problem).toBe('invalid-challenge');
    const soon = await ask.contact({ to: PHONE });
    expect([soon.problem, soon.body.retryIn]).toEqual(['resend-too-soon', 30]);
    stack.clock.advance(30);
    const again = (await ask.contact({ to: PHONE })).body;
    expect((await ask.check(again.challenge, stack.code(PHONE))).status).toBe(200);
    expect(await stack.accounts.contacts('ada')).toMatchObject({ phone: PHONE });
  });

  it('of who enrolled a first factor: the factor is there, and signing in goes by it', async () => {
    const stack = await createStack({ twoFactor: { required: 'always' } });
    const ask = stack.as('ada');
    const { challenge } = (await ask.contact({ to: PHONE })).body;
    expect((await ask.check(challenge, stack.code(PHONE))).status).toBe(200);
    // The page starts over: the account has its factor now, so what comes next is two-factor, at once and at that phone.
    expect((await ask.contact({ to: PHONE })).problem).toBe('two-factor-needed');
    const factor = (await ask.twoFactor()).body;
    expect(factor.to).toBe('•••• 71');
    expect((await ask.check(factor.challenge, stack.code(PHONE))).status).toBe(200);
  });

  it('of two-factor: after the wait another code opens the door', async () => {
    const stack = await createStack({ twoFactor: { required: 'always' } });
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    const ask = stack.as('ada');
    const { challenge } = (await ask.twoFactor()).body;
    await ask.check(challenge, stack.code(PHONE));
    expect((await ask.check(challenge, stack.code(PHONE))).problem).toBe('invalid-challenge');
    stack.clock.advance((await ask.twoFactor()).body.retryIn ?? 0);
    const again = (await ask.twoFactor()).body;
    expect((await ask.check(again.challenge, stack.code(PHONE))).status).toBe(200);
  });
});
