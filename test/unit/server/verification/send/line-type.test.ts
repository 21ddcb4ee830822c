/** The look-up of a number before the first code goes there: what is sent then, what it costs, and when it is not made. */
import { describe, expect, it } from 'vitest';
import { createStack, EMAIL, OTHER_PHONE, PHONE, type StackOptions } from '../../../../support/backend-stack.js';

const LOOKUP = '/PhoneNumbers/';

const looking = (
  { twilio, ...options }: StackOptions = {},
  line?: 'landline' | 'nonFixedVoip' | 'premium' | 'unknown',
) =>
  createStack({
    ...options,
    twilio: { lookup: true, ...twilio },
    emulator: { ...(line ? { lineTypes: { [PHONE]: line } } : {}), ...options.emulator },
  });

describe('a number', () => {
  it('is looked up once a day, before the first code, and not if it is an address or nobody asked for it', async () => {
    const stack = await looking();
    const { challenge } = (await stack.as('ada').contact({ to: PHONE })).body;
    expect(stack.calls()).toEqual([expect.stringMatching(/^GET .*PhoneNumbers.*14155552671$/), 'POST /Verifications']);
    stack.clock.advance(60);
    await stack.as('ada').resend({ challenge });
    await stack.as('bob').contact({ to: PHONE });
    await stack.as('ada').contact({ to: EMAIL });
    expect(stack.calls(LOOKUP)).toHaveLength(1);
    stack.clock.advance(86_400);
    await stack.as('ada').contact({ to: PHONE });
    expect(stack.calls(LOOKUP)).toHaveLength(2);
    const plain = await createStack();
    await plain.as('ada').contact({ to: PHONE });
    expect(plain.calls(LOOKUP)).toHaveLength(0);
  });

  it('that is a landline is called, at once and from then on, in a language that calls speak', async () => {
    const stack = await looking({}, 'landline');
    const { status, body } = await stack.as(null).contact({ to: PHONE, locale: 'ar' });
    expect([status, body.channel, body.methods.map(({ channel }) => channel)]).toEqual([201, 'call', ['call']]);
    expect(stack.emulator.outbox.latest(PHONE)?.channel).toBe('call');
    expect((await stack.as(null).check(body.challenge, stack.code(PHONE))).status).toBe(200);
    stack.clock.advance(60);
    expect((await stack.as(null).contact({ to: PHONE, channel: 'sms' })).problem).toBe('unsupported-channel');
    expect((await stack.as(null).contact({ to: PHONE })).body.channel).toBe('call');
  });

  it('that is a landline gets nothing where a text was asked for, or calls are off', async () => {
    const texting = await looking({}, 'landline');
    expect((await texting.as(null).contact({ to: PHONE, channel: 'sms' })).problem).toBe('unsupported-channel');
    const silent = await looking({ channels: ['sms', 'email'] }, 'landline');
    expect((await silent.as(null).contact({ to: PHONE })).problem).toBe('unsupported-contact');
    expect([...texting.emulator.outbox.list(), ...silent.emulator.outbox.list()]).toEqual([]);
  });

  it.each([
    ['premium', undefined, 'unsupported-contact'],
    ['nonFixedVoip', undefined, 'unsupported-contact'],
    ['nonFixedVoip', ['mobile', 'fixed-line-or-mobile', 'voip'], null],
    ['unknown', undefined, null],
  ] as const)('that is %s, where %j are sent to, gets %s', async (line, numberTypes, problem) => {
    const stack = await looking(numberTypes ? { numberTypes } : {}, line);
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe(problem);
    expect(stack.emulator.outbox.list()).toHaveLength(problem === null ? 1 : 0);
  });

  it('that does not exist is told so', async () => {
    const stack = await looking({ emulator: { strictNumbers: (to) => to !== PHONE } });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('invalid-contact');
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('invalid-contact');
    expect(stack.calls()).toHaveLength(1);
  });

  it('that is a second factor is not looked up: a change of provider locks nobody out', async () => {
    const stack = await looking({ twoFactor: { required: 'always' } }, 'nonFixedVoip');
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    expect((await stack.as('ada').twoFactor()).status).toBe(201);
    expect(stack.calls(LOOKUP)).toHaveLength(0);
  });
});

describe('what it costs', () => {
  it('is bounded as messages are: counted first, refused numbers included, and known ones are free', async () => {
    const stack = await looking({ emulator: { lineTypes: { '+1': 'premium' } } });
    const problems = new Set<string | null>();
    for (let i = 0; i < 60; i += 1) problems.add((await stack.as(null).contact({ to: `+1415555${2000 + i}` })).problem);
    expect(problems).toEqual(new Set(['unsupported-contact', 'too-many-sends']));
    expect(stack.calls(LOOKUP)).toHaveLength(20);
    expect((await stack.as(null).contact({ to: '+14155552000' })).problem).toBe('unsupported-contact');
    expect(stack.calls()).toHaveLength(20);
  });

  it('comes after the host’s own question, so that a captcha guards it as well', async () => {
    const stack = await looking({ beforeSend: () => false });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('blocked');
    expect(stack.calls()).toEqual([]);
  });

  it('is one look-up, however many ask at once', async () => {
    const stack = await looking({}, 'premium');
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => stack.as(`user-${i}`).contact({ to: PHONE })),
    );
    expect(new Set(answers.map(({ problem }) => problem))).toEqual(new Set(['unsupported-contact']));
    expect(stack.calls()).toHaveLength(1);
  });
});

describe('without an answer', () => {
  it('nothing is sent', async () => {
    for (const fault of [{ kind: 'reset-after' as const }, { status: 500 }, { kind: 'html-502' as const }]) {
      const stack = await looking();
      stack.emulator.faults.add({ path: LOOKUP, ...fault });
      expect((await stack.as(null).contact({ to: OTHER_PHONE })).problem).toBe('unavailable');
      expect(stack.emulator.outbox.list()).toEqual([]);
      stack.clock.advance(30);
      expect((await stack.as(null).contact({ to: OTHER_PHONE })).status).toBe(201);
    }
  });

  it('and with refused credentials it is misconfigured, and costs no wait', async () => {
    const stack = await looking();
    stack.emulator.faults.add({ path: LOOKUP, code: 20003, status: 401 });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('misconfigured');
    expect((await stack.as(null).contact({ to: PHONE })).status).toBe(201);
  });
});
