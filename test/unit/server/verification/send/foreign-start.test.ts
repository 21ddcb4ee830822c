/** A start at a number where somebody else is verifying: what each of the two is told, and which code they get. */
import { describe, expect, it } from 'vitest';
import { actor } from '../../../../support/attacker.js';
import { createStack, PHONE, withLongCodes, type Stack, type StackOptions } from '../../../../support/backend-stack.js';

const messages = (stack: Stack): number => stack.emulator.outbox.list().length;
const [home, office] = ['198.51.100.7', '203.0.113.9'];
const truth = { channel: 'whatsapp', expiresIn: 500, resendIn: 0 };
const fresh = { channel: 'sms', expiresIn: 600, resendIn: 30 };

/** What somebody is told at a number where a code went out by WhatsApp 100 seconds ago. Nothing is sent for that. */
async function told(starter: { user: string | null }, other: { user: string | null; address: string }) {
  // A wait that is longer than the test, so that a start finds the code and sends none.
  const stack = await createStack({ limits: { sends: { backoff: [30, 600] } } });
  const first = actor(stack, { ...starter, address: home });
  const { challenge } = (await first.contact({ to: PHONE, channel: 'whatsapp' })).body;
  stack.clock.advance(30);
  await first.resend({ challenge });
  stack.clock.advance(70);
  const { body } = await actor(stack, other).contact({ to: PHONE });
  expect(messages(stack)).toBe(2);
  const { channel, expiresIn, resendIn, methods } = body;
  return { channel, expiresIn, resendIn, call: methods.some((method) => method.channel === 'call') };
}

describe('at a number where somebody is verifying, the truth is told', () => {
  it.each([
    ['a user at another address', { user: 'ada' }, { user: 'ada', address: office }],
    ['a visitor at the same address', { user: null }, { user: null, address: home }],
  ])('to who began: %s', async (_, starter, other) => {
    expect(await told(starter, other)).toEqual({ ...truth, resendIn: 530, call: true });
  });

  it.each([
    ['another user at the same address', { user: 'ada' }, { user: 'bob', address: home }],
    ['a visitor at the same address', { user: 'ada' }, { user: null, address: home }],
    ['a visitor at another address', { user: null }, { user: null, address: office }],
    ['a user at the address of a visitor', { user: null }, { user: 'ada', address: home }],
  ])('and not to %s, who hears what is said of any number', async (_, starter, other) => {
    expect(await told(starter, other)).toEqual({ ...fresh, call: false });
  });
});

describe('once strangers have used up the wrong codes of a number', () => {
  /** A destination that has had all the wrong codes of six digits it may have in a day. */
  async function usedUp(options: StackOptions = {}, exchanged = 0) {
    const limits = { sends: { destination: 30, backoff: [] }, checks: { destination: 1 + exchanged, backoff: [] } };
    const stack = await createStack({ ...options, limits });
    const mallory = actor(stack, { user: 'mallory', address: office });
    const { challenge } = (await mallory.contact({ to: PHONE })).body;
    expect((await mallory.check(challenge, stack.wrongCode(PHONE))).problem).toBe('wrong-code');
    stack.events.length = 0;
    return { stack, ada: actor(stack, { user: 'ada' }) };
  }
  const about = (stack: Stack) => stack.events.filter(({ type }) => type === 'code-sent' || type === 'code-not-sent');

  it('nothing is sent, the wait is told, and the owner hears that once', async () => {
    const { stack, ada } = await usedUp();
    const { problem, body } = await ada.contact({ to: PHONE });
    expect([problem, body.retryIn, messages(stack)]).toEqual(['too-many-attempts', 86_400, 1]);
    expect(about(stack)).toMatchObject([{ type: 'code-not-sent', problem: 'too-many-attempts' }]);
  });

  it('a service for eight digits takes over: the code is one of its own, also when it is sent again', async () => {
    const { stack, ada } = await usedUp(withLongCodes, 1);
    const first = (await ada.contact({ to: PHONE })).body;
    expect([first.codeLength, first.expiresIn, messages(stack)]).toEqual([8, 600, 2]);
    const again = (await ada.resend({ challenge: first.challenge })).body;
    expect([again.codeLength, messages(stack)]).toEqual([8, 3]);
    expect((await ada.check(again.challenge, stack.code(PHONE))).status).toBe(200);
    expect(about(stack)).toMatchObject([
      { type: 'code-sent', resent: false },
      { type: 'code-sent', resent: true },
    ]);
  });

  it('who is at their own limit as well gets no longer code', async () => {
    const stack = await createStack({
      ...withLongCodes,
      limits: { sends: { destination: 30, backoff: [] }, checks: { destination: 2, subject: 1, backoff: [] } },
    });
    const mallory = actor(stack, { user: 'mallory' });
    const { challenge } = (await mallory.contact({ to: PHONE })).body;
    await mallory.check(challenge, stack.wrongCode(PHONE));
    expect((await mallory.contact({ to: PHONE })).problem).toBe('too-many-attempts');
    expect((await mallory.resend({ challenge })).problem).toBe('too-many-attempts');
    expect(messages(stack)).toBe(1);
  });

  it('a second factor has no longer code: its wrong codes are its user’s own', async () => {
    const stack = await createStack({
      ...withLongCodes,
      twoFactor: { required: 'always' },
      limits: { sends: { backoff: [] }, checks: { destination: 1, subject: 1, backoff: [] } },
    });
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    const ada = actor(stack, { user: 'ada' });
    const { challenge } = (await ada.twoFactor()).body;
    await ada.check(challenge, stack.wrongCode(PHONE));
    expect((await ada.twoFactor()).problem).toBe('too-many-attempts');
    expect(messages(stack)).toBe(1);
  });

  it('a longer code is worth nothing where its service is gone', async () => {
    const { stack, ada } = await usedUp(withLongCodes, 1);
    const { challenge } = (await ada.contact({ to: PHONE })).body;
    const without = await createStack({ sharing: stack, store: stack.store });
    expect((await without.as('ada').check(challenge, stack.code(PHONE))).problem).toBe('code-expired');
    expect((await without.as('ada').resend({ challenge })).problem).toBe('code-expired');
    expect((await ada.check(challenge, stack.code(PHONE))).status).toBe(200);
  });
});

describe('once the tries of one code are used up', () => {
  it('the next start cancels it and sends another, and before that it does not', async () => {
    const stack = await createStack({ limits: { sends: { backoff: [] }, checks: { verification: 2, backoff: [] } } });
    const [mallory, ada] = [actor(stack, { user: 'mallory', address: office }), actor(stack, { user: 'ada' })];
    const cancels = () => stack.calls().filter((call) => call.startsWith('POST /Verifications/')).length;
    const { challenge } = (await mallory.contact({ to: PHONE })).body;
    const first = stack.code(PHONE);
    await mallory.check(challenge, stack.wrongCode(PHONE));
    await ada.contact({ to: PHONE });
    expect([stack.code(PHONE), cancels()]).toEqual([first, 0]);
    await mallory.check(challenge, stack.wrongCode(PHONE));
    const { body } = await ada.contact({ to: PHONE });
    expect([body.expiresIn, cancels()]).toEqual([600, 1]);
    expect((await ada.check(body.challenge, stack.code(PHONE))).status).toBe(200);
  });
});
