/** A Twilio that gives no answer: few people wait for it, the others are told at once, and it is found again by itself. */
import { describe, expect, it, vi } from 'vitest';
import type { TwilioCallEvent } from '../../../../src/server/twilio/call-event.js';
import { createCircuitBreaker } from '../../../../src/server/twilio/circuit-breaker.js';
import type { TwilioError } from '../../../../src/server/twilio/errors.js';
import { TransportError } from '../../../../src/server/twilio/transport.js';
import { createVerifyClient, type VerifyClient } from '../../../../src/server/twilio/verify-client.js';
import { createEmulator } from '../../../../src/emulator/index.js';
import { createStack, type Stack } from '../../../support/backend-stack.js';

/** German mobile numbers of blocks of their own, so that no limit is what is tested. */
const number = (n: number) => `+49151${String(n % 100).padStart(2, '0')}${345_000 + n}`;

/** `count` people after one another, each at a number of their own; their problems. */
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
    'the first few find out (%j), the next are told at once and when to come back, and it costs them nothing',
    async (fault) => {
      const stack = await createStack();
      stack.emulator.faults.add({ ...fault, times: Infinity });
      expect(new Set(await people(stack, 20))).toEqual(new Set(['unavailable']));
      expect(stack.calls()).toHaveLength(5);
      const { body, response } = await stack.as('late').contact({ to: number(30) });
      expect([body.code, body.retryIn, response.headers.get('retry-after')]).toEqual(['unavailable', 5, '5']);
      expect(stack.calls()).toHaveLength(5);
      const reason = 'not asked: 5 calls or more without an answer';
      expect(stack.events).toContainEqual({ type: 'unavailable', component: 'twilio', reason });
      stack.emulator.faults.clear();
      stack.clock.advance(5);
      expect((await stack.as('late').contact({ to: number(30) })).status).toBe(201);
      expect(await people(stack, 3, 40)).toEqual([null, null, null]);
    },
  );

  it('one call every five seconds finds out whether it is back', async () => {
    const stack = await createStack();
    stack.emulator.faults.add({ kind: 'reset-before', times: Infinity });
    await people(stack, 10);
    for (let round = 0; round < 4; round += 1) {
      stack.clock.advance(5);
      await people(stack, 3, 20 + 3 * round);
    }
    expect(stack.calls()).toHaveLength(5 + 4);
  });

  it('a code that was sent before is checked once it is back, and no try was lost', async () => {
    const stack = await createStack();
    const ask = stack.as('ada');
    const { challenge } = (await ask.contact({ to: number(1) })).body;
    stack.emulator.faults.add({ kind: 'reset-before', times: Infinity });
    await people(stack, 5, 10);
    for (let n = 0; n < 20; n += 1)
      expect((await ask.check(challenge, stack.code(number(1)))).problem).toBe('unavailable');
    expect(stack.calls('/VerificationCheck')).toEqual([]);
    stack.emulator.faults.clear();
    stack.clock.advance(5);
    expect((await ask.check(challenge, stack.wrongCode(number(1)))).body.attemptsLeft).toBe(4);
    expect((await ask.check(challenge, stack.code(number(1)))).status).toBe(200);
  });

  it('answers that say no are answers: neither refusals nor 500s shut the door', async () => {
    for (const fault of [{ code: 60410 }, { code: 20429 }, { status: 500 }]) {
      const stack = await createStack();
      stack.emulator.faults.add({ method: 'POST', path: /\/Verifications$/, times: 12, ...fault });
      await people(stack, 12);
      expect(await people(stack, 1, 20)).toEqual([null]);
    }
  });
});

describe('calls under way', () => {
  const emulator = createEmulator();
  const { accountSid, apiKey, apiSecret } = emulator.credentials;
  const account = { accountSid, apiKey, apiSecret, contactService: emulator.services.contact };
  const mobile = () =>
    Response.json({ valid: true, phone_number: '+1', line_type_intelligence: { type: 'mobile' } }, { status: 200 });
  const fails = (status: number, code: number) => Response.json({ status, code, message: '' }, { status });
  const silence = new TransportError('TIMEOUT');

  /** A client with a breaker, and a transport whose calls end when the test says so. */
  function held() {
    const ends: ((end: Response | Error) => void)[] = [];
    const transport = () =>
      new Promise<Response>((resolve, reject) =>
        ends.push((end) => (end instanceof Response ? resolve(end) : reject(end))),
      );
    const clock = { now: 1_000_000 };
    const now = () => clock.now;
    const verify = createVerifyClient({ ...account, transport }, { breaker: createCircuitBreaker(now), now });
    const reach = (count: number) => vi.waitFor(() => expect(ends).toHaveLength(count), { timeout: 10_000 });
    return { verify, ends, clock, reach };
  }

  it('are 512 at most: the next is refused at once, and one that ends makes room', async () => {
    const { verify, ends, reach } = held();
    const all = Array.from({ length: 512 }, () => verify.lineType('+1'));
    await expect(verify.lineType('+1')).rejects.toMatchObject({
      kind: 'not-sent',
      reason: 'too many calls under way',
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

  /** Calls one after another that end as the test says. */
  function oneByOne() {
    const { verify, ends, clock, reach } = held();
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
  const refused = (seconds: number) => `not asked: 5 calls or more without an answer, ${seconds} s`;

  it.each([
    ['send', 'send', (verify: VerifyClient) => verify.send('contact', '+1', 'sms')],
    ['findPending', 'lookup', (verify: VerifyClient) => verify.findPending('contact', '+1')],
    ['cancel', 'cancel', (verify: VerifyClient) => verify.cancel('contact', 'VE1')],
    ['check', 'check', (verify: VerifyClient) => verify.check('contact', 'VE1', '+1', '123456')],
    ['lineType', 'lookup', (verify: VerifyClient) => verify.lineType('+1')],
    ['wasConverted', 'lookup', (verify: VerifyClient) => verify.wasConverted('contact', 'VE1')],
  ] as const)(
    'of %s are kept back when Twilio gives no answer, and each that is made is an event',
    async (_, operation, call) => {
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
        { breaker: createCircuitBreaker(() => time), onCall: (event) => void events.push(event), now: () => time },
      );
      for (let n = 0; n < 5; n += 1) await expect(call(verify)).rejects.toMatchObject({ reason: 'ECONNREFUSED' });
      await expect(call(verify)).rejects.toMatchObject({ kind: 'not-sent', retryAfter: 5 });
      const event = { type: 'twilio-call', operation, outcome: 'not-sent', milliseconds: 70 };
      expect(events).toEqual(Array.from({ length: 5 }, () => event));
    },
  );

  it.each([
    ['an answer', mobile],
    ['a refusal', () => fails(400, 60200)],
    ['a 500', () => fails(500, 20500)],
  ])('are made on and on where %s comes between those without', async (_, between) => {
    const { call } = oneByOne();
    for (const end of [silence, silence, silence, silence, between(), silence, silence, silence, silence])
      await call(end);
    expect(await call()).toBe('mobile');
  });

  it('are refused to the last millisecond of the pause, in whole seconds, and one without an answer begins another', async () => {
    const { begin, call, end, clock } = oneByOne();
    for (let n = 0; n < 5; n += 1) expect(await call(silence)).toBe('TIMEOUT, no s');
    clock.now += 1;
    expect(await begin()).toBe(refused(5));
    clock.now += 4_998;
    expect(await begin()).toBe(refused(1));
    clock.now += 1;
    expect(await call(silence)).toBe('TIMEOUT, no s');
    expect(await begin()).toBe(refused(5));
    clock.now += 5_000;
    const findsOut = begin();
    expect(await begin()).toBe(refused(5));
    await end(mobile());
    expect([await findsOut, await call(), await call()]).toEqual(['mobile', 'mobile', 'mobile']);
  });

  it('are made again after a clock was set back: nobody is shut out for the difference', async () => {
    const { begin, call, clock } = oneByOne();
    for (let n = 0; n < 5; n += 1) await call(silence);
    expect(await begin()).toBe(refused(5));
    clock.now = 0;
    expect(await call()).toBe('mobile');
  });
});
