/** A code expires after ten minutes, even if a clock is wrong by a minute (NIST SP 800-63B-4 §3.1.3.2; CVE-2024-8122). */
import { describe, expect, it } from 'vitest';
import { createStack, PHONE, type Stack } from '../../support/backend-stack.js';
import { actor } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';

/** A stack whose backend's clock is that many seconds ahead of Twilio's. */
async function apart(seconds: number): Promise<Stack> {
  const base = await createStack();
  return createStack({ sharing: base, now: () => base.clock.now() + seconds * 1000 });
}

describe.each([0, 60, -60])('with a backend that is %d s ahead of Twilio', (ahead) => {
  it.each([
    [599, true],
    [600, false],
    [601, false],
  ])('a code checked after %d s: success is %s', async (seconds, succeeds) => {
    const stack = await apart(ahead);
    const { challenge } = (await actor(stack).contact({ to: PHONE })).body;
    stack.clock.advance(seconds);
    const { status, problem } = await actor(stack).check(challenge, stack.code(PHONE));
    expect([status, problem]).toEqual(succeeds ? [200, null] : [410, 'code-expired']);
    if (!succeeds)
      recordAttack({
        attack: `a right code after ${seconds} s, backend ${ahead} s ahead of Twilio`,
        budget: 0,
        accepted: 0,
        calls: stack.calls().length,
      });
  });

  it('a resend does not extend its lifetime, and `expiresIn` is right', async () => {
    const stack = await apart(ahead);
    const first = (await actor(stack).contact({ to: PHONE })).body;
    const code = stack.code(PHONE);
    stack.clock.advance(400);
    const again = (await actor(stack).resend({ challenge: first.challenge })).body;
    expect(stack.code(PHONE)).toBe(code);
    expect(again.expiresIn).toBe(200);
    stack.clock.advance(200);
    expect((await actor(stack).check(again.challenge, code)).problem).toBe('code-expired');
  });
});

it('a backend clock that is set back by an hour between send and check does not revive a code', async () => {
  let offset = 0;
  const base = await createStack();
  const stack = await createStack({ sharing: base, now: () => base.clock.now() + offset });
  const { challenge } = (await actor(stack).contact({ to: PHONE })).body;
  const code = stack.code(PHONE);
  stack.clock.advance(700);
  offset = -3_600_000;
  const { status } = await actor(stack).check(challenge, code);
  expect(status).toBe(410);
});

it('a backend whose clock jumps ahead refuses rather than accepts, and a proof from a clock a minute ahead is still valid', async () => {
  let offset = 60_000;
  const base = await createStack();
  const stack = await createStack({ sharing: base, now: () => base.clock.now() + offset });
  const { challenge } = (await actor(stack).contact({ to: PHONE })).body;
  const { proof } = (await actor(stack).check(challenge, stack.code(PHONE))).body;
  expect((await stack.verify(proof)).contact?.value).toBe(PHONE);
  stack.clock.advance(30);
  const second = (await actor(stack).contact({ to: PHONE })).body.challenge;
  offset += 3_600_000;
  expect((await actor(stack).check(second, stack.code(PHONE))).problem).toBe('code-expired');
});
