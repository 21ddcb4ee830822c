/** A start at a number where somebody else is verifying: what each of the two is told, and which code they get. */
import { describe, expect, it } from 'vitest';
import { actor } from '../../../../support/attacker.js';
import { createStack, OTHER_PHONE, PHONE, type Stack } from '../../../../support/backend-stack.js';

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

describe('whoever has used up their own sends', () => {
  /** Users who may send to one number a day, and ada, who has done so. */
  async function withOneSend() {
    const stack = await createStack({ limits: { sends: { subject: 1, backoff: [30, 600] } } });
    const as = (user: string) => actor(stack, { user, address: office });
    const { challenge } = (await as('ada').contact({ to: PHONE })).body;
    return { stack, as, challenge };
  }

  it('gets no code at a number where somebody else is verifying, as at any other', async () => {
    const { stack, as } = await withOneSend();
    await as('bob').contact({ to: OTHER_PHONE });
    expect((await as('bob').contact({ to: PHONE })).problem).toBe('too-many-sends');
    expect(messages(stack)).toBe(2);
  });

  it('finds the code that they started themselves', async () => {
    const { stack, as } = await withOneSend();
    expect((await as('ada').contact({ to: PHONE })).status).toBe(201);
    expect(messages(stack)).toBe(1);
  });

  it('keeps no other stranger from the code that is there', async () => {
    const { stack, as } = await withOneSend();
    const { body, status } = await as('carol').contact({ to: PHONE });
    expect([status, messages(stack)]).toEqual([201, 1]);
    expect((await as('carol').check(body.challenge, stack.code(PHONE))).status).toBe(200);
  });
});

it('whoever asks for another message is told the truth of it, also if somebody else began', async () => {
  const stack = await createStack();
  await actor(stack, { user: 'ada' }).contact({ to: PHONE });
  stack.clock.advance(10);
  const bob = actor(stack, { user: 'bob', address: office });
  const { challenge, expiresIn } = (await bob.contact({ to: PHONE })).body;
  expect(expiresIn).toBe(600);
  stack.clock.advance(30);
  const { body } = await bob.resend({ challenge });
  expect([body.expiresIn, body.resendIn, messages(stack)]).toEqual([560, 40, 2]);
  expect(body.methods.some(({ channel }) => channel === 'call')).toBe(true);
  // The code stays that of who began.
  expect((await actor(stack, { user: 'ada' }).contact({ to: PHONE })).body.expiresIn).toBe(560);
});

describe.each([
  ['may send at once', []],
  ['would have to wait for the next message', [600]],
])('a code that expires the moment it could be checked, for a person who %s', (_, backoff) => {
  it('is neither offered nor sent again: they are told the wait', async () => {
    const stack = await createStack({ limits: { sends: { backoff }, checks: { backoff: [300] } } });
    const mallory = actor(stack, { user: 'mallory', address: office });
    const { challenge } = (await mallory.contact({ to: PHONE })).body;
    stack.clock.advance(300);
    await mallory.check(challenge, stack.wrongCode(PHONE));
    const { problem, body } = await actor(stack, { user: 'ada' }).contact({ to: PHONE });
    expect([problem, body.retryIn, messages(stack)]).toEqual(['too-many-attempts', 300, 1]);
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
