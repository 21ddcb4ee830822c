/** Whether a message has arrived, as the person who requested it is told: every status of Twilio's, and what is asked how often. */
import { describe, expect, it } from 'vitest';
import type { DeliveryStatus, Fault } from '../../../../../src/emulator/index.js';
import { actor } from '../../../../support/attacker.js';
import { createStack, EMAIL, PHONE, withLongCodes, type Stack } from '../../../../support/backend-stack.js';

const questions = (stack: Stack): number => stack.calls('/Attempts').length;

/** Starts a verification at a destination in this state, and asks what became of the message. */
async function ask(status: DeliveryStatus, channel = 'sms', fault?: Fault) {
  const stack = await createStack();
  const to = channel === 'email' ? EMAIL : PHONE;
  stack.emulator.deliveries.set(to, status);
  const visitor = actor(stack);
  const { challenge } = (await visitor.contact({ to, channel })).body;
  if (fault) stack.emulator.faults.add({ path: '/Attempts', ...fault });
  const { status: code, body } = await visitor.delivery(challenge);
  expect(code).toBe(200);
  return { stack, body };
}

describe('a person who requested a code', () => {
  it.each<[DeliveryStatus, string, string]>([
    ['delivered', 'sms', 'delivered'],
    ['delivered', 'call', 'delivered'],
    ['delivered', 'whatsapp', 'delivered'],
    ['delivered', 'email', 'delivered'],
    ['under-way', 'sms', 'under-way'],
    ['under-way', 'call', 'under-way'],
    ['switched-off', 'sms', 'undelivered'],
    ['switched-off', 'call', 'undelivered'],
    ['switched-off', 'whatsapp', 'under-way'],
    ['full', 'email', 'undelivered'],
    ['landline', 'sms', 'undelivered'],
    ['landline', 'call', 'delivered'],
    ['unknown', 'sms', 'undelivered'],
    ['unknown', 'call', 'undelivered'],
    ['blocked', 'sms', 'undelivered'],
    ['blocked', 'call', 'undelivered'],
    ['filtered', 'sms', 'undelivered'],
    ['failed', 'whatsapp', 'undelivered'],
  ])('to a destination that is %s, by %s, is told %s and nothing else', async (status, channel, delivery) => {
    expect((await ask(status, channel)).body).toEqual({ delivery });
  });

  const attempt = (channel_data: unknown): Fault => ({ status: 200, body: { channel_data } });
  it.each<[string, Fault]>([
    ['does not answer', { kind: 'reset-before' }],
    ['answers with half a response', { kind: 'broken-json' }],
    ['answers with a page', { kind: 'html-502' }],
    ['is asked too often', { code: 20429 }],
    ['does not find the message', { code: 20404 }],
    ['refuses the credentials', { code: 20003 }],
    ['answers about another message', attempt({ message_status: 'delivered' })],
  ])('is told unknown if Twilio %s', async (_, fault) => {
    const { stack, body } = await ask('delivered', 'sms', fault);
    expect(body).toEqual({ delivery: 'unknown' });
    expect(stack.events.filter(({ type }) => type === 'unavailable' || type === 'misconfigured')).toEqual([]);
  });

  it('is told about the message that was sent last, by their own resend', async () => {
    const stack = await createStack();
    const visitor = actor(stack);
    const first = (await visitor.contact({ to: PHONE })).body;
    expect((await visitor.delivery(first.challenge)).body).toEqual({ delivery: 'delivered' });
    stack.emulator.deliveries.set(PHONE, 'switched-off');
    stack.clock.advance(first.resendIn);
    const second = (await visitor.resend({ challenge: first.challenge })).body;
    expect((await visitor.delivery(second.challenge)).body).toEqual({ delivery: 'undelivered' });
    expect((await visitor.delivery(first.challenge)).body).toEqual({ delivery: 'delivered' });
  });

  it('is told in two-factor and of a code of eight digits as well', async () => {
    const stack = await createStack(withLongCodes);
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    await stack.accounts.setTwoFactorRequired('ada', true);
    stack.emulator.deliveries.set(PHONE, 'full');
    const ada = actor(stack, { user: 'ada' });
    const { challenge } = (await ada.twoFactor()).body;
    expect((await ada.delivery(challenge)).body).toEqual({ delivery: 'undelivered' });
  });

  it('is told of a message whose send got no answer, which was looked up', async () => {
    const stack = await createStack();
    stack.emulator.deliveries.set(PHONE, 'full');
    stack.emulator.faults.add({ path: '/Verifications', method: 'POST', kind: 'reset-after' });
    const visitor = actor(stack);
    const { challenge } = (await visitor.contact({ to: PHONE })).body;
    expect((await visitor.delivery(challenge)).body).toEqual({ delivery: 'undelivered' });
  });
});

describe('Twilio', () => {
  it('is asked at most once in ten seconds and ten times about a message; the former answer is repeated', async () => {
    const stack = await createStack();
    stack.emulator.deliveries.set(PHONE, 'under-way');
    const visitor = actor(stack);
    const { challenge } = (await visitor.contact({ to: PHONE })).body;
    const heard: string[] = [];
    for (let second = 0; second < 300; second += 1) {
      heard.push((await visitor.delivery(challenge)).body.delivery);
      stack.clock.advance(1);
    }
    expect(questions(stack)).toBe(10);
    expect(new Set(heard)).toEqual(new Set(['under-way']));
  });

  it('is asked once by many questions at one time', async () => {
    const stack = await createStack();
    const visitor = actor(stack);
    const { challenge } = (await visitor.contact({ to: PHONE })).body;
    await Promise.all(Array.from({ length: 50 }, () => visitor.delivery(challenge)));
    expect(questions(stack)).toBe(1);
    expect((await visitor.delivery(challenge)).body).toEqual({ delivery: 'delivered' });
  });

  it.each<DeliveryStatus>(['delivered', 'full'])('is not asked again once the answer is final: %s', async (status) => {
    const { stack } = await ask(status);
    const visitor = actor(stack);
    stack.clock.advance(30);
    expect(questions(stack)).toBe(1);
    expect(await visitor.delivery('made-up')).toMatchObject({ problem: 'invalid-challenge' });
    expect(questions(stack)).toBe(1);
  });

  it('is asked fifty times a minute by all, so that checks that broke off can still be looked up', async () => {
    const stack = await createStack({
      limits: { sends: { address: false, addressDestinations: false, prefix: false } },
    });
    const heard: string[] = [];
    for (let n = 0; n < 60; n += 1) {
      const visitor = actor(stack, { address: `203.0.${n}.9` });
      const { challenge } = (await visitor.contact({ to: `+4474001${10_000 + n}` })).body;
      heard.push((await visitor.delivery(challenge)).body.delivery);
    }
    expect(questions(stack)).toBe(50);
    expect(heard.slice(50)).toEqual(Array.from({ length: 10 }, () => 'unknown'));
  });

  it('may be slow or out of order for these questions, and codes are sent and checked all the same', async () => {
    const stack = await createStack();
    stack.emulator.faults.add({ path: '/Attempts', kind: 'reset-before', times: Infinity });
    const visitor = actor(stack);
    const { challenge } = (await visitor.contact({ to: PHONE })).body;
    for (let n = 0; n < 10; n += 1) {
      expect((await visitor.delivery(challenge)).body).toEqual({ delivery: 'unknown' });
      stack.clock.advance(10);
    }
    expect((await visitor.contact({ to: EMAIL })).status).toBe(201);
    expect((await visitor.check(challenge, stack.code(PHONE))).status).toBe(200);
  });
});

it('a question takes nothing from the budget of sends, and moves no wait', async () => {
  const answers = async (asks: boolean) => {
    const stack = await createStack();
    const visitor = actor(stack);
    const start = (await visitor.contact({ to: PHONE })).body;
    if (asks) for (let n = 0; n < 20; n += 1) await visitor.delivery(start.challenge);
    stack.clock.advance(start.resendIn);
    const { challenge: _, ...again } = (await visitor.resend({ challenge: start.challenge })).body;
    return again;
  };
  expect(await answers(true)).toEqual(await answers(false));
});
