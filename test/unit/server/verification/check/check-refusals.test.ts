/** What Twilio answers to a check other than yes, and what the same request gets when it comes again. */
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../../../src/emulator/index.js';
import { createStack, PHONE, type Stack, type StackOptions } from '../../../../support/backend-stack.js';

const CHECK = '/VerificationCheck';
const key = 'k'.repeat(20);

async function started(options: StackOptions = {}, user: string | null = null) {
  const stack = await createStack(options);
  const { challenge } = (await stack.as(user).contact({ to: PHONE })).body;
  return { stack, ask: stack.as(user), challenge };
}

const checks = (stack: Stack): number => stack.calls(CHECK).length;

/** A person at the code step, where Twilio answers each check with that status. */
async function answering(status: string) {
  const stack = await createStack({
    twilio: {
      async transport(request) {
        const response = await stack.emulator.fetch(request);
        if (!request.url.endsWith(CHECK)) return response;
        return Response.json({ ...((await response.json()) as object), status });
      },
    },
  });
  const { challenge } = (await stack.as(null).contact({ to: PHONE })).body;
  return { stack, ask: stack.as(null), challenge };
}

/** A person at the code step, whose check meets that fault of Twilio's 100 s after the message. */
async function refusedBy(fault: Fault) {
  const { stack, ask, challenge } = await started();
  stack.clock.advance(100);
  stack.emulator.faults.add({ path: CHECK, ...fault });
  const refused = await ask.check(challenge, stack.code(PHONE), key);
  return { stack, ask, challenge, refused };
}

describe('a first wrong code', () => {
  it('has no wait', async () => {
    const { stack, ask, challenge } = await started();
    const { body } = await ask.check(challenge, stack.wrongCode(PHONE));
    expect(Object.keys(body).sort()).toEqual(['attemptsLeft', 'code', 'status', 'title', 'type']);
  });

  it('is repeated for two minutes, to users too; then the same key is another attempt', async () => {
    const { stack, ask, challenge } = await started({}, 'ada');
    const first = await ask.check(challenge, stack.wrongCode(PHONE), key);
    stack.clock.advance(119);
    expect((await ask.check(challenge, stack.wrongCode(PHONE), key)).body).toEqual(first.body);
    expect(checks(stack)).toBe(1);
    stack.clock.advance(2);
    const next = await ask.check(challenge, stack.wrongCode(PHONE), key);
    expect(next.body.attemptsLeft).toBe((first.body.attemptsLeft ?? 0) - 1);
    expect(checks(stack)).toBe(2);
  });
});

describe('a wait', () => {
  it('is over for the same request when it is over for others', async () => {
    const { stack, ask, challenge } = await started();
    for (let i = 0; i < 3; i += 1) await ask.check(challenge, stack.wrongCode(PHONE));
    const refused = await ask.check(challenge, stack.code(PHONE), key);
    expect(refused.problem).toBe('too-many-attempts');
    stack.clock.advance(refused.body.retryIn ?? 0);
    expect((await ask.check(challenge, stack.code(PHONE), key)).status).toBe(200);
  });

  it('that is repeated has become shorter by the time since', async () => {
    const { stack, ask, challenge } = await started();
    for (let i = 0; i < 2; i += 1) await ask.check(challenge, stack.wrongCode(PHONE));
    const third = await ask.check(challenge, stack.wrongCode(PHONE), key);
    stack.clock.advance(10);
    const again = await ask.check(challenge, stack.wrongCode(PHONE), key);
    expect(again.body).toEqual({ ...third.body, retryIn: (third.body.retryIn ?? 0) - 10 });
    stack.clock.advance(100);
    expect((await ask.check(challenge, stack.wrongCode(PHONE), key)).body.retryIn).toBe(0);
    expect(checks(stack)).toBe(3);
  });
});

describe('a code that has expired by our clock', () => {
  it('is not asked about, from the last millisecond on', async () => {
    const { stack, ask, challenge } = await started();
    stack.clock.advance(600);
    expect((await ask.check(challenge, stack.code(PHONE))).problem).toBe('code-expired');
    expect(checks(stack)).toBe(0);
  });
});

describe('a verification that Twilio calls', () => {
  it.each(['canceled', 'expired', 'deleted', 'failed'])('%s is gone: the person needs another code', async (status) => {
    const { stack, ask, challenge } = await answering(status);
    const { body, problem } = await ask.check(challenge, stack.wrongCode(PHONE));
    expect([problem, 'retryIn' in body]).toEqual(['code-expired', false]);
  });

  it('max_attempts_reached is closed until its code expires', async () => {
    const { stack, ask, challenge } = await answering('max_attempts_reached');
    stack.clock.advance(100);
    const { body, problem } = await ask.check(challenge, stack.wrongCode(PHONE));
    expect([problem, body.retryIn]).toEqual(['too-many-attempts', 500]);
  });
});

describe('a refusal of Twilio’s', () => {
  it('60202 closes the verification until its code expires, and the same request is told so without Twilio', async () => {
    const { stack, ask, challenge, refused } = await refusedBy({ code: 60202 });
    expect([refused.problem, refused.body.retryIn]).toEqual(['too-many-attempts', 500]);
    stack.clock.advance(60);
    const again = await ask.check(challenge, stack.code(PHONE), key);
    expect([again.problem, again.body.retryIn]).toEqual(['too-many-attempts', 440]);
    expect(checks(stack)).toBe(1);
  });

  it('404 means that the code has expired, and the same request is told so without Twilio', async () => {
    const { stack, ask, challenge, refused } = await refusedBy({ code: 20404 });
    expect(refused.problem).toBe('code-expired');
    const again = await ask.check(challenge, stack.code(PHONE), key);
    expect(again.body).toEqual(refused.body);
    expect('retryIn' in again.body).toBe(false);
    expect(checks(stack)).toBe(1);
  });

  it.each([
    [{ code: 20003 }, 'misconfigured'],
    [{ status: 429, code: 20429 }, 'unavailable'],
  ] as const)('%j is not kept: the same request is checked as soon as it comes again', async (fault, problem) => {
    const { stack, ask, challenge, refused } = await refusedBy(fault);
    expect(refused.problem).toBe(problem);
    expect((await ask.check(challenge, stack.code(PHONE), key)).status).toBe(200);
    expect(checks(stack)).toBe(2);
  });

  it('404 is believed of a code that nobody submitted before, whatever the list of attempts says', async () => {
    const stack = await createStack({
      twilio: {
        async transport(request) {
          const response = await stack.emulator.fetch(request);
          if (!request.url.includes('/Attempts')) return response;
          const { attempts, ...rest } = (await response.json()) as { attempts: object[] };
          return Response.json({
            ...rest,
            attempts: attempts.map((one) => ({ ...one, conversion_status: 'converted' })),
          });
        },
      },
    });
    const { challenge } = (await stack.as(null).contact({ to: PHONE })).body;
    stack.emulator.faults.add({ path: CHECK, code: 20404 });
    expect((await stack.as(null).check(challenge, stack.wrongCode(PHONE))).problem).toBe('code-expired');
  });
});
