/** Many requests about one code: which of them asks Twilio, and whose an answer is that got lost. */
import { describe, expect, it, vi } from 'vitest';
import { createStack, PHONE, type Stack, type StackOptions } from '../../../../support/backend-stack.js';

const CHECK = '/VerificationCheck';

async function started(options: StackOptions = {}, user: string | null = null) {
  const stack = await createStack(options);
  const { body } = await stack.as(user).contact({ to: PHONE, context: 'order 7' });
  return { stack, ask: stack.as(user), challenge: body.challenge };
}

const checks = (stack: Stack): number => stack.calls(CHECK).length;

describe('the same idempotency key', () => {
  const key = 'k'.repeat(16);

  it('gets the same proof for two minutes, and Twilio is asked once', async () => {
    const { stack, ask, challenge } = await started();
    const first = await ask.check(challenge, stack.code(PHONE), key);
    stack.clock.advance(119);
    const again = await ask.check(challenge, stack.code(PHONE), key);
    const [one, two] = [
      await stack.verify(first.body.proof, { context: 'order 7' }),
      await stack.verify(again.body.proof, { context: 'order 7' }),
    ];
    expect(two).toEqual(one);
    expect(again.body.expiresIn).toBe(first.body.expiresIn - 119);
    expect(checks(stack)).toBe(1);
    stack.clock.advance(2);
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('invalid-challenge');
    expect(checks(stack)).toBe(1);
  });

  it('gets the same wrong-code again, without another attempt', async () => {
    const { stack, ask, challenge } = await started();
    const wrong = stack.wrongCode(PHONE);
    const first = await ask.check(challenge, wrong, key);
    const again = await ask.check(challenge, wrong, key);
    expect(again.body).toEqual(first.body);
    expect(checks(stack)).toBe(1);
  });

  it('with another code is no request', async () => {
    const { stack, ask, challenge } = await started();
    await ask.check(challenge, stack.wrongCode(PHONE), key);
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('invalid-request');
    expect(checks(stack)).toBe(1);
  });

  it('waits while the first is in flight', async () => {
    const { stack, ask, challenge } = await started();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask.check(challenge, stack.code(PHONE), key)));
    const proofs = await Promise.all(
      answers.map(async ({ body }) => (await stack.verify(body.proof, { context: 'order 7' })).jti),
    );
    expect(new Set(proofs).size).toBe(1);
    expect(checks(stack)).toBe(1);
  });

  it('is demanded, and has 16 to 64 plain characters', async () => {
    const { stack, ask, challenge } = await started();
    for (const bad of ['short', 'k'.repeat(65), 'k'.repeat(15) + '!']) {
      expect((await ask.check(challenge, stack.code(PHONE), bad)).problem).toBe('invalid-request');
    }
    const without = await stack.post('check', { challenge, code: stack.code(PHONE) });
    expect(without.status).toBe(400);
  });

  it('of another person is of no use', async () => {
    const { stack, challenge } = await started();
    await stack.as(null).check(challenge, stack.code(PHONE), key);
    expect((await stack.as('mallory').check(challenge, stack.code(PHONE), key)).problem).toBe('invalid-challenge');
  });
});

describe('many at once', () => {
  it('of 50 right checks one succeeds, with one proof (CVE-2026-110861)', async () => {
    const { stack, ask, challenge } = await started();
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask.check(challenge, stack.code(PHONE))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const others = new Set(answers.map(({ problem }) => problem));
    others.delete(null);
    expect(
      [...others].every(
        (problem) => problem === 'too-many-attempts' || problem === 'invalid-challenge' || problem === 'code-expired',
      ),
    ).toBe(true);
  });

  it('of 500 wrong checks no more than four reach Twilio', async () => {
    const { stack, ask, challenge } = await started();
    const wrong = stack.wrongCode(PHONE);
    await Promise.all(Array.from({ length: 500 }, () => ask.check(challenge, wrong)));
    expect(checks(stack)).toBeLessThanOrEqual(4);
    expect(checks(stack)).toBeGreaterThan(0);
  });
});

describe('a check that Twilio did not answer', () => {
  it('succeeds if Twilio had approved it all the same', async () => {
    const { stack, ask, challenge } = await started();
    stack.emulator.faults.add({ path: CHECK, kind: 'reset-after' });
    const { status } = await ask.check(challenge, stack.code(PHONE));
    expect(status).toBe(200);
    expect(stack.calls()).toEqual(['POST /Verifications', 'POST /VerificationCheck', 'GET /Attempts']);
  });

  it('is found out by the same request later, if nothing could be found out at once', async () => {
    const { stack, ask, challenge } = await started();
    const key = 'k'.repeat(20);
    stack.emulator.faults.add({ path: CHECK, kind: 'reset-after' });
    stack.emulator.faults.add({ path: '/Attempts', kind: 'reset-before' });
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('unavailable');
    expect((await ask.check(challenge, stack.code(PHONE), key)).status).toBe(200);
    expect(checks(stack)).toBe(1);
  });

  it('is asked again by the same request if it had not been approved', async () => {
    const { stack, ask, challenge } = await started();
    const key = 'k'.repeat(20);
    stack.emulator.faults.add({ path: CHECK, kind: 'reset-before' });
    expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('unavailable');
    expect((await ask.check(challenge, stack.code(PHONE), key)).status).toBe(200);
  });

  it('is not lost to the request that took its place, if it was only slow and is approved after all', async () => {
    const held: (() => void)[] = [];
    let answered = 0;
    const stack = await createStack({
      twilio: {
        async transport(request) {
          const isCheck = request.url.endsWith(CHECK);
          if (isCheck) await new Promise<void>((letGo) => held.push(letGo));
          const response = await stack.emulator.fetch(request);
          if (isCheck) answered += 1;
          return response;
        },
      },
    });
    const ask = stack.as('ada');
    const { challenge } = (await ask.contact({ to: PHONE })).body;
    const key = 'k'.repeat(20);
    const slow = ask.check(challenge, stack.code(PHONE), key);
    await vi.waitFor(() => expect(held).toHaveLength(1));
    stack.clock.advance(21);
    const next = ask.check(challenge, stack.code(PHONE), key);
    await vi.waitFor(() => expect(held).toHaveLength(2));
    held[0]?.();
    await vi.waitFor(() => expect(answered).toBe(1));
    held[1]?.();
    const [one, other] = await Promise.all([slow, next]);
    expect([one.status, other.status]).toEqual([200, 200]);
    const proofs = [one, other].map(({ body }) => stack.verify(body.proof, { subject: 'ada' }));
    expect((await proofs[1])?.jti).toBe((await proofs[0])?.jti);
  });

  it('gives its approval to nobody else: a thief whose wrong code got no answer does not inherit the right one', async () => {
    const { stack, ask, challenge } = await started({}, 'ada');
    const thief = stack.as('mallory');
    const stolen = (await thief.contact({ to: PHONE })).body.challenge;
    const key = 't'.repeat(20);
    stack.emulator.faults.add({ path: CHECK, status: 500, acts: false });
    expect((await thief.check(stolen, stack.wrongCode(PHONE), key)).problem).toBe('unavailable');
    expect((await ask.check(challenge, stack.code(PHONE))).status).toBe(200);
    expect((await thief.check(stolen, stack.wrongCode(PHONE), key)).problem).toBe('code-expired');
  });

  it('gives its approval to nobody else, even if both got no answer and Twilio’s list lags', async () => {
    let lag = true;
    const stack = await createStack({
      twilio: {
        async transport(request) {
          const response = await stack.emulator.fetch(request);
          return lag && request.url.includes('/Attempts')
            ? Response.json({ attempts: [], meta: { key: 'attempts', page: 0, page_size: 50 } })
            : response;
        },
      },
    });
    const mine = (await stack.as('ada').contact({ to: PHONE })).body.challenge;
    const stolen = (await stack.as('mallory').contact({ to: PHONE })).body.challenge;
    stack.emulator.faults.add({ path: CHECK, kind: 'reset-after' });
    const key = 'a'.repeat(20);
    expect((await stack.as('ada').check(mine, stack.code(PHONE), key)).problem).toBe('unavailable');
    stack.emulator.faults.add({ path: CHECK, kind: 'reset-before' });
    const theirs = 't'.repeat(20);
    expect((await stack.as('mallory').check(stolen, stack.wrongCode(PHONE), theirs)).problem).toBe('unavailable');
    lag = false;
    const outcome = await stack.as('mallory').check(stolen, stack.wrongCode(PHONE), theirs);
    expect(outcome.problem).toBe('code-expired');
  });

  it('gives its approval to nobody else, even if Twilio’s list catches up between the checks', async () => {
    let laggingLookUps = 2;
    const stack = await createStack({
      twilio: {
        async transport(request) {
          const response = await stack.emulator.fetch(request);
          if (!request.url.includes('/Attempts') || laggingLookUps === 0) return response;
          laggingLookUps -= 1;
          return Response.json({ attempts: [], meta: { key: 'attempts', page: 0, page_size: 50 } });
        },
      },
    });
    const hers = (await stack.as('ada').contact({ to: PHONE })).body.challenge;
    const his = (await stack.as('bob').contact({ to: PHONE })).body.challenge;
    const [right, wrong] = [stack.code(PHONE), stack.wrongCode(PHONE)];
    stack.emulator.faults.add({ path: CHECK, kind: 'reset-after' });
    const hersKey = 'a'.repeat(20);
    expect((await stack.as('ada').check(hers, right, hersKey)).problem).toBe('unavailable');
    // His check asks Twilio twice: before it, where the list still lags, and after it, where the list names her approval.
    stack.emulator.faults.add({ path: CHECK, kind: 'reset-before' });
    const hisKey = 'b'.repeat(20);
    expect((await stack.as('bob').check(his, wrong, hisKey)).problem).toBe('unavailable');
    expect(laggingLookUps).toBe(0);
    expect((await stack.as('bob').check(his, wrong, hisKey)).problem).toBe('code-expired');
    expect(await stack.accounts.contacts('bob')).toEqual({ twoFactorRequired: false });
  });

  it('Twilio’s refusals cost no attempt, except for 429', async () => {
    for (const [fault, left] of [
      [{ status: 401, code: 20003 }, 3],
      [{ status: 429, code: 20429 }, 2],
    ] as const) {
      const { stack, ask, challenge } = await started();
      stack.emulator.faults.add({ path: CHECK, ...fault });
      await ask.check(challenge, stack.wrongCode(PHONE));
      expect((await ask.check(challenge, stack.wrongCode(PHONE))).body.attemptsLeft).toBe(left);
    }
  });
});
