/** Guessing a code: how many guesses reach Twilio (NIST SP 800-63B-4 §3.1.3.2: a guess succeeds with p ≤ 10⁻⁵ per account and day). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMAIL, OTHER_PHONE, PHONE, type Stack } from '../../support/backend-stack.js';
import { actor, addressOf, checksAtTwilio, mostInADay, sends } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';
import { instanceAt, storeVariants } from '../../support/store-variants.js';

const BUDGET = 10;
const guesses = 1_000_000;
/** For the table. */
const chance = (guessesInADay: number) => `p = ${guessesInADay} / 10⁶ per account and day`;

/** Sends wrong codes to a challenge until it is refused for good, `times` at most. Waits where that is short. */
async function guess(stack: Stack, ask: ReturnType<typeof actor>, challenge: string, to: string, times = 6) {
  for (let i = 0; i < times; i += 1) {
    const { problem, body } = await ask.check(challenge, stack.wrongCode(to));
    if (problem !== 'wrong-code') return;
    stack.clock.advance(Math.min(body.retryIn ?? 0, 120));
  }
}

describe.each(storeVariants())('on $name', (variant) => {
  if (variant.skip) return void it.skip('needs a Redis', () => undefined);
  beforeAll(() => variant.start());
  afterAll(() => variant.stop());

  it('of 1,000 wrong codes on one challenge four reach Twilio, and then not even the right one', async () => {
    const stacks = await variant.open();
    const [stack] = stacks;
    const { challenge } = (await actor(stack, { user: 'ada' }).contact({ to: PHONE })).body;
    const wrong = stack.wrongCode(PHONE);
    for (let batch = 0; batch < 40; batch += 1) {
      const one = (n: number) =>
        actor(instanceAt(stacks, n), { user: 'ada', address: addressOf(n) }).check(challenge, wrong);
      await Promise.all(Array.from({ length: 25 }, (_, n) => one(n)));
      stack.clock.advance(14);
    }
    expect(checksAtTwilio(stack)).toHaveLength(4);
    expect((await actor(stack, { user: 'ada' }).check(challenge, stack.code(PHONE))).problem).toBe('too-many-attempts');
    recordAttack({
      attack: `1,000 wrong codes on one challenge, ${variant.name}`,
      budget: 4,
      accepted: checksAtTwilio(stack).length,
    });
  });

  it('no counter is reset by new starts, resends, other channels, numbers, sessions or addresses (CVE-2025-64102, CVE-2026-8760)', async () => {
    const stacks = await variant.open({ limits: { sends: { subjectDestinations: false } } });
    const [stack] = stacks;
    const begun = stack.clock.now();
    for (let round = 0; stack.clock.now() - begun < 50 * 3_600_000; round += 1) {
      // A new account, an earlier one, or no session; each time from another address.
      const user = [`mallory ${round}`, 'ada', null][round % 3] ?? null;
      const ask = actor(instanceAt(stacks, round), { user, address: addressOf(round) });
      const { body, status } = await ask.contact({ to: round % 2 ? PHONE : ' (415) 555-2671', country: 'US' });
      if (status === 201) {
        await guess(stack, ask, body.challenge, PHONE, 2);
        const again = await ask.resend({ challenge: body.challenge, channel: round % 2 ? 'call' : 'sms' });
        await ask.contact({ to: OTHER_PHONE });
        await guess(stack, ask, again.body.challenge ?? body.challenge, PHONE);
      }
      stack.clock.advance(1800);
    }
    const most = mostInADay(checksAtTwilio(stack, PHONE).map(({ at }) => at));
    expect(most).toBe(BUDGET);
    expect(most / guesses).toBeLessThanOrEqual(1e-5);
    recordAttack({
      attack: `two days of evasion on one number, ${variant.name}`,
      budget: BUDGET,
      accepted: most,
      calls: stack.calls().length,
      sends: sends(stack),
      note: chance(most),
    });
  });

  it('a thief with the password guesses the second factor by phone and e-mail, in new sessions: ten guesses reach Twilio in any 24 hours', async () => {
    const stacks = await variant.open({ twoFactor: { required: 'always', email: true } });
    const [stack] = stacks;
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    await stack.accounts.contactVerified('ada', { type: 'email', value: EMAIL });
    const begun = stack.clock.now();
    for (let round = 0; stack.clock.now() - begun < 50 * 3_600_000; round += 1) {
      const ask = actor(instanceAt(stacks, round), { user: 'ada', address: addressOf(round) });
      const { body, status } = await ask.twoFactor();
      if (status === 201) {
        await guess(stack, ask, body.challenge, PHONE, 2);
        const other = await ask.resend({ challenge: body.challenge, channel: 'email' });
        if (other.status === 200) await guess(stack, ask, other.body.challenge, EMAIL, 3);
        await guess(stack, ask, body.challenge, PHONE);
      }
      stack.clock.advance(1800);
    }
    const most = mostInADay(checksAtTwilio(stack).map(({ at }) => at));
    expect(most).toBe(BUDGET);
    recordAttack({
      attack: `two days of guessing a second factor, ${variant.name}`,
      budget: BUDGET,
      accepted: most,
      calls: stack.calls().length,
      sends: sends(stack),
      note: chance(most),
    });
  });

  it('there is no double budget at the edge of the day: the eleventh guess reaches Twilio when the first is 24 hours old, and not a second before', async () => {
    const stacks = await variant.open({ limits: { checks: { backoff: [] } } });
    const [stack] = stacks;
    const ask = (n: number) => actor(instanceAt(stacks, n), { user: 'ada' });
    const challenge = async () => (await ask(0).contact({ to: PHONE })).body.challenge;
    const first = await challenge();
    const begun = stack.clock.now();
    for (let i = 0; i < 4; i += 1) await ask(i).check(first, stack.wrongCode(PHONE));
    stack.clock.advance(86_400 - 120);
    const second = await challenge();
    for (let i = 0; i < 5; i += 1) await ask(i).check(second, stack.wrongCode(PHONE));
    expect(checksAtTwilio(stack)).toHaveLength(8);
    // The next start replaces the code whose four guesses are used up. Of the day's ten, two are left.
    stack.clock.advance(40);
    const third = await challenge();
    for (let i = 0; i < 3; i += 1) await ask(i).check(third, stack.wrongCode(PHONE));
    expect(checksAtTwilio(stack)).toHaveLength(10);
    stack.clock.advance(79);
    expect((await ask(1).check(third, stack.code(PHONE))).problem).toBe('too-many-attempts');
    expect(stack.clock.now() - begun).toBe(86_399_000);
    stack.clock.advance(1);
    expect((await ask(1).check(third, stack.wrongCode(PHONE))).problem).toBe('wrong-code');
    // A new verification has only what has left the window.
    stack.clock.advance(600);
    const fourth = await challenge();
    for (let i = 0; i < 7; i += 1) await ask(i).check(fourth, stack.wrongCode(PHONE));
    expect(mostInADay(checksAtTwilio(stack).map(({ at }) => at))).toBe(10);
    recordAttack({ attack: `guesses on both sides of a window's edge, ${variant.name}`, budget: 10, accepted: 10 });
  });
});

const [memory] = storeVariants();

it('a right code at one’s own number between the guesses resets nothing at somebody else’s', async () => {
  const [stack] = (await memory?.open({ limits: { checks: { backoff: [] } } })) ?? [];
  if (!stack) throw new Error('There is no memory.');
  const ask = actor(stack, { user: 'mallory' });
  for (let i = 0; i < 6; i += 1) {
    const theirs = (await ask.contact({ to: PHONE })).body.challenge;
    if (theirs) await guess(stack, ask, theirs, PHONE, 2);
    const own = (await ask.contact({ to: OTHER_PHONE })).body.challenge;
    await ask.check(own, stack.code(OTHER_PHONE));
    stack.clock.advance(620);
  }
  expect(checksAtTwilio(stack, PHONE)).toHaveLength(BUDGET);
});

it('failures on the sign-up page lock nobody out of signing in', async () => {
  const [stack] =
    (await memory?.open({ twoFactor: { required: 'always' }, limits: { checks: { backoff: [] } } })) ?? [];
  if (!stack) throw new Error('There is no memory.');
  await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
  for (let i = 0; i < 4; i += 1) {
    const ask = actor(stack, { address: addressOf(i) });
    const { challenge } = (await ask.contact({ to: PHONE })).body;
    if (challenge) await guess(stack, ask, challenge, PHONE);
    stack.clock.advance(620);
  }
  expect(checksAtTwilio(stack)).toHaveLength(BUDGET);
  const ask = actor(stack, { user: 'ada' });
  const { challenge } = (await ask.twoFactor()).body;
  expect((await ask.check(challenge, stack.code(PHONE))).status).toBe(200);
});

it('who has verified your number, too, cannot keep you from signing in, however many codes they ask for and get wrong', async () => {
  const [stack] = (await memory?.open({ twoFactor: { required: 'always' } })) ?? [];
  if (!stack) throw new Error('There is no memory.');
  for (const user of ['ada', 'mallory']) await stack.accounts.contactVerified(user, { type: 'phone', value: PHONE });
  const signIns: number[] = [];
  for (let round = 0; round < 96; round += 1) {
    const ask = actor(stack, { user: 'mallory', address: addressOf(round) });
    const { body, status } = await ask.twoFactor();
    if (status === 201) await guess(stack, ask, body.challenge, PHONE);
    stack.clock.advance(900);
    if (round % 16 !== 15) continue;
    const ada = actor(stack, { user: 'ada' });
    const { challenge } = (await ada.twoFactor()).body;
    signIns.push((await ada.check(challenge, stack.code(PHONE))).status);
  }
  expect(signIns).toEqual([200, 200, 200, 200, 200, 200]);
  const most = mostInADay(
    checksAtTwilio(stack, PHONE)
      .filter(({ status }) => status === 200)
      .map(({ at }) => at),
  );
  expect(most).toBeLessThanOrEqual(BUDGET + signIns.length);
  recordAttack({
    attack: 'a day of codes and wrong codes by another account with the same second factor',
    budget: BUDGET,
    accepted: most - signIns.length,
    note: `the other user signs in ${signIns.length} of ${signIns.length} times`,
  });
});
