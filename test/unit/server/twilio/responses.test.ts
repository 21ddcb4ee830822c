/** Every read of a response of Twilio's: a field of another type, another account, service or contact, or an unknown status counts for nothing. */
import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../../../src/emulator/index.js';
import { TwilioError } from '../../../../src/server/twilio/errors.js';
import { createVerifyClient, type VerifyClient } from '../../../../src/server/twilio/verify-client.js';
import { PHONE } from '../../../support/backend-stack.js';

type Body = Record<string, unknown>;
const other = (prefix: string) => prefix + '0'.repeat(32);

/** A client with a code that was sent, and a way to change the responses that follow. */
async function afterSend() {
  const emulator = createEmulator();
  const { accountSid, apiKey, apiSecret } = emulator.credentials;
  const seen: string[] = [];
  let change: ((body: Body) => unknown) | undefined;
  const verify = createVerifyClient({
    accountSid,
    apiKey,
    apiSecret,
    contactService: emulator.services.contact,
    twoFactorService: emulator.services.twoFactor,
    async transport(request) {
      seen.push(request.url);
      const response = await emulator.fetch(request);
      return change ? Response.json(change((await response.json()) as Body), { status: response.status }) : response;
    },
  });
  const { sid } = await verify.send('contact', PHONE, 'sms');
  const code = emulator.outbox.latest(PHONE)?.code ?? '';
  const changing = (how: (body: Body) => unknown) => void (change = how);
  return { verify, sid, code, emulator, changing, seen };
}
type Sent = Awaited<ReturnType<typeof afterSend>>;

/** A read: the call, what it gives for Twilio's true response, and what each field may not be. `absent` is a field that is left out. */
interface Read {
  call(verify: VerifyClient, sent: Sent): Promise<unknown>;
  truth: unknown;
  fields: Record<string, unknown[]>;
}
const absent = Symbol('absent');
const noText = (value: string) => [absent, null, 7, true, {}, [value]];
const noBoolean = [absent, null, 0, 'true', [true]];

const verification = {
  account_sid: [...noText('AC'), other('AC')],
  service_sid: [...noText('VA'), other('VA')],
  to: [...noText(PHONE), '+447400123456', ` ${PHONE}`],
};
const active = {
  ...verification,
  sid: [...noText(other('VE')), 'VE1', other('VA')],
  status: [...noText('pending'), 'okay', 'PENDING', ''],
  send_code_attempts: [absent, null, 'sms', {}, [null], [{}], [{ time: 7 }]],
};

const reads: Record<string, Read> = {
  send: {
    call: (verify) => verify.send('contact', PHONE, 'call'),
    truth: expect.objectContaining({ sends: 2 }),
    fields: { ...active, status: [...active.status, 'approved', 'canceled'] },
  },
  findPending: {
    call: (verify) => verify.findPending('contact', PHONE),
    truth: expect.objectContaining({ sends: 1 }),
    fields: active,
  },
  cancel: {
    call: (verify, { sid }) => verify.cancel('contact', sid),
    truth: undefined,
    fields: {
      account_sid: verification.account_sid,
      service_sid: verification.service_sid,
      sid: [...active.sid, other('VE')],
      status: [...active.status, 'pending'],
    },
  },
  check: {
    call: (verify, { sid, code }) => verify.check('contact', sid, PHONE, code),
    truth: 'approved',
    fields: {
      ...verification,
      sid: [...active.sid, other('VE')],
      status: [...noText('approved'), 'okay', 'APPROVED', ''],
      valid: [false, null, 'true', 1, [true]],
    },
  },
  lineType: {
    call: (verify) => verify.lineType(PHONE),
    truth: 'mobile',
    fields: {
      phone_number: [...noText(PHONE), '+447400123456'],
      valid: noBoolean,
      line_type_intelligence: ['mobile', ['mobile'], {}, { type: ['mobile'] }, { type: 1 }],
    },
  },
  settings: {
    call: (verify) => verify.settings('contact'),
    truth: expect.objectContaining({ codeLength: 6, psd2: false }),
    fields: {
      sid: [...noText('VA'), other('VA')],
      account_sid: verification.account_sid,
      friendly_name: noText('Shop'),
      code_length: [absent, null, 'six', {}],
      psd2_enabled: noBoolean,
      custom_code_enabled: noBoolean,
      whatsapp: ['yes', ['yes'], { from: ['yes'] }, { msg_service_sid: 1 }],
    },
  },
};

const rows = Object.entries(reads).flatMap(([name, { fields }]) =>
  Object.entries(fields).flatMap(([field, values]) => values.map((value) => ({ name, field, value }))),
);

describe('a response', () => {
  it.each(Object.entries(reads))('of Twilio’s to %s is read', async (_, { call, truth }) => {
    const sent = await afterSend();
    expect(await call(sent.verify, sent)).toEqual(truth);
  });

  it.each(rows)('to $name whose $field is $value counts for nothing', async ({ name, field, value }) => {
    const sent = await afterSend();
    sent.changing(({ [field]: _, ...rest }) => (value === absent ? rest : { ...rest, [field]: value }));
    const error = await reads[name]?.call(sent.verify, sent).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(TwilioError);
    expect(['mismatched', 'indeterminate']).toContain((error as TwilioError).kind);
  });

  it.each(
    [...Object.keys(reads), 'wasConverted'].flatMap((name) =>
      [null, [], {}, 'approved', true].map((body) => ({ name, body })),
    ),
  )('to $name that is $body as a whole counts for nothing', async ({ name, body }) => {
    const sent = await afterSend();
    sent.changing(() => body);
    const call = reads[name]?.call(sent.verify, sent) ?? sent.verify.wasConverted('contact', sent.sid);
    await expect(call).rejects.toBeInstanceOf(TwilioError);
  });
});

describe('the list of attempts', () => {
  /** The attempts after an approval, each changed. */
  async function converted(change: Body): Promise<boolean | TwilioError> {
    const { verify, sid, code, changing } = await afterSend();
    await verify.check('contact', sid, PHONE, code);
    changing(({ attempts, ...rest }) => ({
      ...rest,
      attempts: (attempts as Body[]).map((one) => ({ ...one, ...change })),
    }));
    return await verify.wasConverted('contact', sid).catch((error: unknown) => error as TwilioError);
  }

  it('says that a verification was approved, in any case of the word', async () => {
    expect(await converted({})).toBe(true);
    expect(await converted({ conversion_status: 'CONVERTED' })).toBe(true);
  });

  it.each([
    { conversion_status: 'unconverted' },
    { conversion_status: 'approved' },
    { account_sid: other('AC') },
    { service_sid: other('VA') },
    { verification_sid: other('VE') },
  ])('proves nothing with an attempt whose %j', async (change) => {
    expect(await converted(change)).toBe(false);
  });

  it.each(
    ['conversion_status', 'account_sid', 'service_sid', 'verification_sid'].flatMap((field) =>
      [undefined, null, 7, true, {}, ['converted']].map((value) => ({ field, value })),
    ),
  )('proves nothing with an attempt whose $field is $value', async ({ field, value }) => {
    expect(await converted({ [field]: value })).toMatchObject({ kind: 'indeterminate' });
  });

  it('is read from one page: no page on another host is fetched with the credentials', async () => {
    const { verify, sid, changing, seen } = await afterSend();
    changing((body) => ({ ...body, meta: { key: 'attempts', next_page_url: 'https://elsewhere.example/next' } }));
    expect(await verify.wasConverted('contact', sid)).toBe(false);
    expect(seen.filter((url) => !url.startsWith('https://verify.twilio.com/'))).toEqual([]);
  });
});

it('a delivery is that of the last message in time, if Twilio names one', async () => {
  const { verify, changing } = await afterSend();
  const [one, other] = [`VL${'1'.repeat(32)}`, `VL${'2'.repeat(32)}`];
  const latest = async (...send_code_attempts: object[]) => {
    changing((body) => ({ ...body, send_code_attempts }));
    return (await verify.findPending('contact', PHONE))?.attempt;
  };
  const [early, late] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:05Z'];
  expect(await latest({ attempt_sid: one, time: early }, { attempt_sid: other, time: late })).toBe(other);
  expect(await latest({ attempt_sid: one, time: late }, { attempt_sid: other, time: early })).toBe(one);
  expect(await latest({ attempt_sid: one, time: late }, { attempt_sid: other, time: late })).toBe(other);
  expect(await latest()).toBeUndefined();
  for (const attempt_sid of [undefined, null, 7, 'VL1', `VE${'1'.repeat(32)}`, `${one}/../x`])
    expect(await latest({ attempt_sid, time: late })).toBeUndefined();
});

describe('what became of a message', () => {
  const delivery = async (change: object) => {
    const { verify, sid, changing } = await afterSend();
    const { attempt = '' } = (await verify.findPending('contact', PHONE)) ?? {};
    changing((body) => ({ ...body, ...change }));
    return await verify.delivery('contact', sid, attempt).catch((error: unknown) => error);
  };

  it.each([
    ['DELIVERED', 'delivered'],
    ['read', 'delivered'],
    ['accepted', 'under-way'],
    ['in-progress', 'under-way'],
    ['canceled', 'undelivered'],
    ['no-answer', 'undelivered'],
    ['partially_delivered', 'unknown'],
    ['', 'unknown'],
  ])('is read from the status of a message or of a call: %s is %s', async (status, expected) => {
    expect(await delivery({ channel_data: { message_status: status } })).toBe(expected);
    expect(await delivery({ channel_data: { call_status: status } })).toBe(expected);
    expect(await delivery({ channel_data: { message_status: null, call_status: status } })).toBe(expected);
  });

  it('is unknown without a status', async () => {
    expect(await delivery({ channel_data: {} })).toBe('unknown');
  });

  it.each(['sid', 'account_sid', 'service_sid', 'verification_sid'])('is not read if %s is another', async (field) => {
    expect(await delivery({ [field]: `VL${'9'.repeat(32)}` })).toMatchObject({ kind: 'mismatched' });
    expect(await delivery({ [field]: null })).toMatchObject({ kind: 'indeterminate' });
  });

  it.each([null, undefined, 'delivered', { message_status: 7 }, { message_status: ['delivered'] }])(
    'is not read from a field of another type: %j',
    async (channel_data) => {
      expect(await delivery({ channel_data })).toMatchObject({ kind: 'indeterminate' });
    },
  );
});

it('a number without a line type has an unknown one, and a number that does not exist has none', async () => {
  const { verify, changing } = await afterSend();
  for (const line_type_intelligence of [null, { type: null }]) {
    changing((body) => ({ ...body, line_type_intelligence }));
    expect(await verify.lineType(PHONE)).toBe('unknown');
  }
  changing((body) => ({ ...body, valid: false }));
  expect(await verify.lineType(PHONE)).toBe('invalid');
});

it.each([
  [{ from: '+1', msg_service_sid: null }, true],
  [{ from: null, msg_service_sid: 'MG1' }, true],
  [{ from: null, msg_service_sid: null }, false],
  [{}, false],
  [null, false],
])('a service whose whatsapp is %j has a sender: %s', async (whatsapp, expected) => {
  const { verify, changing } = await afterSend();
  changing((body) => ({ ...body, whatsapp }));
  expect((await verify.settings('contact')).whatsapp).toBe(expected);
});

it.each(['approved', 'canceled', 'max_attempts_reached', 'deleted', 'failed', 'expired'])(
  'a verification that is %s is not pending',
  async (status) => {
    const { verify, changing } = await afterSend();
    changing((body) => ({ ...body, status }));
    expect(await verify.findPending('contact', PHONE)).toBeNull();
  },
);

it('the age of a verification is that of its earliest send, and never negative or unknown', async () => {
  const { verify, changing } = await afterSend();
  const age = async (times: string[], date_updated = '2026-01-01T00:00:10Z') => {
    changing((body) => ({ ...body, date_updated, send_code_attempts: times.map((time) => ({ time })) }));
    return (await verify.findPending('contact', PHONE)) ?? {};
  };
  expect(await age(['2026-01-01T00:00:05Z', '2026-01-01T00:00:00.000Z'])).toMatchObject({ sends: 2, age: 10_000 });
  expect(await age(['2026-01-01T00:00:11Z'])).toMatchObject({ sends: 1, age: 0 });
  expect(await age(['yesterday'])).toMatchObject({ sends: 1, age: 0 });
  expect(await age([])).toMatchObject({ sends: 1, age: 0 });
});
