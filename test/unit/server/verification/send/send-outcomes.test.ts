/** What becomes of a send that goes wrong in the middle: what is sent, what is counted, and what the others hear who wait for it. */
import { describe, expect, it } from 'vitest';
import { createStack, PHONE, type Stack } from '../../../../support/backend-stack.js';

const SEND = '/Verifications';
const messages = (stack: Stack): number => stack.emulator.outbox.list().length;

/** A person whose code expires in less than two minutes, so that the next send has to cancel it first. */
async function aboutToExpire() {
  const stack = await createStack();
  const ask = stack.as('ada');
  const { challenge } = (await ask.contact({ to: PHONE })).body;
  stack.clock.advance(490);
  return { stack, ask, challenge };
}
const cancels = (stack: Stack) => stack.calls().filter((call) => call.startsWith('POST /Verifications/')).length;

describe('a renewal', () => {
  it('whose cancelling fails sends nothing, and does not count: the next one goes out at once', async () => {
    const { stack, ask, challenge } = await aboutToExpire();
    stack.emulator.faults.add({ path: `${SEND}/VE`, method: 'POST', status: 503 });
    expect((await ask.resend({ challenge })).problem).toBe('unavailable');
    expect(messages(stack)).toBe(1);
    const { status, body } = await ask.resend({ challenge });
    // The second wait of the backoff, as after two sends and not after three.
    expect([status, body.expiresIn, body.resendIn, messages(stack)]).toEqual([200, 600, 40, 2]);
    expect(stack.events).toContainEqual(expect.objectContaining({ type: 'unavailable', component: 'twilio' }));
  });

  it('whose cancelling fails is a try: it reached Twilio', async () => {
    const stack = await createStack({ limits: { sends: { address: { perHour: 2, perDay: 2 }, tries: 2 } } });
    const { challenge } = (await stack.as(null).contact({ to: PHONE })).body;
    stack.clock.advance(490);
    stack.emulator.faults.add({ path: `${SEND}/VE`, method: 'POST', status: 503, times: Infinity });
    const problems: (string | null)[] = [];
    for (let i = 0; i < 4; i += 1) problems.push((await stack.as(null).resend({ challenge })).problem);
    expect(problems).toEqual(['unavailable', 'unavailable', 'unavailable', 'too-many-sends']);
  });

  it('whose answer is lost is found by what Twilio holds, and is a first send', async () => {
    const { stack, ask, challenge } = await aboutToExpire();
    stack.emulator.faults.add({ path: /\/Verifications$/, method: 'POST', kind: 'reset-after' });
    const { status, body } = await ask.resend({ challenge });
    expect([status, body.expiresIn, messages(stack), cancels(stack)]).toEqual([200, 600, 2, 1]);
    expect((await ask.check(body.challenge, stack.code(PHONE))).status).toBe(200);
  });

  it('comes by a start as well as by a resend, and not before the last two minutes', async () => {
    const stack = await createStack();
    const ask = stack.as('ada');
    await ask.contact({ to: PHONE });
    stack.clock.advance(479);
    expect((await ask.contact({ to: PHONE })).body.expiresIn).toBe(121);
    expect(cancels(stack)).toBe(0);
    const later = await createStack();
    await later.as('ada').contact({ to: PHONE });
    later.clock.advance(480);
    expect((await later.as('ada').contact({ to: PHONE })).body.expiresIn).toBe(600);
    expect([cancels(later), messages(later)]).toEqual([1, 2]);
  });
});

describe('a refusal of Twilio’s', () => {
  it.each([
    [60203, 'too-many-sends'],
    [60212, 'resend-too-soon'],
  ])('%i of a first send is heard by all who wait for it, with the same wait', async (code, problem) => {
    const stack = await createStack();
    stack.emulator.faults.add({ path: SEND, method: 'POST', code, retryAfter: 77, times: Infinity });
    const answers = await Promise.all(Array.from({ length: 5 }, (_, i) => stack.as(`u${i}`).contact({ to: PHONE })));
    expect(answers.map((answer) => [answer.problem, answer.body.retryIn])).toEqual(new Array(5).fill([problem, 77]));
    expect(stack.calls(SEND)).toHaveLength(1);
  });

  it('60203 lasts as long as the code: ten minutes for a first send, the rest for a resend', async () => {
    const fault = { path: SEND, method: 'POST', code: 60203 };
    const first = await createStack();
    first.emulator.faults.add(fault);
    expect((await first.as(null).contact({ to: PHONE })).body.retryIn).toBe(600);
    const stack = await createStack();
    const { challenge } = (await stack.as(null).contact({ to: PHONE })).body;
    stack.clock.advance(100);
    stack.emulator.faults.add(fault);
    expect((await stack.as(null).resend({ challenge })).body.retryIn).toBe(500);
  });

  it('is forgotten after half a minute: whoever comes later is sent to', async () => {
    const stack = await createStack();
    stack.emulator.faults.add({ path: SEND, method: 'POST', code: 60410 });
    expect((await stack.as('ada').contact({ to: PHONE })).problem).toBe('blocked');
    expect((await stack.as('bob').contact({ to: PHONE })).status).toBe(201);
  });
});

describe('an unanswered first send that could not be looked up', () => {
  const unanswered = async (kind: 'reset-before' | 'reset-after') => {
    const stack = await createStack();
    stack.emulator.faults.add({ path: SEND, method: 'POST', kind });
    stack.emulator.faults.add({ path: SEND, method: 'GET', kind: 'reset-before' });
    expect((await stack.as('ada').contact({ to: PHONE })).problem).toBe('unavailable');
    return stack;
  };

  it('is looked up again by the next request, which sends nothing while that fails', async () => {
    const stack = await unanswered('reset-after');
    stack.emulator.faults.add({ path: SEND, method: 'GET', status: 503 });
    expect((await stack.as('ada').contact({ to: PHONE })).problem).toBe('unavailable');
    expect(messages(stack)).toBe(1);
    const { status, body } = await stack.as('ada').contact({ to: PHONE });
    expect([status, messages(stack)]).toEqual([201, 1]);
    expect((await stack.as('ada').check(body.challenge, stack.code(PHONE))).status).toBe(200);
    expect(stack.events.filter(({ type }) => type === 'code-sent')).toMatchObject([{ channel: 'sms', resent: false }]);
  });

  it('has the problem of a send if Twilio refuses the look-up', async () => {
    const stack = await unanswered('reset-before');
    stack.emulator.faults.add({ path: SEND, method: 'GET', status: 400, code: 60200 });
    expect((await stack.as('ada').contact({ to: PHONE })).problem).toBe('invalid-contact');
  });

  it('that did not go out is given back: the next one is a first send, with a first wait', async () => {
    const stack = await unanswered('reset-before');
    const { body } = await stack.as('ada').contact({ to: PHONE });
    expect([body.resendIn, messages(stack)]).toEqual([30, 1]);
    expect(stack.calls()).toEqual([
      'POST /Verifications',
      expect.stringMatching(/^GET /),
      expect.stringMatching(/^GET /),
      'POST /Verifications',
    ]);
  });

  it('is nobody’s concern once its code would have expired', async () => {
    const stack = await unanswered('reset-after');
    const calls = stack.calls().length;
    stack.clock.advance(600);
    expect((await stack.as('ada').contact({ to: PHONE })).status).toBe(201);
    expect(stack.calls().slice(calls)).toEqual(['POST /Verifications']);
  });
});

describe('a switch', () => {
  it('to the other factor and back within the wait sends nothing again', async () => {
    const stack = await createStack({ twoFactor: { required: 'always', email: true } });
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    await stack.accounts.contactVerified('ada', { type: 'email', value: 'ada@example.com' });
    const ask = stack.as('ada');
    const start = (await ask.twoFactor()).body;
    const email = (await ask.resend({ challenge: start.challenge, channel: 'email' })).body;
    stack.clock.advance(60);
    // The wait is over, and still a switch wants a code, not another message.
    const back = await ask.resend({ challenge: email.challenge, channel: 'sms' });
    expect([back.status, messages(stack)]).toEqual([200, 2]);
    expect((await ask.check(back.body.challenge, stack.code(PHONE))).status).toBe(200);
  });
});
