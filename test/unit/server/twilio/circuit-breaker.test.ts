/** The circuit breaker: while Twilio does not answer, few people wait for it. The others get a response at once, and calls resume by themselves. */
import { describe, expect, it, vi } from 'vitest';
import type { TwilioCallEvent } from '../../../../src/server/twilio/call-event.js';
import { createCircuitBreaker } from '../../../../src/server/twilio/circuit-breaker.js';
import type { TwilioError } from '../../../../src/server/twilio/errors.js';
import { TransportError } from '../../../../src/server/twilio/transport.js';
import { createVerifyClient, type VerifyClient } from '../../../../src/server/twilio/verify-client.js';
import { createEmulator } from '../../../../src/emulator/index.js';
import { createStack, type Stack } from '../../../support/backend-stack.js';

/** German mobile numbers, each in its own block, so that no rate limit interferes. */
const number = (n: number) => `+49151${String(n % 100).padStart(2, '0')}${345_000 + n}`;

/** `count` people send a code one after another, each to their own number. Returns their problems. */
async function people(stack: Stack, count: number, first = 0): Promise<(string | null)[]> {
  const problems: (string | null)[] = [];
  for (let n = first; n < first + count; n += 1)
    problems.push((await stack.as(`user-${n}`).contact({ to: number(n) })).problem);
  return problems;
}

describe('when Twilio is down', () => {
  it.each([
    { kind: 'reset-before' },
    { kind: 'html-502' },
    { status: 503 },
    { kind: 'broken-json', acts: false },
  ] as const)(
    'the first five calls fail (%j), and the next people get a problem and a wait at once, at no cost',
    async (fault) => {
      const stack = await createStack();
      stack.emulator.faults.add({ ...fault, times: Infinity });
      expect(new Set(await people(stack, 20))).toEqual(new Set(['unavailable']));
      expect(stack.calls()).toHaveLength(5);
      const { body, response } = await stack.as('late').contact({ to: number(30) });
      expect([body.code, body.retryIn, response.headers.get('retry-after')]).toEqual(['unavailable', 5, '5']);
      expect(stack.calls()).toHaveLength(5);
      const reason = 'not called: 5 or more calls had no answer';
      expect(stack.events).toContainEqual({ type: 'unavailable', component: 'twilio', reason });
      stack.emulator.faults.clear();
      stack.clock.advance(5);
      expect((await stack.as('late').contact({ to: number(30) })).status).toBe(201);
      expect(await people(stack, 3, 40)).toEqual([null, null, null]);
    },
  );

  it('one call every five seconds tests whether it answers again', async () => {
    const stack = await createStack();
    stack.emulator.faults.add({ kind: 'reset-before', times: Infinity });
    await people(stack, 10);
    for (let round = 0; round < 4; round += 1) {
      stack.clock.advance(5);
      await people(stack, 3, 20 + 3 * round);
    }
    expect(stack.calls()).toHaveLength(5 + 4);
  });

  it('a code that was sent before can be checked afterwards, with all attempts left', async () => {
    const stack = await createStack();
    const ada = stack.as('ada');
    const { challenge } = (await ada.contact({ to: number(1) })).body;
    stack.emulator.faults.add({ kind: 'reset-before', times: Infinity });
    await people(stack, 5, 10);
    for (let n = 0; n < 20; n += 1)
      expect((await ada.check(challenge, stack.code(number(1)))).problem).toBe('unavailable');
    expect(stack.calls('/VerificationCheck')).toEqual([]);
    stack.emulator.faults.clear();
    stack.clock.advance(5);
    expect((await ada.check(challenge, stack.wrongCode(number(1)))).body.attemptsLeft).toBe(3);
    expect((await ada.check(challenge, stack.code(number(1)))).status).toBe(200);
  });

  it('an error response counts as an answer: neither a 4xx nor a 500 opens the circuit', async () => {
    for (const fault of [{ code: 60410 }, { code: 20429 }, { status: 500 }]) {
      const stack = await createStack();
      stack.emulator.faults.add({ method: 'POST', path: /\/Verifications$/, times: 12, ...fault });
      await people(stack, 12);
      expect(await people(stack, 1, 20)).toEqual([null]);
    }
  });
});

/** One circuit breaker for each purpose. */
const breakersOf = (now: () => number) => ({
  contact: createCircuitBreaker(now),
  'two-factor': createCircuitBreaker(now),
  'long-code': createCircuitBreaker(now),
});

describe('calls', () => {
  const emulator = createEmulator();
  const { accountSid, apiKey, apiSecret } = emulator.credentials;
  const account = { accountSid, apiKey, apiSecret, contactService: emulator.services.contact };
  const mobile = () =>
    Response.json({ valid: true, phone_number: '+1', line_type_intelligence: { type: 'mobile' } }, { status: 200 });
  const fails = (status: number, code: number) => Response.json({ status, code, message: '' }, { status });
  const noAnswer = new TransportError('TIMEOUT');

  /** A client with a breaker, and a transport whose calls end when the test ends them. */
  function pendingCalls() {
    const ends: ((end: Response | Error) => void)[] = [];
    const transport = () =>
      new Promise<Response>((resolve, reject) =>
        ends.push((end) => (end instanceof Response ? resolve(end) : reject(end))),
      );
    const clock = { now: 1_000_000 };
    const now = () => clock.now;
    const verify = createVerifyClient({ ...account, transport }, { breakers: breakersOf(now), now });
    const reach = (count: number) => vi.waitFor(() => expect(ends).toHaveLength(count), { timeout: 10_000 });
    return { verify, ends, clock, reach };
  }

  it('are at most 512 at once: the next is refused, until one ends', async () => {
    const { verify, ends, reach } = pendingCalls();
    const all = Array.from({ length: 512 }, () => verify.lineType('+1'));
    await expect(verify.lineType('+1')).rejects.toMatchObject({
      kind: 'not-sent',
      reason: 'too many concurrent calls',
      retryAfter: 1,
      hadNoEffect: true,
    });
    await reach(512);
    ends[0]?.(mobile());
    await all[0];
    const next = verify.lineType('+1');
    await reach(513);
    ends.forEach((end) => end(mobile()));
    expect(await Promise.all([...all, next])).toHaveLength(513);
  });

  it('for the other purpose find room while 512 sign-ups wait for Twilio', async () => {
    const { verify, ends, reach } = pendingCalls();
    const signUps = Array.from({ length: 512 }, () => verify.lineType('+1'));
    await expect(verify.send('contact', '+1', 'sms')).rejects.toMatchObject({ reason: 'too many concurrent calls' });
    const signIn = verify.findPending('two-factor', '+1');
    await reach(513);
    ends.splice(0).forEach((end) => end(fails(404, 20404)));
    expect(await signIn).toBeNull();
    await Promise.allSettled(signUps);
  });

  /** Calls one after another, each of which ends as the test wants. */
  function oneByOne() {
    const { verify, ends, clock, reach } = pendingCalls();
    const begin = () =>
      verify.lineType('+1').catch((error: TwilioError) => `${error.reason}, ${error.retryAfter ?? 'no'} s`);
    const end = (how: Response | Error) => reach(1).then(() => ends.pop()?.(how));
    const call = async (how: Response | Error = mobile()) => {
      const result = begin();
      await end(how);
      return await result;
    };
    return { begin, call, end, clock };
  }
  const refused = (seconds: number) => `not called: 5 or more calls had no answer, ${seconds} s`;

  it.each([
    ['send', 'send', (verify: VerifyClient) => verify.send('contact', '+1', 'sms')],
    ['findPending', 'lookup', (verify: VerifyClient) => verify.findPending('contact', '+1')],
    ['cancel', 'cancel', (verify: VerifyClient) => verify.cancel('contact', 'VE1')],
    ['check', 'check', (verify: VerifyClient) => verify.check('contact', 'VE1', '+1', '123456')],
    ['lineType', 'lookup', (verify: VerifyClient) => verify.lineType('+1')],
    ['wasConverted', 'lookup', (verify: VerifyClient) => verify.wasConverted('contact', 'VE1')],
  ] as const)('of %s stop while Twilio does not answer, and each call is an event', async (_, operation, call) => {
    const events: TwilioCallEvent[] = [];
    let time = 0;
    const verify = createVerifyClient(
      {
        ...account,
        transport: () => {
          time += 70;
          return Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' }));
        },
      },
      { breakers: breakersOf(() => time), onCall: (event) => void events.push(event), now: () => time },
    );
    for (let n = 0; n < 5; n += 1) await expect(call(verify)).rejects.toMatchObject({ reason: 'ECONNREFUSED' });
    await expect(call(verify)).rejects.toMatchObject({ kind: 'not-sent', retryAfter: 5 });
    const event = { type: 'twilio-call', operation, outcome: 'not-sent', milliseconds: 70 };
    expect(events).toEqual(Array.from({ length: 5 }, () => event));
  });

  it.each([
    ['a success', mobile],
    ['a 400', () => fails(400, 60200)],
    ['a 500', () => fails(500, 20500)],
  ])('continue if %s comes between calls without an answer', async (_, between) => {
    const { call } = oneByOne();
    for (const end of [noAnswer, noAnswer, noAnswer, noAnswer, between(), noAnswer, noAnswer, noAnswer, noAnswer])
      await call(end);
    expect(await call()).toBe('mobile');
  });

  it('are refused until the last millisecond of the pause, and another call without an answer starts a new pause', async () => {
    const { begin, call, end, clock } = oneByOne();
    for (let n = 0; n < 5; n += 1) expect(await call(noAnswer)).toBe('TIMEOUT, no s');
    clock.now += 1;
    expect(await begin()).toBe(refused(5));
    clock.now += 4_998;
    expect(await begin()).toBe(refused(1));
    clock.now += 1;
    expect(await call(noAnswer)).toBe('TIMEOUT, no s');
    expect(await begin()).toBe(refused(5));
    clock.now += 5_000;
    const probe = begin();
    expect(await begin()).toBe(refused(5));
    await end(mobile());
    expect([await probe, await call(), await call()]).toEqual(['mobile', 'mobile', 'mobile']);
  });

  it('resume after the clock is set back, without a wait for the difference', async () => {
    const { begin, call, clock } = oneByOne();
    for (let n = 0; n < 5; n += 1) await call(noAnswer);
    expect(await begin()).toBe(refused(5));
    clock.now = 0;
    expect(await call()).toBe('mobile');
  });
});
