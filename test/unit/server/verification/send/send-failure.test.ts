/** A send that fails: what Twilio is asked afterwards, what the limits count, and what the person is told. */
import { describe, expect, it } from 'vitest';
import { createStack, PHONE, type Stack } from '../../../../support/backend-stack.js';

const SEND = '/Verifications';

const sends = (stack: Stack): number => stack.emulator.outbox.list().length;

describe('a send that Twilio did not answer', () => {
  it('is looked up by its number, and counts if it went out', async () => {
    const stack = await createStack();
    stack.emulator.faults.add({ path: SEND, kind: 'reset-after' });
    const { status, body } = await stack.as(null).contact({ to: PHONE });
    expect(status).toBe(201);
    expect(sends(stack)).toBe(1);
    expect((await stack.as(null).check(body.challenge, stack.code(PHONE))).status).toBe(200);
  });

  it('that did not go out is refunded', async () => {
    const stack = await createStack();
    stack.emulator.faults.add({ path: SEND, method: 'POST', kind: 'reset-before' });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('unavailable');
    expect((await stack.as(null).contact({ to: PHONE })).status).toBe(201);
    expect(sends(stack)).toBe(1);
    // Twilio said that nothing is pending: nobody asks again.
    expect(stack.calls().filter((call) => call.startsWith('GET'))).toHaveLength(1);
  });

  it('that cannot be looked up either is looked up by the next request, before anything is sent again', async () => {
    for (const [kind, messages] of [
      ['reset-after', 1],
      ['reset-before', 1],
    ] as const) {
      const stack = await createStack();
      stack.emulator.faults.add({ path: SEND, method: 'POST', kind });
      stack.emulator.faults.add({ path: SEND, method: 'GET', kind: 'reset-before' });
      expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('unavailable');
      const { status, body } = await stack.as(null).contact({ to: PHONE });
      expect([status, sends(stack)]).toEqual([201, messages]);
      expect((await stack.as(null).check(body.challenge, stack.code(PHONE))).status).toBe(200);
    }
  });

  it('counts as a resend only if Twilio sent once more', async () => {
    const stack = await createStack();
    const ask = stack.as(null);
    const first = (await ask.contact({ to: PHONE })).body;
    stack.clock.advance(30);
    stack.emulator.faults.add({ path: SEND, method: 'POST', kind: 'reset-before' });
    expect((await ask.resend({ challenge: first.challenge })).problem).toBe('unavailable');
    stack.emulator.faults.add({ path: SEND, method: 'POST', kind: 'reset-after' });
    const { body } = await ask.resend({ challenge: first.challenge });
    expect([sends(stack), body.expiresIn]).toEqual([2, 570]);
  });

  it('is given up after the timeout', async () => {
    const stack = await createStack({ twilio: { timeout: 30 } });
    stack.emulator.faults.add({ kind: 'no-answer', times: Infinity });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('unavailable');
  });
});

describe('a send that Twilio rejects', () => {
  it('costs no wait', async () => {
    const stack = await createStack();
    stack.emulator.faults.add({ path: SEND, code: 60605 });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('unsupported-contact');
    expect((await stack.as(null).contact({ to: PHONE })).status).toBe(201);
  });

  it('with 429 stays counted, and its Retry-After reaches the person', async () => {
    const stack = await createStack();
    stack.emulator.faults.add({ path: SEND, code: 20429, retryAfter: 7 });
    const { body, response } = await stack.as(null).contact({ to: PHONE });
    expect([body.code, body.retryIn, response.headers.get('retry-after')]).toEqual(['unavailable', 7, '7']);
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('resend-too-soon');
  });

  it('is not repeated, whatever Twilio answers', async () => {
    for (const fault of [{ code: 60203 }, { code: 20429 }, { status: 500 }, { status: 503, body: '' }]) {
      const stack = await createStack();
      stack.emulator.faults.add({ path: SEND, method: 'POST', times: Infinity, ...fault });
      await stack.as(null).contact({ to: PHONE });
      expect(stack.calls().filter((call) => call.startsWith('POST'))).toHaveLength(1);
    }
  });
});
