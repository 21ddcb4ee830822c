/** A Twilio that gives no answer: few people wait for it, the others are told at once, and it is found again by itself. */
import { describe, expect, it } from 'vitest';
import { withCircuitBreaker } from '../../../../src/server/twilio/circuit-breaker.js';
import { TwilioError } from '../../../../src/server/twilio/errors.js';
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
      expect(stack.events).toContainEqual({ type: 'unavailable', part: 'twilio', reason });
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
  const options = { accountSid, apiKey, apiSecret, contactService: emulator.services.contact };

  /** Calls whose end is in the test's hand. */
  function held(): { verify: VerifyClient; ends: ((error?: TwilioError) => void)[] } {
    const ends: ((error?: TwilioError) => void)[] = [];
    const lineType = () =>
      new Promise<string>((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve('mobile'))));
    return { verify: { ...createVerifyClient(options), lineType }, ends };
  }

  it('are 512 at most: the next is refused at once, and one that ends makes room', async () => {
    const { verify, ends } = held();
    const calls = withCircuitBreaker(verify, () => 0);
    const all = Array.from({ length: 512 }, () => calls.lineType('+1'));
    await expect(calls.lineType('+1')).rejects.toMatchObject({
      kind: 'not-sent',
      reason: 'too many calls under way',
      retryAfter: 1,
      hadNoEffect: true,
    });
    expect(ends).toHaveLength(512);
    ends[0]?.();
    await all[0];
    const next = calls.lineType('+1');
    expect(ends).toHaveLength(513);
    ends.forEach((end) => end());
    expect(await Promise.all([...all, next])).toHaveLength(513);
  });

  const silence = new TwilioError('indeterminate', 'TIMEOUT');

  /** A guarded Twilio, and calls that end as they are told. */
  function told() {
    const { verify, ends } = held();
    const clock = { now: 1_000_000 };
    const calls = withCircuitBreaker(verify, () => clock.now);
    const begin = () =>
      calls.lineType('+1').catch((error: TwilioError) => `${error.reason}, ${error.retryAfter ?? 'no'} s`);
    const ask = (end?: TwilioError) => {
      const call = begin();
      ends.pop()?.(end);
      return call;
    };
    return { ask, begin, clock };
  }
  const refused = (seconds: number) => `not asked: 5 calls or more without an answer, ${seconds} s`;

  it.each([
    ['send', 'contact', '+1', 'sms'],
    ['findPending', 'contact', '+1'],
    ['cancel', 'contact', 'VE1'],
    ['check', 'contact', 'VE1', '+1', '123456'],
    ['lineType', '+1'],
    ['wasConverted', 'contact', 'VE1'],
  ] as const)('of %s answer what Twilio answers, and are kept back when it gives no answer', async (name, ...order) => {
    let down = false;
    const answer = async (...asked: unknown[]) => {
      if (down) throw new TwilioError('not-sent', 'ECONNREFUSED');
      return ['answer to', ...asked];
    };
    const calls = withCircuitBreaker({ ...createVerifyClient(options), [name]: answer }, () => 0);
    const ask = () => (calls[name] as unknown as typeof answer)(...order);
    expect(await ask()).toEqual(['answer to', ...order]);
    down = true;
    for (let n = 0; n < 5; n += 1) await expect(ask()).rejects.toMatchObject({ reason: 'ECONNREFUSED' });
    await expect(ask()).rejects.toMatchObject({ kind: 'not-sent', retryAfter: 5 });
  });

  it.each([
    ['an answer', undefined],
    ['a refusal', new TwilioError('rejected', '60200', { status: 400 })],
    ['a 500', new TwilioError('indeterminate', '500', { status: 500 })],
  ])('are asked for on and on where %s comes between those without', async (_, between) => {
    const { ask } = told();
    for (const end of [silence, silence, silence, silence, between, silence, silence, silence, silence]) await ask(end);
    expect(await ask()).toBe('mobile');
  });

  it('are refused to the last millisecond of the pause, in whole seconds, and one without an answer begins another', async () => {
    const { ask, begin, clock } = told();
    for (let n = 0; n < 5; n += 1) expect(await ask(silence)).toBe('TIMEOUT, no s');
    clock.now += 1;
    expect(await ask()).toBe(refused(5));
    clock.now += 4_998;
    expect(await ask()).toBe(refused(1));
    clock.now += 1;
    expect(await ask(silence)).toBe('TIMEOUT, no s');
    expect(await ask()).toBe(refused(5));
    clock.now += 5_000;
    const findsOut = begin();
    // Refused itself, it ends the one that finds out.
    expect(await ask()).toBe(refused(5));
    expect([await findsOut, await ask(), await ask()]).toEqual(['mobile', 'mobile', 'mobile']);
  });

  it('are asked for again after a clock was set back: nobody is shut out for the difference', async () => {
    const { ask, clock } = told();
    for (let n = 0; n < 5; n += 1) await ask(silence);
    expect(await ask()).toBe(refused(5));
    clock.now = 0;
    expect(await ask()).toBe('mobile');
  });
});
