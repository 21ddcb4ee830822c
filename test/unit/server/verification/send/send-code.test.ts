/** Starting, resending and switching: how many messages go out, and what the limits count. */
import { describe, expect, it } from 'vitest';
import {
  createStack,
  EMAIL,
  OTHER_PHONE,
  PHONE,
  type Stack,
  type StackOptions,
} from '../../../../support/backend-stack.js';

const SEND = '/Verifications';

async function started(options: StackOptions = {}, user: string | null = null) {
  const stack = await createStack(options);
  const { body } = await stack.as(user).contact({ to: PHONE });
  return { stack, ask: stack.as(user), first: body };
}

const sends = (stack: Stack): number => stack.emulator.outbox.list().length;

describe('starting again', () => {
  it('within the wait sends nothing to that number, whoever starts, and the same code works', async () => {
    const { stack, ask, first } = await started();
    stack.clock.advance(10);
    const again = (await stack.as('ada').contact({ to: '+1 (415) 555-2671' })).body;
    // As for a number that nobody is verifying: nobody learns that somebody else is, and since when.
    expect(again).toMatchObject({ expiresIn: 600, resendIn: 30 });
    expect((await ask.contact({ to: PHONE })).body).toMatchObject({ expiresIn: 590, resendIn: 20 });
    expect(sends(stack)).toBe(1);
    expect((await ask.check(again.challenge, stack.code(PHONE))).problem).toBe('invalid-challenge');
    expect((await ask.check(first.challenge, stack.code(PHONE))).status).toBe(200);
  });

  it('after the wait sends the same code again, whose lifetime still counts from the first send', async () => {
    const { stack, ask, first } = await started();
    const code = stack.code(PHONE);
    stack.clock.advance(30);
    const again = (await ask.contact({ to: PHONE })).body;
    expect([sends(stack), stack.code(PHONE), again.expiresIn, again.resendIn]).toEqual([2, code, 570, 40]);
    expect((await ask.check(first.challenge, code)).status).toBe(200);
  });

  it('after changing the number and back sends nothing, and the first code is accepted', async () => {
    const { stack, ask, first } = await started();
    await ask.contact({ to: OTHER_PHONE });
    const back = (await ask.contact({ to: PHONE })).body;
    expect(sends(stack)).toBe(2);
    expect((await ask.check(back.challenge, stack.code(PHONE))).status).toBe(200);
    expect(first.challenge).not.toBe(back.challenge);
  });

  it('fifty times at once, by fifty people, sends once, and everybody gets a challenge', async () => {
    const stack = await createStack({ emulator: { wait: () => new Promise((resolve) => setTimeout(resolve, 20)) } });
    stack.emulator.faults.add({ path: SEND, kind: 'delay', delayMs: 20 });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => stack.as(`user-${i}`).contact({ to: PHONE })),
    );
    expect(answers.map(({ status }) => status)).toEqual(new Array(50).fill(201));
    expect(sends(stack)).toBe(1);
  });

  it('fifty times at once for a number that Twilio blocks makes one call, and everybody gets the problem', async () => {
    const stack = await createStack();
    stack.emulator.faults.add({ path: SEND, code: 60410, times: Infinity });
    const answers = await Promise.all(Array.from({ length: 50 }, () => stack.as(null).contact({ to: PHONE })));
    expect(new Set(answers.map(({ problem }) => problem))).toEqual(new Set(['blocked']));
    expect(stack.calls(SEND)).toHaveLength(1);
  });
});

describe('resending', () => {
  it('waits 30, 40, 60, 90 seconds, and after Twilio’s fifth send until the code can be renewed', async () => {
    const { stack, ask, first } = await started();
    let challenge = first;
    const waits = [first.resendIn];
    for (let i = 0; i < 4; i += 1) {
      stack.clock.advance(challenge.resendIn - 1);
      const soon = await ask.resend({ challenge: challenge.challenge });
      expect(soon.body).toMatchObject({ code: 'resend-too-soon', retryIn: 1 });
      expect(soon.response.headers.get('retry-after')).toBe('1');
      stack.clock.advance(1);
      challenge = (await ask.resend({ challenge: challenge.challenge })).body;
      waits.push(challenge.resendIn);
    }
    expect(waits).toEqual([30, 40, 60, 90, 260]);
    expect(challenge.expiresIn).toBe(380);
    stack.clock.advance(200);
    expect((await ask.resend({ challenge: challenge.challenge })).body).toMatchObject({
      code: 'resend-too-soon',
      retryIn: 60,
    });
    expect(sends(stack)).toBe(5);
    const code = stack.code(PHONE);
    stack.clock.advance(60);
    const fresh = (await ask.resend({ challenge: challenge.challenge })).body;
    expect([sends(stack), fresh.expiresIn, fresh.resendIn]).toEqual([6, 600, 260]);
    expect((await ask.check(first.challenge, code)).problem).toBe('code-expired');
    expect((await ask.check(fresh.challenge, stack.code(PHONE))).status).toBe(200);
  });

  it('after five messages and a right code is free again: the next start sends a new code', async () => {
    const { stack, ask, first } = await started({ limits: { sends: { backoff: [30] } } });
    let challenge = first;
    for (let i = 0; i < 4; i += 1) {
      stack.clock.advance(30);
      challenge = (await ask.resend({ challenge: challenge.challenge })).body;
    }
    expect((await ask.check(challenge.challenge, stack.code(PHONE))).status).toBe(200);
    stack.clock.advance(30);
    const fresh = (await ask.contact({ to: PHONE })).body;
    expect([sends(stack), fresh.expiresIn]).toEqual([6, 600]);
    expect((await ask.check(fresh.challenge, stack.code(PHONE))).status).toBe(200);
  });

  it('with less than two minutes left cancels the code and sends a new one with its full lifetime; the counters go on', async () => {
    const { stack, ask, first } = await started();
    const code = stack.code(PHONE);
    stack.clock.advance(481);
    const { body } = await ask.resend({ challenge: first.challenge });
    expect(body).toMatchObject({ expiresIn: 600, resendIn: 40 });
    expect(stack.calls()).toEqual([
      'POST /Verifications',
      expect.stringMatching(/^POST \/Verifications\/VE/),
      'POST /Verifications',
    ]);
    expect((await ask.check(first.challenge, code)).problem).toBe('code-expired');
    expect((await ask.check(body.challenge, stack.code(PHONE))).status).toBe(200);
  });

  it('an expired challenge resends nothing', async () => {
    const { stack, ask, first } = await started();
    stack.clock.advance(600);
    expect((await ask.resend({ challenge: first.challenge })).problem).toBe('code-expired');
    expect(sends(stack)).toBe(1);
  });

  it('fifty times at once sends once', async () => {
    const { stack, ask, first } = await started();
    stack.clock.advance(30);
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask.resend({ challenge: first.challenge })));
    expect(sends(stack)).toBe(2);
    expect(answers.every(({ status, problem }) => status === 200 || problem === 'resend-too-soon')).toBe(true);
  });

  it('as a call goes to the same number with the same code, after the same wait, and is offered from the third attempt on', async () => {
    const { stack, ask, first } = await started();
    const offered = ({ methods }: typeof first) => methods.map(({ channel }) => channel);
    expect(offered(first)).toEqual(['sms', 'whatsapp']);
    expect((await ask.resend({ challenge: first.challenge, channel: 'call' })).problem).toBe('resend-too-soon');
    stack.clock.advance(30);
    const second = (await ask.resend({ challenge: first.challenge })).body;
    expect(offered(second)).toEqual(['sms', 'call', 'whatsapp']);
    stack.clock.advance(40);
    const call = (await ask.resend({ challenge: second.challenge, channel: 'call' })).body;
    expect([call.channel, stack.emulator.outbox.latest(PHONE)?.channel]).toEqual(['call', 'call']);
    const { body } = await ask.check(call.challenge, stack.code(PHONE));
    expect((await stack.verify(body.proof)).amr).toEqual(['tel']);
  });

  it('to another destination is not possible for a contact', async () => {
    const { ask, first } = await started();
    expect((await ask.resend({ challenge: first.challenge, channel: 'email' })).problem).toBe('unsupported-channel');
  });

  it('relies on the challenge if the store has lost its records', async () => {
    const { stack, first } = await started();
    stack.clock.advance(200);
    const fresh = await createStack({ sharing: stack });
    const { body } = await fresh.as(null).resend({ challenge: first.challenge });
    expect(body.expiresIn).toBe(400);
    const other = await createStack({ sharing: stack });
    expect((await other.as(null).contact({ to: PHONE })).body.expiresIn).toBe(400);
  });
});

describe('a landline and a language', () => {
  it('a landline is called, never texted', async () => {
    const stack = await createStack();
    const { body } = await stack.as(null).contact({ to: '+442079460018', locale: 'de-AT' });
    expect(body).toMatchObject({ channel: 'call', methods: [{ channel: 'call' }] });
    const asked = await stack.as(null).contact({ to: '+442079460018', channel: 'sms' });
    expect(asked.body).toMatchObject({ channel: 'call' });
    const onlyTexts = await createStack({ channels: ['sms'] });
    expect((await onlyTexts.as(null).contact({ to: '+442079460018' })).problem).toBe('unsupported-contact');
  });

  it('a region is dropped, and a language that Twilio does not speak is left out', async () => {
    const bodies: string[] = [];
    const stack = await createStack({
      twilio: {
        async transport(request) {
          bodies.push(await request.clone().text());
          return stack.emulator.fetch(request);
        },
      },
    });
    for (const [to, locale] of [
      [PHONE, 'de-AT'],
      [OTHER_PHONE, 'eo'],
      [EMAIL, 'de'],
    ])
      await stack.as(null).contact({ to, locale });
    expect(bodies.map((body) => new URLSearchParams(body).get('Locale'))).toEqual(['de', null, null]);
  });
});

describe('beforeSend', () => {
  it('sees what is about to be sent, and may refuse it at no cost', async () => {
    const seen: unknown[] = [];
    let answer: boolean | void = false;
    const stack = await createStack({
      beforeSend({ contact, channel, purpose, subject, address, extra, request }) {
        seen.push({ contact, channel, purpose, subject, address, extra, agent: request.headers.get('user-agent') });
        return answer;
      },
    });
    const headers = { 'user-agent': 'test', cookie: 'session=ada' };
    const post = () => stack.post('contact', { to: PHONE, extra: { captcha: 'x' } }, headers);
    expect(((await (await post()).json()) as { code: string }).code).toBe('blocked');
    expect(stack.calls()).toEqual([]);
    answer = undefined;
    expect((await post()).status).toBe(201);
    expect(seen[0]).toEqual({
      contact: { type: 'phone', value: PHONE },
      channel: 'sms',
      purpose: 'contact',
      subject: 'ada',
      address: '198.51.100.7',
      extra: { captcha: 'x' },
      agent: 'test',
    });
  });

  it('that fails sends nothing, and its error message is not passed on', async () => {
    const stack = await createStack({ beforeSend: () => Promise.reject(new Error(`captcha of ${PHONE}`)) });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('unavailable');
    expect(stack.calls()).toEqual([]);
    expect(JSON.stringify(stack.events)).not.toContain(PHONE);
  });
});
