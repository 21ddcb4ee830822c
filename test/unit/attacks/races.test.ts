/** Races: simultaneous requests, on any instance, are each counted and succeed once in all (CVE-2026-110861, CVE-2026-107276; OWASP ASVS 5.0, 15.4.2). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PHONE, type Stack, type StackOptions } from '../../support/backend-stack.js';
import { actor, addressOf, checksAtTwilio, sends, tally } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';
import { instanceAt, storeVariants, type StoreVariant } from '../../support/store-variants.js';

/** Without the growing waits, which would admit only three at once. The limit of four wrong codes a verification remains. */
const impatient: StackOptions = { limits: { checks: { backoff: [] } } };

async function challenged(variant: StoreVariant, options: StackOptions = {}): Promise<[[Stack, ...Stack[]], string]> {
  const stacks = await variant.open(options);
  const { body } = await actor(stacks[0], { user: 'ada' }).contact({ to: PHONE });
  return [stacks, body.challenge];
}

/** That many simultaneous requests, spread over the instances and addresses. */
function atOnce<T>(stacks: [Stack, ...Stack[]], times: number, ask: (who: ReturnType<typeof actor>, n: number) => T) {
  const one = (n: number) => ask(actor(instanceAt(stacks, n), { user: 'ada', address: addressOf(n) }), n);
  return Promise.all(Array.from({ length: times }, (_, n) => one(n)));
}

describe.each(storeVariants())('on $name', (variant) => {
  if (variant.skip) return void it.skip('needs a Redis', () => undefined);
  beforeAll(() => variant.start());
  afterAll(() => variant.stop());

  it('500 wrong codes at once: accepted = budget, and a new verification does not renew the budget of the day', async () => {
    const [stacks, first] = await challenged(variant, impatient);
    const [stack] = stacks;
    let challenge = first;
    const accepted: number[] = [];
    for (const guesses of [4, 4, 2]) {
      const wrong = stack.wrongCode(PHONE);
      const answers = await atOnce(stacks, accepted.length === 0 ? 500 : 100, (who) => who.check(challenge, wrong));
      expect(tally(answers.map(({ problem }) => problem))).toEqual({
        'wrong-code': guesses,
        'too-many-attempts': answers.length - guesses,
      });
      accepted.push(checksAtTwilio(stack).length);
      stack.clock.advance(600);
      challenge = (await actor(stack, { user: 'ada' }).contact({ to: PHONE })).body.challenge;
    }
    expect(accepted).toEqual([4, 8, 10]);
    // A fourth code would be of no use, and is not sent.
    expect(challenge).toBeUndefined();
    recordAttack({
      attack: `500 + 100 + 100 wrong codes at once, ${variant.name}`,
      budget: 10,
      accepted: accepted[2],
      calls: accepted[2],
    });
  });

  it('50 right codes at once, each with its own key: successes ≤ 1, and one proof', async () => {
    const [stacks, challenge] = await challenged(variant, impatient);
    const code = stacks[0].code(PHONE);
    const answers = await atOnce(stacks, 50, (who) => who.check(challenge, code));
    const proofs = answers.filter(({ status }) => status === 200);
    expect(proofs).toHaveLength(1);
    expect(answers.every(({ status }) => [200, 410, 429].includes(status))).toBe(true);
    expect(checksAtTwilio(stacks[0]).length).toBeLessThanOrEqual(4);
    recordAttack({
      attack: `50 right codes at once, ${variant.name}`,
      budget: 1,
      accepted: proofs.length,
      calls: checksAtTwilio(stacks[0]).length,
    });
  });

  it('50 copies of one request at once: one call to Twilio, and the same proof for all', async () => {
    const [stacks, challenge] = await challenged(variant);
    const code = stacks[0].code(PHONE);
    const answers = await atOnce(stacks, 50, (who) => who.check(challenge, code, 'the-same-key-for-all'));
    const proofs = await Promise.all(answers.map(({ body }) => stacks[0].verify(body.proof, { subject: 'ada' })));
    expect(new Set(proofs.map(({ jti }) => jti)).size).toBe(1);
    expect(checksAtTwilio(stacks[0])).toHaveLength(1);
    recordAttack({ attack: `50 repeats of one check at once, ${variant.name}`, budget: 1, accepted: 1, calls: 1 });
  });

  it('the right code among 99 wrong ones at once: successes ≤ 1, accepted ≤ budget', async () => {
    const [stacks, challenge] = await challenged(variant, impatient);
    const [right, wrong] = [stacks[0].code(PHONE), stacks[0].wrongCode(PHONE)];
    const answers = await atOnce(stacks, 100, (who, n) => who.check(challenge, n === 50 ? right : wrong));
    const successes = answers.filter(({ status }) => status === 200).length;
    expect(successes).toBeLessThanOrEqual(1);
    expect(checksAtTwilio(stacks[0]).length).toBeLessThanOrEqual(4);
    recordAttack({
      attack: `99 wrong codes and the right one at once, ${variant.name}`,
      budget: 4,
      accepted: checksAtTwilio(stacks[0]).length,
    });
  });

  it('50 starts at once send one message, and after the wait 50 resends at once send one more', async () => {
    const stacks = await variant.open();
    const [stack] = stacks;
    const starts = await atOnce(stacks, 50, (who) => who.contact({ to: PHONE }));
    expect(tally(starts.map(({ status }) => status))).toEqual({ 201: 50 });
    expect(sends(stack)).toBe(1);
    stack.clock.advance(30);
    const resends = await atOnce(stacks, 50, (who, n) => who.resend({ challenge: starts[n]?.body.challenge }));
    expect(resends.every(({ problem }) => problem === null || problem === 'resend-too-soon')).toBe(true);
    expect(sends(stack)).toBe(2);
    recordAttack({
      attack: `50 starts, then 50 resends at once, ${variant.name}`,
      budget: 2,
      accepted: sends(stack),
      calls: sends(stack),
      sends: sends(stack),
    });
  });

  it('60 numbers at once from one address: 20 messages from all instances together', async () => {
    const stacks = await variant.open({ limits: { sends: { prefix: false } } });
    const number = (n: number) => `+4474001${String(10_000 + n)}`;
    const one = (n: number) => actor(instanceAt(stacks, n)).contact({ to: number(n) });
    const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => one(n)));
    expect(tally(answers.map(({ problem }) => problem))).toEqual({ null: 20, 'too-many-sends': 40 });
    expect(sends(stacks[0])).toBe(20);
    recordAttack({
      attack: `60 numbers at once from one address, ${variant.name}`,
      budget: 20,
      accepted: 20,
      sends: 20,
    });
  });

  it('50 simultaneous requests for a second factor send one message', async () => {
    const stacks = await variant.open({ twoFactor: { required: 'always' } });
    await stacks[0].accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    const starts = await atOnce(stacks, 50, (who) => who.twoFactor());
    expect(tally(starts.map(({ status }) => status))).toEqual({ 201: 50 });
    expect(sends(stacks[0])).toBe(1);
  });
});
