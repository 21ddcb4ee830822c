/** The look-up of a number before the first code goes there: what is sent afterwards, what it costs, and when it does not happen. */
import { describe, expect, it } from 'vitest';
import { memoryStore, StoreError } from '../../../../../src/server/index.js';
import { createStack, EMAIL, OTHER_PHONE, PHONE, type StackOptions } from '../../../../support/backend-stack.js';

const LOOKUP = '/PhoneNumbers/';

const withLookup = (
  { twilio, ...options }: StackOptions = {},
  line?: 'landline' | 'fixedVoip' | 'nonFixedVoip' | 'personal' | 'premium' | 'unknown',
) =>
  createStack({
    ...options,
    twilio: { lookup: true, ...twilio },
    emulator: { ...(line ? { lineTypes: { [PHONE]: line } } : {}), ...options.emulator },
  });

describe('a number', () => {
  it('is looked up once a day, before its first code; e-mail addresses are not, and nothing is if the host does not want it', async () => {
    const stack = await withLookup();
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
    const stack = await withLookup({}, 'landline');
    const { status, body } = await stack.as(null).contact({ to: PHONE, locale: 'ar' });
    expect([status, body.channel, body.methods.map(({ channel }) => channel)]).toEqual([201, 'call', ['call']]);
    expect(stack.emulator.outbox.latest(PHONE)?.channel).toBe('call');
    expect((await stack.as(null).check(body.challenge, stack.code(PHONE))).status).toBe(200);
    stack.clock.advance(60);
    for (const channel of ['sms', undefined] as const)
      expect((await stack.as(null).contact({ to: PHONE, channel })).body.channel).toBe('call');
  });

  it('that turns out to be a landline is called in the language of a direct call', async () => {
    const spoken = async (options: StackOptions, line: 'landline' | 'unknown', body: object) => {
      const bodies: URLSearchParams[] = [];
      const stack = await withLookup(
        {
          ...options,
          twilio: {
            async transport(request) {
              if (request.method === 'POST') bodies.push(new URLSearchParams(await request.clone().text()));
              return stack.emulator.fetch(request);
            },
          },
        },
        line,
      );
      await stack.as(null).contact({ to: PHONE, ...body });
      return bodies.map((one) => [one.get('Channel'), one.get('Locale')]);
    };
    for (const [locale, expected] of [
      ['en-GB', 'en-GB'],
      ['en_GB', 'en-GB'],
      ['no', 'nb'],
      ['ar', null],
    ]) {
      const direct = await spoken({}, 'unknown', { channel: 'call', locale });
      expect(direct).toEqual([['call', expected]]);
      expect(await spoken({}, 'landline', { locale })).toEqual(direct);
    }
  });

  it('that is a landline is called where the page prefers text messages, and gets nothing by WhatsApp or if calls are off', async () => {
    const texting = await withLookup({}, 'landline');
    expect((await texting.as(null).contact({ to: PHONE, channel: 'sms' })).body.channel).toBe('call');
    expect(texting.emulator.outbox.list().map(({ channel }) => channel)).toEqual(['call']);
    const writing = await withLookup({ channels: ['sms', 'call', 'whatsapp'] }, 'landline');
    expect((await writing.as(null).contact({ to: PHONE, channel: 'whatsapp' })).problem).toBe('unsupported-channel');
    const silent = await withLookup({ channels: ['sms', 'email'] }, 'landline');
    expect((await silent.as(null).contact({ to: PHONE })).problem).toBe('unsupported-contact');
    expect([...writing.emulator.outbox.list(), ...silent.emulator.outbox.list()]).toEqual([]);
  });

  it.each([
    ['premium', undefined, 'unsupported-contact'],
    ['nonFixedVoip', undefined, 'unsupported-contact'],
    ['nonFixedVoip', ['mobile', 'fixed-line-or-mobile', 'voip'], null],
    ['fixedVoip', ['mobile', 'fixed-line-or-mobile', 'voip'], null],
    ['personal', ['mobile', 'fixed-line-or-mobile', 'personal'], null],
    ['unknown', undefined, null],
  ] as const)('that is %s, with the number types %j, gets %s', async (line, numberTypes, problem) => {
    const stack = await withLookup(numberTypes ? { numberTypes } : {}, line);
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe(problem);
    // By text message: only a landline is called.
    expect(stack.emulator.outbox.list().map(({ channel }) => channel)).toEqual(problem === null ? ['sms'] : []);
  });

  it('keeps its channel when it is looked up between a message and the next', async () => {
    const before = await createStack();
    const { challenge } = (await before.as('ada').contact({ to: PHONE, channel: 'whatsapp' })).body;
    const stack = await createStack({ sharing: before, store: before.store, twilio: { lookup: true } });
    stack.clock.advance(30);
    expect((await stack.as('ada').resend({ challenge })).body.channel).toBe('whatsapp');
    expect(stack.calls(LOOKUP)).toHaveLength(1);
  });

  it('is texted again once the host wants no look-ups any more, whatever an earlier one said', async () => {
    const before = await withLookup({}, 'landline');
    await before.as('ada').contact({ to: PHONE });
    const stack = await createStack({ sharing: before, store: before.store });
    stack.clock.advance(30);
    const { challenge } = (await stack.as('ada').contact({ to: PHONE, channel: 'sms' })).body;
    stack.clock.advance(40);
    expect((await stack.as('ada').resend({ challenge, channel: 'sms' })).status).toBe(200);
  });

  it('that does not exist is invalid, and is looked up once', async () => {
    const stack = await withLookup({ emulator: { strictNumbers: (to) => to !== PHONE } });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('invalid-contact');
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('invalid-contact');
    expect(stack.calls()).toHaveLength(1);
  });

  it('that Twilio does not text, since it is a landline in North America, is called at once, and counts as one send', async () => {
    const service = { lookupEnabled: true, skipSmsToLandlines: true, landlines: [PHONE] };
    const landline = { services: [1, 2].map((n) => ({ sid: `VA${String(n).repeat(32)}`, ...service })) };
    const stack = await createStack({ emulator: landline, limits: { sends: { destination: 1 } } });
    const { status, body } = await stack.as(null).contact({ to: PHONE });
    expect([status, body.channel, body.methods.map(({ channel }) => channel)]).toEqual([201, 'call', ['call']]);
    expect((await stack.as(null).check(body.challenge, stack.code(PHONE))).status).toBe(200);
    expect(stack.calls('/Verifications')).toHaveLength(2);
    expect(stack.events.filter(({ type }) => type.startsWith('code-'))).toMatchObject([
      { type: 'code-sent', channel: 'call', resent: false },
      { type: 'code-checked', approved: true },
    ]);
    const texting = await createStack({ emulator: landline });
    expect((await texting.as(null).contact({ to: PHONE, channel: 'sms' })).body.channel).toBe('call');
    const silent = await createStack({ emulator: landline, channels: ['sms', 'email'] });
    expect((await silent.as(null).contact({ to: PHONE })).problem).toBe('unsupported-channel');
    expect(silent.emulator.outbox.list()).toEqual([]);
    const signedIn = await createStack({ emulator: landline, twoFactor: { required: 'always' } });
    await signedIn.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    expect((await signedIn.as('ada').twoFactor()).body.channel).toBe('call');
  });

  it('that is a second factor is not looked up: a change of provider locks nobody out', async () => {
    const stack = await withLookup({ twoFactor: { required: 'always' } }, 'nonFixedVoip');
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    expect((await stack.as('ada').twoFactor()).status).toBe(201);
    expect(stack.calls(LOOKUP)).toHaveLength(0);
  });
});

describe('a look-up', () => {
  it('counts as a message, even if the number is refused; a known number costs no look-up', async () => {
    const stack = await withLookup({ emulator: { lineTypes: { '+1': 'premium' } } });
    const problems = new Set<string | null>();
    for (let i = 0; i < 60; i += 1) problems.add((await stack.as(null).contact({ to: `+1415555${2000 + i}` })).problem);
    expect(problems).toEqual(new Set(['unsupported-contact', 'too-many-sends']));
    expect(stack.calls(LOOKUP)).toHaveLength(20);
    expect((await stack.as(null).contact({ to: '+14155552000' })).problem).toBe('unsupported-contact');
    expect(stack.calls()).toHaveLength(20);
  });

  it('comes after beforeSend, so that a captcha protects it too', async () => {
    const stack = await withLookup({ beforeSend: () => false });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('blocked');
    expect(stack.calls()).toEqual([]);
  });

  it('happens once, however many requests come at once', async () => {
    const stack = await withLookup({}, 'premium');
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => stack.as(`user-${i}`).contact({ to: PHONE })),
    );
    expect(new Set(answers.map(({ problem }) => problem))).toEqual(new Set(['unsupported-contact']));
    expect(stack.calls()).toHaveLength(1);
  });
});

describe('a failed look-up', () => {
  it('sends nothing', async () => {
    for (const fault of [{ kind: 'reset-after' as const }, { status: 500 }, { kind: 'html-502' as const }]) {
      const stack = await withLookup();
      stack.emulator.faults.add({ path: LOOKUP, ...fault });
      expect((await stack.as(null).contact({ to: OTHER_PHONE })).problem).toBe('unavailable');
      expect(stack.emulator.outbox.list()).toEqual([]);
      stack.clock.advance(30);
      expect((await stack.as(null).contact({ to: OTHER_PHONE })).status).toBe(201);
    }
  });

  it('that Twilio refuses because of the number says so', async () => {
    const stack = await withLookup();
    stack.emulator.faults.add({ path: LOOKUP, status: 400, code: 60200 });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('invalid-contact');
  });

  it('without an answer stays counted, since it may have been paid', async () => {
    const stack = await withLookup();
    stack.emulator.faults.add({ path: LOOKUP, kind: 'reset-after' });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('unavailable');
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('resend-too-soon');
  });

  it('that was not even tried counts as nothing', async () => {
    const limits = { sends: { address: { perHour: 12, perDay: 12 }, tries: 1, backoff: [] } };
    const stack = await withLookup({ limits });
    stack.emulator.faults.add({ path: LOOKUP, kind: 'reset-before', times: Infinity });
    // After the fifth, the circuit breaker is open and nothing is called.
    for (let i = 0; i < 30; i += 1) expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('unavailable');
    expect(stack.calls(LOOKUP).length).toBeLessThan(10);
    stack.emulator.faults.clear();
    stack.clock.advance(30);
    expect((await stack.as(null).contact({ to: PHONE })).status).toBe(201);
  });

  it('because the store failed is told as a failure of the store', async () => {
    const store = memoryStore();
    const stack = await withLookup({ store });
    const set = store.set.bind(store);
    store.set = (key, ...rest) =>
      key.startsWith('line-type.') ? Promise.reject(new StoreError('gone')) : set(key, ...rest);
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('unavailable');
    expect(stack.events).toContainEqual({ type: 'unavailable', component: 'store', reason: 'gone' });
  });

  it('with refused credentials is misconfigured, and costs no wait', async () => {
    const stack = await withLookup();
    stack.emulator.faults.add({ path: LOOKUP, code: 20003, status: 401 });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('misconfigured');
    expect((await stack.as(null).contact({ to: PHONE })).status).toBe(201);
  });
});
