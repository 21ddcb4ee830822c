/** What a person is told after a message that never left, a code that was used, and a code that was renewed. */
import { describe, expect, it } from 'vitest';
import { createStack, PHONE, type Stack } from '../../../../support/backend-stack.js';

const SEND = '/Verifications';
const messages = (stack: Stack) => stack.emulator.outbox.list().length;

async function started() {
  const stack = await createStack();
  const ask = stack.as('ada');
  const first = (await ask.contact({ to: PHONE })).body;
  return { stack, ask, first };
}

describe('a resend without an answer that nobody could look up', () => {
  it('is sent again if nothing went out: nobody is told of a message that never left, and it is counted once', async () => {
    const { stack, ask, first } = await started();
    stack.clock.advance(30);
    stack.emulator.faults.add({ path: SEND, method: 'POST', kind: 'reset-before' });
    stack.emulator.faults.add({ path: SEND, method: 'GET', kind: 'reset-before' });
    expect((await ask.resend({ challenge: first.challenge })).problem).toBe('unavailable');
    const again = await ask.resend({ challenge: first.challenge });
    expect([again.status, messages(stack)]).toEqual([200, 2]);
    // The second wait of the backoff, as after two sends and not after three.
    expect(again.body.resendIn).toBe(40);
    expect(stack.events.filter(({ type }) => type === 'code-sent')).toHaveLength(2);
  });

  it('is not sent again if it went out', async () => {
    const { stack, ask, first } = await started();
    stack.clock.advance(30);
    stack.emulator.faults.add({ path: SEND, method: 'POST', kind: 'reset-after' });
    stack.emulator.faults.add({ path: SEND, method: 'GET', kind: 'reset-before' });
    expect((await ask.resend({ challenge: first.challenge })).problem).toBe('unavailable');
    expect((await ask.resend({ challenge: first.challenge })).status).toBe(200);
    expect(messages(stack)).toBe(2);
  });
});

it('a start after the wait is another message, and not the one that is there', async () => {
  const { stack, ask } = await started();
  stack.clock.advance(30);
  const { body } = await ask.contact({ to: PHONE });
  expect([body.resendIn, body.expiresIn, messages(stack)]).toEqual([40, 570, 2]);
});

it('a code that was used is offered to nobody again: the next start waits, and then sends a new one', async () => {
  const { stack, ask, first } = await started();
  const used = stack.code(PHONE);
  expect((await ask.check(first.challenge, used)).status).toBe(200);
  for (const who of ['ada', 'bob', null]) {
    const early = await stack.as(who).contact({ to: PHONE });
    expect([early.problem, early.body.retryIn]).toEqual(['resend-too-soon', 30]);
  }
  stack.clock.advance(30);
  const { body } = await stack.as('bob').contact({ to: PHONE });
  expect([body.expiresIn, messages(stack)]).toEqual([600, 2]);
  expect((await stack.as('bob').check(body.challenge, stack.code(PHONE))).status).toBe(200);
});

describe('the answer to one idempotency key', () => {
  const key = 'k'.repeat(20);

  it('is not that of the code before the renewal', async () => {
    const { stack, ask, first } = await started();
    stack.clock.advance(479);
    expect((await ask.check(first.challenge, stack.wrongCode(PHONE), key)).problem).toBe('wrong-code');
    stack.clock.advance(1);
    const { body } = await ask.resend({ challenge: first.challenge });
    expect((await ask.check(body.challenge, stack.code(PHONE), key)).status).toBe(200);
  });

  it('stays the same while the code does', async () => {
    const { stack, ask, first } = await started();
    const wrong = stack.wrongCode(PHONE);
    const before = await ask.check(first.challenge, wrong, key);
    stack.clock.advance(30);
    const { body } = await ask.resend({ challenge: first.challenge });
    expect((await ask.check(body.challenge, wrong, key)).body.attemptsLeft).toBe(before.body.attemptsLeft);
    expect(stack.calls('/VerificationCheck')).toHaveLength(1);
  });
});
