/** Codes of eight digits, for whoever cannot get one of six because strangers have used up its wrong codes. */
import { describe, expect, it } from 'vitest';
import { actor } from '../../../../support/attacker.js';
import {
  createStack,
  OTHER_PHONE,
  PHONE,
  withLongCodes,
  type Stack,
  type StackOptions,
} from '../../../../support/backend-stack.js';

const messages = (stack: Stack): number => stack.emulator.outbox.list().length;
const office = '203.0.113.9';

describe('once strangers have used up the wrong codes of a number', () => {
  /** A destination that has had all the wrong codes of six digits it may have in a day. */
  async function usedUp(options: StackOptions = {}, exchanged = 0, backoff: number[] = []) {
    const limits = { sends: { destination: 30, backoff }, checks: { destination: 1 + exchanged, backoff: [] } };
    const stack = await createStack({ ...options, limits });
    const mallory = actor(stack, { user: 'mallory', address: office });
    const { challenge } = (await mallory.contact({ to: PHONE })).body;
    expect((await mallory.check(challenge, stack.wrongCode(PHONE))).problem).toBe('wrong-code');
    stack.events.length = 0;
    return { stack, ada: actor(stack, { user: 'ada' }) };
  }
  const about = (stack: Stack) => stack.events.filter(({ type }) => type === 'code-sent' || type === 'code-not-sent');

  it('nothing is sent, the wait is told, and the owner hears that once', async () => {
    const { stack, ada } = await usedUp();
    stack.clock.advance(3600);
    const { problem, body } = await ada.contact({ to: PHONE });
    expect([problem, body.retryIn, messages(stack)]).toEqual(['too-many-attempts', 82_800, 1]);
    expect(about(stack)).toMatchObject([{ type: 'code-not-sent', problem: 'too-many-attempts' }]);
  });

  it('a service for eight digits takes over: the code is one of its own, also when it is sent again', async () => {
    const { stack, ada } = await usedUp(withLongCodes, 1);
    const first = (await ada.contact({ to: PHONE })).body;
    expect([first.codeLength, first.expiresIn, messages(stack)]).toEqual([8, 600, 2]);
    const again = (await ada.resend({ challenge: first.challenge })).body;
    expect([again.codeLength, messages(stack)]).toEqual([8, 3]);
    expect((await ada.check(again.challenge, stack.code(PHONE))).status).toBe(200);
    expect(about(stack)).toMatchObject([
      { type: 'code-sent', resent: false },
      { type: 'code-sent', resent: true },
    ]);
  });

  it('a longer code that is asked for again too soon is not sent again', async () => {
    const { stack, ada } = await usedUp(withLongCodes, 1, [30]);
    stack.clock.advance(30);
    const { challenge } = (await ada.contact({ to: PHONE })).body;
    expect((await ada.resend({ challenge })).problem).toBe('resend-too-soon');
    stack.clock.advance(30);
    expect([(await ada.resend({ challenge })).status, messages(stack)]).toEqual([200, 3]);
  });

  it('who is at their own limit as well gets no longer code, and is told their own wait', async () => {
    const stack = await createStack({
      ...withLongCodes,
      limits: { sends: { destination: 30, backoff: [] }, checks: { destination: 2, subject: 1, backoff: [] } },
    });
    const [mallory, eve] = [actor(stack, { user: 'mallory' }), actor(stack, { user: 'eve', address: office })];
    const elsewhere = (await mallory.contact({ to: OTHER_PHONE })).body;
    await mallory.check(elsewhere.challenge, stack.wrongCode(OTHER_PHONE));
    stack.clock.advance(3600);
    const { challenge } = (await eve.contact({ to: PHONE })).body;
    await eve.check(challenge, stack.wrongCode(PHONE));
    stack.events.length = 0;
    const { problem, body } = await mallory.contact({ to: PHONE });
    expect([problem, body.retryIn, messages(stack)]).toEqual(['too-many-attempts', 82_800, 2]);
    expect((await eve.resend({ challenge })).problem).toBe('too-many-attempts');
    expect(messages(stack)).toBe(2);
    expect(about(stack)).toMatchObject([{ problem: 'too-many-attempts' }, { problem: 'too-many-attempts' }]);
  });

  it('who reaches their own limit with a longer code is told so, and the owner hears that once', async () => {
    const stack = await createStack({
      ...withLongCodes,
      limits: { sends: { destination: 30, backoff: [] }, checks: { destination: 2, subject: 1, backoff: [] } },
    });
    const [mallory, ada] = [actor(stack, { user: 'mallory', address: office }), actor(stack, { user: 'ada' })];
    const first = (await mallory.contact({ to: PHONE })).body;
    await mallory.check(first.challenge, stack.wrongCode(PHONE));
    const { challenge, codeLength } = (await ada.contact({ to: PHONE })).body;
    await ada.check(challenge, stack.wrongCode(PHONE));
    stack.events.length = 0;
    expect([codeLength, (await ada.resend({ challenge })).problem]).toEqual([8, 'too-many-attempts']);
    expect(about(stack)).toMatchObject([{ type: 'code-not-sent', problem: 'too-many-attempts' }]);
  });

  it.each([
    [60410, 'blocked'],
    [60202, 'too-many-attempts'],
  ])('what Twilio refuses with %i is not tried with a longer code', async (code, problem) => {
    const stack = await createStack(withLongCodes);
    stack.emulator.faults.add({ path: '/Verifications', method: 'POST', code, times: Infinity });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe(problem);
    expect(stack.calls()).toHaveLength(1);
    expect(about(stack)).toMatchObject([{ type: 'code-not-sent', problem }]);
  });

  it('a second factor has no longer code: its wrong codes are its user’s own', async () => {
    const stack = await createStack({
      ...withLongCodes,
      twoFactor: { required: 'always' },
      limits: { sends: { backoff: [] }, checks: { destination: 1, subject: 1, backoff: [] } },
    });
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    const ada = actor(stack, { user: 'ada' });
    const { challenge } = (await ada.twoFactor()).body;
    await ada.check(challenge, stack.wrongCode(PHONE));
    expect((await ada.twoFactor()).problem).toBe('too-many-attempts');
    expect(messages(stack)).toBe(1);
  });

  it('a longer code is worth nothing where its service is gone', async () => {
    const { stack, ada } = await usedUp(withLongCodes, 1);
    const { challenge } = (await ada.contact({ to: PHONE })).body;
    const without = await createStack({ sharing: stack, store: stack.store });
    expect((await without.as('ada').check(challenge, stack.code(PHONE))).problem).toBe('code-expired');
    expect((await without.as('ada').resend({ challenge })).problem).toBe('code-expired');
    expect((await ada.check(challenge, stack.code(PHONE))).status).toBe(200);
  });
});
