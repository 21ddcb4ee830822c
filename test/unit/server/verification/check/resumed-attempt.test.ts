/** A request that comes again after an earlier one failed on the way: what Twilio approved is found out, and asked for no more than needed. */
import { describe, expect, it } from 'vitest';
import { memoryAccounts, memoryStore } from '../../../../../src/server/index.js';
import { createStack, PHONE, type StackOptions } from '../../../../support/backend-stack.js';

const CHECK = '/VerificationCheck';
const LIST = '/Attempts';
const key = 'k'.repeat(20);

async function started(options: StackOptions = {}, user: string | null = 'ada') {
  const stack = await createStack(options);
  const { challenge } = (await stack.as(user).contact({ to: PHONE })).body;
  return { stack, ask: stack.as(user), challenge };
}

/** A person whose right code got no answer, because Twilio's was lost and nothing could be looked up. */
async function unanswered(
  kind: 'reset-before' | 'reset-after',
  options: StackOptions = {},
  user: string | null = 'ada',
) {
  const { stack, ask, challenge } = await started(options, user);
  stack.emulator.faults.add({ path: CHECK, kind });
  stack.emulator.faults.add({ path: LIST, kind: 'reset-before' });
  expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('unavailable');
  const calls = stack.calls().length;
  return { stack, ask, challenge, since: () => stack.calls().slice(calls) };
}

/** A store with a person at the code step. Of the changes that follow, the first consumes the verification, the second records the approval. */
async function startedWith(failing: number[], options: StackOptions = {}) {
  const store = memoryStore();
  const parts = await started({ store, ...options });
  const works = store.compareAndSet.bind(store);
  let changes = 0;
  store.compareAndSet = (...change) =>
    failing.includes((changes += 1)) ? Promise.reject(new Error('gone')) : works(...change);
  return parts;
}

describe('a check without an answer', () => {
  it('stays open while Twilio’s list is out of reach: the code is not submitted again', async () => {
    const { stack, ask, challenge, since } = await unanswered('reset-after');
    for (let i = 0; i < 2; i += 1) {
      stack.emulator.faults.add({ path: LIST, kind: 'reset-before' });
      expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('unavailable');
    }
    expect(since()).toEqual(['GET /Attempts', 'GET /Attempts']);
    expect((await ask.check(challenge, stack.code(PHONE), key)).status).toBe(200);
  });

  it('asks for the list once before the code is submitted again, and not after Twilio’s refusal', async () => {
    const { stack, ask, challenge, since } = await unanswered('reset-before');
    stack.emulator.faults.add({ path: CHECK, status: 429, code: 20429 });
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('unavailable');
    expect(since()).toEqual(['GET /Attempts', 'POST /VerificationCheck']);
  });

  it('is not asked about again and again once Twilio said no and a limit refuses', async () => {
    const { stack, ask, challenge } = await started();
    for (let i = 0; i < 2; i += 1) await ask.check(challenge, stack.wrongCode(PHONE));
    stack.emulator.faults.add({ path: CHECK, kind: 'reset-before' });
    stack.emulator.faults.add({ path: LIST, kind: 'reset-before' });
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('unavailable');
    const calls = stack.calls().length;
    for (let i = 0; i < 5; i += 1)
      expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('too-many-attempts');
    expect(stack.calls().slice(calls)).toEqual(['GET /Attempts']);
    stack.clock.advance(30);
    expect((await ask.check(challenge, stack.code(PHONE), key)).status).toBe(200);
  });

  it('that is refused when it comes again keeps nobody else waiting', async () => {
    const { stack, ask, challenge } = await started({ limits: { checks: { subject: 1 } } });
    const his = (await stack.as('bob').contact({ to: PHONE })).body.challenge;
    stack.emulator.faults.add({ path: CHECK, kind: 'reset-before' });
    stack.emulator.faults.add({ path: LIST, kind: 'reset-before' });
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('unavailable');
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('too-many-attempts');
    expect((await stack.as('bob').check(his, stack.code(PHONE))).status).toBe(200);
  });

  it('has ended under every key, once Twilio said no and the code has expired', async () => {
    const { stack, ask, challenge } = await unanswered('reset-before');
    stack.clock.advance(600);
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('code-expired');
    expect((await ask.check(challenge, stack.code(PHONE))).problem).toBe('code-expired');
  });

  it('is found out after the accounts were down for a while as well', async () => {
    const accounts = memoryAccounts();
    let down = false;
    const { stack, ask, challenge } = await unanswered('reset-after', {
      twoFactor: { required: 'always' },
      accounts: {
        contacts: (id) => (down ? Promise.reject(new Error('down')) : accounts.contacts(id)),
        contactVerified: (id, contact) => accounts.contactVerified(id, contact),
      },
    });
    down = true;
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('unavailable');
    down = false;
    stack.clock.advance(600);
    expect((await ask.check(challenge, stack.code(PHONE), key)).status).toBe(200);
    expect(stack.calls(CHECK)).toHaveLength(1);
  });

  it('whose factor is gone is refused as such', async () => {
    let phone: string | undefined = PHONE;
    const stack = await createStack({
      twoFactor: { required: 'always' },
      accounts: {
        contacts: () => Promise.resolve({ twoFactorRequired: true, ...(phone === undefined ? {} : { phone }) }),
        contactVerified: () => Promise.resolve(),
      },
    });
    const ask = stack.as('ada');
    const { challenge } = (await ask.twoFactor()).body;
    stack.emulator.faults.add({ path: CHECK, kind: 'reset-after' });
    stack.emulator.faults.add({ path: LIST, kind: 'reset-before' });
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('unavailable');
    phone = undefined;
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('invalid-challenge');
  });

  it('of nobody is not resumed by who has signed in since: they would get another’s approval', async () => {
    const { stack, challenge } = await unanswered('reset-after', {}, null);
    expect((await stack.as('ada').check(challenge, stack.code(PHONE))).problem).toBe('code-expired');
    expect(await stack.accounts.contacts('ada')).toEqual({ twoFactorRequired: false });
    expect((await stack.as(null).check(challenge, stack.code(PHONE), key)).status).toBe(200);
  });
});

describe('a request that died', () => {
  it('is resumed by the same code under another key once its call must be over, and not before', async () => {
    // The change that would consume the verification fails, and nothing is marked.
    const { stack, ask, challenge } = await startedWith([1]);
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('unavailable');
    stack.clock.advance(20);
    expect((await ask.check(challenge, stack.code(PHONE))).problem).toBe('unavailable');
    stack.clock.advance(1);
    expect((await ask.check(challenge, stack.code(PHONE))).status).toBe(200);
    expect(stack.calls(CHECK)).toHaveLength(1);
  });

  it('is nothing to guess at for long: the refusal says how long the wait is', async () => {
    const { stack, ask, challenge } = await started({
      accounts: {
        contacts: (id) => memoryAccounts().contacts(id),
        contactVerified: () => Promise.reject(new Error('down')),
      },
    });
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('unavailable');
    const wrong = stack.wrongCode(PHONE);
    for (let i = 0; i < 3; i += 1) expect((await ask.check(challenge, wrong)).problem).toBe('invalid-challenge');
    const { problem, body } = await ask.check(challenge, wrong);
    expect([problem, body.retryIn]).toEqual(['too-many-attempts', 30]);
  });
});

describe('a store that fails once after Twilio’s yes', () => {
  it.each([
    [1, 'before the verification is consumed'],
    [2, 'before the approval is recorded'],
  ])('(change %i, %s) loses nothing, and the approval is told once', async (n) => {
    const { stack, ask, challenge } = await startedWith([n]);
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('unavailable');
    stack.clock.advance(21);
    const { status, body } = await ask.check(challenge, stack.code(PHONE), key);
    expect(status).toBe(200);
    expect((await stack.verify(body.proof, { subject: 'ada' })).contact).toEqual({ type: 'phone', value: PHONE });
    expect(stack.calls(CHECK)).toHaveLength(1);
    expect(stack.events.filter(({ type }) => type === 'code-checked')).toMatchObject([{ approved: true }]);
  });

  it('and again when the same request comes back, loses nothing either', async () => {
    const { stack, ask, challenge } = await startedWith([2, 5]);
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('unavailable');
    stack.clock.advance(21);
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('unavailable');
    stack.clock.advance(600);
    expect((await ask.check(challenge, stack.code(PHONE), key)).status).toBe(200);
    expect(stack.calls(CHECK)).toHaveLength(1);
  });

  it('keeps an approval for a day that the accounts could not be told of, even if that could not be marked', async () => {
    const accounts = memoryAccounts();
    let down = true;
    const { stack, ask, challenge } = await startedWith([3], {
      accounts: {
        contacts: (id) => accounts.contacts(id),
        contactVerified: (id, contact) =>
          down ? Promise.reject(new Error('down')) : accounts.contactVerified(id, contact),
      },
    });
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('unavailable');
    down = false;
    stack.clock.advance(3600);
    expect((await ask.check(challenge, stack.code(PHONE), key)).status).toBe(200);
    expect(await accounts.contacts('ada')).toMatchObject({ phone: PHONE });
  });
});
