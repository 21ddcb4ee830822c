/** Strangers at somebody's number or address: their wrong codes neither keep out the person who has it, nor cost a message that is of no use. */
import { describe, expect, it } from 'vitest';
import { actor, addressOf, checksAtTwilio, mostInADay, sends, type Actor } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';
import {
  createStack,
  EMAIL,
  PHONE,
  withLongCodes,
  type Stack,
  type StackOptions,
} from '../../support/backend-stack.js';

const canceled = (stack: Stack): string[] => stack.calls().filter((call) => /^POST \/Verifications\/VE\w+$/.test(call));

/** Enters that many wrong codes, each as soon as it may be. */
async function enterWrong(stack: Stack, ask: Actor, challenge: string, to: string, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    const { problem, body } = await ask.check(challenge, stack.wrongCode(to));
    expect(problem).toBe('wrong-code');
    if (n < times - 1) stack.clock.advance(body.retryIn ?? 0);
  }
}

/** Strangers, each with another address, use up the wrong codes of six digits that one destination has in a day. */
async function useUpWrongCodes(stack: Stack, to: string): Promise<number> {
  for (let n = 0; n < 40; n += 1) {
    const stranger = actor(stack, { address: addressOf(n) });
    const { body, status } = await stranger.contact({ to });
    if (status !== 201 || body.codeLength !== 6) break;
    const { problem } = await stranger.check(body.challenge, stack.wrongCode(to));
    if (problem !== 'wrong-code') break;
    // The longest wait of the backoff.
    stack.clock.advance(900);
  }
  return checksAtTwilio(stack, to).length;
}

const open = (options: StackOptions = {}): Promise<Stack> =>
  // Strangers may also use up the messages of a number; that is another limit, which these attacks leave alone.
  createStack({ ...options, limits: { sends: { destination: 30 } } });

describe.each([PHONE, EMAIL])('after a day’s wrong codes by strangers, the person who has %s', (to) => {
  it('is told the wait at once, and no message that is of no use is sent', async () => {
    const stack = await open();
    expect(await useUpWrongCodes(stack, to)).toBe(10);
    const [before, cancelations] = [sends(stack), canceled(stack)];
    const { problem, body, response } = await actor(stack, { user: 'ada' }).contact({ to });
    expect(problem).toBe('too-many-attempts');
    expect(body.retryIn).toBeGreaterThan(3600);
    expect(response.headers.get('retry-after')).toBe(String(body.retryIn));
    expect([sends(stack), canceled(stack)]).toEqual([before, cancelations]);
    // The wait is true: then she verifies.
    stack.clock.advance(body.retryIn ?? 0);
    const later = await actor(stack, { user: 'ada' }).contact({ to });
    expect((await actor(stack, { user: 'ada' }).check(later.body.challenge, stack.code(to))).status).toBe(200);
    recordAttack({
      attack: `a day's wrong codes by strangers at ${to}, without a long-code service`,
      budget: 10,
      accepted: 10,
      note: 'the owner is told the wait, and 0 messages are sent',
    });
  });

  it('gets a code of eight digits where there is a service for them, and verifies', async () => {
    const stack = await open(withLongCodes);
    expect(await useUpWrongCodes(stack, to)).toBe(9);
    const ada = actor(stack, { user: 'ada' });
    const { body, status } = await ada.contact({ to });
    expect([status, body.codeLength, body.expiresIn]).toEqual([201, 8, 600]);
    expect(stack.code(to)).toMatch(/^\d{8}$/);
    // A mistyped code, another message, and a code that is right.
    expect((await ada.check(body.challenge, stack.wrongCode(to))).body).toMatchObject({
      code: 'wrong-code',
      attemptsLeft: 3,
    });
    stack.clock.advance(body.resendIn + 260);
    const again = (await ada.resend({ challenge: body.challenge })).body;
    expect(again.codeLength).toBe(8);
    const checked = await ada.check(again.challenge, stack.code(to));
    expect(checked.status).toBe(200);
    expect(await stack.verify(checked.body.proof, { subject: 'ada' })).toMatchObject({ sub: 'ada' });
    recordAttack({
      attack: `a day's wrong codes by strangers at ${to}, with a long-code service`,
      budget: 9,
      accepted: 9,
      note: 'the owner gets a code of eight digits and verifies',
    });
  });

  it('gets a code of eight digits also if her code of six was on its way already', async () => {
    const stack = await open(withLongCodes);
    const ada = actor(stack, { user: 'ada' });
    for (let n = 0; n < 5; n += 1) {
      const stranger = actor(stack, { address: addressOf(n) });
      await enterWrong(stack, stranger, (await stranger.contact({ to })).body.challenge, to, 1);
      stack.clock.advance(620);
    }
    const six = (await ada.contact({ to })).body;
    const stranger = actor(stack, { address: addressOf(6) });
    await enterWrong(stack, stranger, (await stranger.contact({ to })).body.challenge, to, 2);
    // The wait after the seventh wrong code is longer than her code lives.
    expect((await ada.check(six.challenge, stack.code(to))).problem).toBe('too-many-attempts');
    const { body, status } = await ada.resend({ challenge: six.challenge });
    expect([six.codeLength, status, body.codeLength]).toEqual([6, 200, 8]);
    expect((await ada.check(body.challenge, stack.code(to))).status).toBe(200);
  });
});

describe('codes of eight digits', () => {
  it('all guesses at one number in a day succeed with p ≤ 10⁻⁵, by any number of strangers', async () => {
    const stack = await createStack({
      ...withLongCodes,
      limits: {
        sends: { destination: 1000, backoff: [], prefix: false, network: false, total: { perDay: 99_999 } },
        checks: { backoff: [] },
      },
    });
    for (let n = 0; n < 400; n += 1) {
      const stranger = actor(stack, { user: `mallory ${n}`, address: addressOf(n) });
      const { body, status } = await stranger.contact({ to: PHONE });
      if (status === 201)
        for (let guess = 0; guess < 4; guess += 1) await stranger.check(body.challenge, stack.wrongCode(PHONE));
      stack.clock.advance(400);
    }
    const [short, long] = ['VA1', 'VA3'].map((service) =>
      checksAtTwilio(stack).filter(({ path }) => path.includes(service)),
    ) as [ReturnType<typeof checksAtTwilio>, ReturnType<typeof checksAtTwilio>];
    const most = (checks: typeof short): number => mostInADay(checks.map(({ at }) => at));
    expect([most(short), most(long)]).toEqual([9, 100]);
    expect((100 * most(short) + most(long)) / 1e8).toBeLessThanOrEqual(1e-5);
    recordAttack({
      attack: 'two days of guesses at one number by 400 accounts, with a long-code service',
      budget: 109,
      accepted: most(short) + most(long),
      note: `p = ${most(short)} / 10⁶ + ${most(long)} / 10⁸ per day`,
    });
  });

  it('are no way past the budget of a user, an address, or a second factor', async () => {
    const stack = await createStack({ ...withLongCodes, limits: { checks: { backoff: [] } } });
    const mallory = actor(stack, { user: 'mallory' });
    for (let n = 0; n < 4; n += 1) {
      const { body } = await mallory.contact({ to: PHONE });
      if (body.challenge)
        for (let guess = 0; guess < 4; guess += 1) await mallory.check(body.challenge, stack.wrongCode(PHONE));
      stack.clock.advance(600);
    }
    expect(checksAtTwilio(stack)).toHaveLength(10);
    expect((await mallory.contact({ to: PHONE })).problem).toBe('too-many-attempts');
    expect((await mallory.contact({ to: EMAIL })).problem).toBe('too-many-attempts');
    await stack.accounts.contactVerified('mallory', { type: 'phone', value: PHONE });
    expect((await mallory.twoFactor()).body).not.toMatchObject({ codeLength: 8 });
  });

  it('are never sent to a second factor, also if other accounts that have it used up its wrong codes', async () => {
    // One wrong code for each of three accounts, as ten are by default.
    const limits = { checks: { destination: 1, backoff: [] } };
    const stack = await createStack({ ...withLongCodes, limits, twoFactor: { required: 'always', email: false } });
    for (const user of ['bob', 'carl', 'dora', 'ada'])
      await stack.accounts.contactVerified(user, { type: 'phone', value: PHONE });
    for (const user of ['bob', 'carl', 'dora']) {
      const { challenge } = (await actor(stack, { user }).twoFactor()).body;
      expect((await actor(stack, { user }).check(challenge, stack.wrongCode(PHONE))).problem).toBe('wrong-code');
      stack.clock.advance(60);
    }
    const before = sends(stack);
    expect((await actor(stack, { user: 'ada' }).twoFactor()).problem).toBe('too-many-attempts');
    expect(sends(stack)).toBe(before);
  });

  it('are worth nothing once the service is gone: their challenges have expired', async () => {
    const stack = await open(withLongCodes);
    await useUpWrongCodes(stack, PHONE);
    const ada = actor(stack, { user: 'ada' });
    const { challenge } = (await ada.contact({ to: PHONE })).body;
    const without = await createStack({ sharing: stack, store: stack.store });
    const calls = stack.calls().length;
    expect((await without.as('ada').check(challenge, stack.code(PHONE))).problem).toBe('code-expired');
    expect((await without.as('ada').resend({ challenge })).problem).toBe('code-expired');
    expect(stack.calls()).toHaveLength(calls);
    expect((await ada.check(challenge, stack.code(PHONE))).status).toBe(200);
  });
});

describe('who uses up the wrong codes of one verification', () => {
  it('does not bar the next user who starts: they get a code of their own', async () => {
    const stack = await createStack();
    const mallory = actor(stack, { user: 'mallory', address: addressOf(1) });
    const theirs = (await mallory.contact({ to: PHONE })).body.challenge;
    const first = stack.code(PHONE);
    await enterWrong(stack, mallory, theirs, PHONE, 4);
    const ada = actor(stack, { user: 'ada' });
    const { body, status } = await ada.contact({ to: PHONE });
    expect([status, body.expiresIn, sends(stack), canceled(stack).length]).toEqual([201, 600, 2, 1]);
    expect(stack.code(PHONE)).not.toBe(first);
    // All who check codes of this number wait a minute after the fourth wrong one.
    expect((await ada.check(body.challenge, stack.code(PHONE))).body.retryIn).toBe(60);
    stack.clock.advance(60);
    expect((await ada.check(body.challenge, stack.code(PHONE))).status).toBe(200);
    expect((await mallory.check(theirs, first)).problem).toBe('too-many-attempts');
  });

  it('does not bar who has started before: a resend brings a new code', async () => {
    const stack = await createStack();
    const ada = actor(stack, { user: 'ada' });
    const hers = (await ada.contact({ to: PHONE })).body.challenge;
    const first = stack.code(PHONE);
    const mallory = actor(stack, { user: 'mallory', address: addressOf(1) });
    await enterWrong(stack, mallory, (await mallory.contact({ to: PHONE })).body.challenge, PHONE, 4);
    expect((await ada.check(hers, first)).problem).toBe('too-many-attempts');
    const { body, status } = await ada.resend({ challenge: hers });
    expect([status, body.expiresIn]).toEqual([200, 600]);
    stack.clock.advance(60);
    expect((await ada.check(body.challenge, stack.code(PHONE))).status).toBe(200);
  });

  it('does not bar another account with the same second factor', async () => {
    const stack = await createStack({ twoFactor: { required: 'always' } });
    for (const user of ['ada', 'mallory']) await stack.accounts.contactVerified(user, { type: 'phone', value: PHONE });
    const mallory = actor(stack, { user: 'mallory', address: addressOf(1) });
    await enterWrong(stack, mallory, (await mallory.twoFactor()).body.challenge, PHONE, 4);
    const ada = actor(stack, { user: 'ada' });
    const { body, status } = await ada.twoFactor();
    expect([status, sends(stack)]).toEqual([201, 2]);
    expect((await ada.check(body.challenge, stack.code(PHONE))).status).toBe(200);
  });

  it('cannot have the code of somebody else cancelled by their own waits', async () => {
    const stack = await createStack({ limits: { sends: { subjectDestinations: false } } });
    const mallory = actor(stack, { user: 'mallory', address: addressOf(1) });
    const ada = actor(stack, { user: 'ada' });
    const hers = (await ada.contact({ to: PHONE })).body.challenge;
    stack.clock.advance(100);
    // Six wrong codes at other numbers, in 210 seconds: five minutes to the next, and less than that until her code expires.
    for (let n = 0; n < 6; n += 1) {
      const to = `+1415555260${n}`;
      const { body } = await mallory.contact({ to });
      const { retryIn = 0 } = (await mallory.check(body.challenge, stack.wrongCode(to))).body;
      if (n < 5) stack.clock.advance(retryIn);
    }
    const answer = await mallory.contact({ to: PHONE });
    expect([answer.problem, answer.body.retryIn]).toEqual(['too-many-attempts', 300]);
    expect(canceled(stack)).toEqual([]);
    expect((await ada.check(hers, stack.code(PHONE))).status).toBe(200);
  });
});
