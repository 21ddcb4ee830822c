/** Every operation and every query parameter of Twilio's OpenAPI documents: the emulator reads it, or says that it does not. */
import { describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../../../src/emulator/index.js';
import { functionClient } from '../../support/emulator-client.js';
import { post } from '../../support/emulator-account.js';
import { loadTwilioDocuments } from '../../support/twilio-openapi.js';

const documents = await loadTwilioDocuments();
const template = { sid: `HJ${'b'.repeat(32)}`, text: '{{code}}', friendlyName: 'Short' };
const now = Date.parse('2026-01-01T00:00:00Z');

/** An account with two of everything that can be listed, and the paths' variables for it. */
async function fill() {
  const emulator = createEmulator({ templates: [template], now: () => now });
  const { verify } = functionClient(emulator);
  const { contact, twoFactor } = emulator.services;
  const service = verify.v2.services(contact);
  await verify.v2.services(twoFactor).verifications.create({ to: '+4915112345678', channel: 'call' });
  emulator.clock.advance(86_400);
  const { sid: approved } = await service.verifications.create({ to: '+14155550100', channel: 'sms' });
  const code = emulator.outbox.latest('+14155550100')?.code ?? '';
  await service.verificationChecks.create({ verificationSid: approved, code });
  const { sid: pending } = await service.verifications.create({ to: '+14155550100', channel: 'sms' });
  const limit = await service.rateLimits.create({ uniqueName: 'one' });
  await service.rateLimits.create({ uniqueName: 'two' });
  const bucket = await service.rateLimits(limit.sid).buckets.create({ max: 1, interval: 60 });
  await service.rateLimits(limit.sid).buckets.create({ max: 2, interval: 70 });
  await verify.v2.safelist.create({ phoneNumber: '+14155550100' });
  const factors: string[] = [];
  for (const identity of ['somebody-8', 'somebody-9']) await service.entities.create({ identity });
  for (const friendlyName of ['One', 'Two']) {
    const entity = service.entities('somebody-8');
    const factor = await entity.newFactors.create({ friendlyName, factorType: 'totp' });
    const authPayload = (await emulator.totp('somebody-8')) ?? '';
    await entity.factors(factor.sid).update({ authPayload });
    await entity.challenges.create({ factorSid: factor.sid, ...(friendlyName === 'Two' ? {} : { authPayload }) });
    factors.push(factor.sid);
  }
  const [challenge] = await service.entities('somebody-8').challenges.list();
  const [attempt] = await verify.v2.verificationAttempts.list();
  const variables: Record<string, string> = {
    ServiceSid: contact,
    RateLimitSid: limit.sid,
    PhoneNumber: '+14155550100',
    Identity: 'somebody-8',
    ChallengeSid: challenge?.sid ?? '',
  };
  /** What `{Sid}` stands for at the end of a path. */
  const sids: Record<string, string> = {
    Services: contact,
    Verifications: pending,
    RateLimits: limit.sid,
    Buckets: bucket.sid,
    Attempts: attempt?.sid ?? '',
    Factors: factors[0] ?? '',
    Challenges: challenge?.sid ?? '',
  };
  const pathOf = (pattern: string) =>
    pattern.replace(/(\w+)\/\{(\w+)\}/g, (_, parent: string, name: string) => {
      const value = name === 'Sid' ? (sids[parent] ?? `XX${'0'.repeat(32)}`) : (variables[name] ?? 'anything');
      return `${parent}/${encodeURIComponent(value)}`;
    });
  return { emulator, pathOf, approved, factor: factors[0] ?? '' };
}

async function get(emulator: Emulator, path: string, query: Record<string, string>) {
  const response = await post(emulator, `${path}?${new URLSearchParams(query)}`, '', {}, 'GET');
  const { meta = {}, ...body } = (await response.json()) as { meta?: Record<string, unknown> };
  // The links of a page repeat the query. That alone changes no answer.
  const { page, page_size, key } = meta;
  return { status: response.status, body: JSON.stringify({ ...body, page, page_size, key }), meta };
}

/** What the query needs besides, before a parameter means anything. */
const besides: Record<string, Record<string, string>> = {
  LastVerifiedDate: { Fields: 'reassigned_number' },
  VerificationSid: { Fields: 'pre_fill' },
  PartnerSubId: { Fields: 'sms_pumping_risk' },
};
const identity = { Fields: 'identity_match' };

/** A value of each parameter that leaves something out of the account above, or adds something to the answer. */
const values: Record<string, string> = {
  PageSize: '1',
  Page: '1',
  DateCreatedAfter: '2026-01-01T12:00:00Z',
  DateCreatedBefore: '2026-01-01T12:00:00Z',
  'ChannelData.To': '+4915112345678',
  Country: 'DE',
  Channel: 'call',
  Order: 'desc',
  DestinationPrefix: '+49',
  FriendlyName: 'Short',
  Fields: 'line_type_intelligence',
  CountryCode: 'GB',
  FirstName: 'Ann',
  LastName: 'Lee',
  AddressLine1: '1 High Street',
  AddressLine2: 'Floor 2',
  City: 'London',
  State: 'LND',
  PostalCode: 'N1',
  AddressCountryCode: 'GB',
  NationalId: '1',
  DateOfBirth: '19700101',
  LastVerifiedDate: '20250101',
  PartnerSubId: 'x',
};

/** Values that are none of Twilio's. A parameter that is not here takes any text. */
const wrong: Record<string, string[]> = {
  PageSize: ['1.5', '0', '-1', '1001', 'x'],
  Page: ['-1', '1.5', 'x'],
  PageToken: ['x', 'PA1', `PAVE${'0'.repeat(32)}`],
  DateCreatedAfter: ['yesterday', '2026-13-01'],
  DateCreatedBefore: ['yesterday', '2026-13-01'],
  Country: ['UK', 'Germany'],
  Channel: ['pigeon'],
  Status: ['bogus'],
  FactorSid: ['YF1', `YE${'0'.repeat(32)}`],
  Order: ['up'],
  VerifyServiceSid: ['VA1'],
  VerificationSid: ['VE1', `VA${'0'.repeat(32)}`],
  DestinationPrefix: ['49x', 'DE'],
  Fields: ['horoscope', 'line_type_intelligence,horoscope'],
  CountryCode: ['UK', 'Germany'],
  AddressCountryCode: ['UK'],
  DateOfBirth: ['tomorrow', '19701301'],
  LastVerifiedDate: ['tomorrow'],
};

const parameters = documents.operations.flatMap((operation) => operation.query.map((name) => ({ ...operation, name })));
const isLookup = (path: string) => path.startsWith('/v2/PhoneNumbers/');
const query = ({ path, name }: (typeof parameters)[number]) =>
  !isLookup(path) ? {} : (besides[name] ?? (name === 'Fields' || name === 'CountryCode' ? {} : identity));
/** A number as it is dialled in one country: in another, it is another number. */
const national = (path: string) => path.replace('%2B14155550100', '4155550100');

describe('Twilio’s OpenAPI documents', () => {
  if (documents.missing) {
    it.skip(`are NOT followed in this run: ${documents.missing}`, () => undefined);
    return;
  }

  it.each(documents.operations)(
    '$method $path is known: it works, or the emulator says that it lacks it',
    async (one) => {
      const { emulator, pathOf } = await fill();
      const response = await post(emulator, pathOf(one.path), '', {}, one.method);
      const { code, message = '' } = await read(response);
      expect([404, 405, 500]).not.toContain(response.status);
      if (response.status === 501)
        expect([code, message]).toEqual([20501, expect.stringContaining('does not support')]);
      else expect(response.status, message).toBeLessThan(501);
    },
  );

  it.each(parameters)('$method $path reads $name, or refuses it', async (one) => {
    const { emulator, pathOf, approved, factor } = await fill();
    const path = national(pathOf(one.path));
    const without = await get(emulator, path, query(one));
    const pages = one.name === 'PageToken' ? await get(emulator, path, { PageSize: '1' }) : undefined;
    const next = new URLSearchParams(String(pages?.meta.next_page_url).split('?')[1]);
    const sids: Record<string, string> = {
      VerificationSid: approved,
      VerifyServiceSid: emulator.services.twoFactor,
      PageToken: next.get('PageToken') ?? '',
      FactorSid: factor,
      Status: one.path.endsWith('/Challenges') ? 'approved' : 'CONVERTED',
    };
    const value = values[one.name] ?? sids[one.name] ?? 'x';
    const answer = await get(emulator, path, { ...query(one), [one.name]: value });
    if (answer.status === 200) expect(answer.body).not.toBe(without.body);
    else expect([400, 501]).toContain(answer.status);
    // An empty value counts as absent, as everywhere.
    expect((await get(emulator, path, { ...query(one), [one.name]: '' })).body).toBe(without.body);
  });

  const refused = parameters.flatMap((one) => (wrong[one.name] ?? []).map((value) => ({ ...one, value })));
  it.each(refused)('$method $path refuses $value as $name', async (one) => {
    const { emulator, pathOf } = await fill();
    const answer = await get(emulator, national(pathOf(one.path)), { ...query(one), [one.name]: one.value });
    expect([400, 501]).toContain(answer.status);
    const { code, message } = JSON.parse(answer.body) as { code: number; message: string };
    if (answer.status === 400)
      expect([code, message]).toEqual(
        one.name === 'PageSize' ? [60373, 'Invalid page size'] : [60200, `Invalid parameter: ${one.name}`],
      );
  });

  it('have no parameter of a list that this file gives no value', () => {
    const given = [...Object.keys(values), 'VerificationSid', 'VerifyServiceSid', 'PageToken', 'FactorSid', 'Status'];
    const supported = (path: string) => !/Webhooks|MessagingConfigurations|RateLimits$/.test(path);
    const never = parameters.filter(({ path, name }) => supported(path) && !given.includes(name));
    expect(never).toEqual([]);
  });
});

describe('the pages of a list', () => {
  it('keep their places when new messages arrive between two of them', async () => {
    const { emulator } = await fill();
    const { verify } = functionClient(emulator);
    const first = await verify.v2.verificationAttempts.page({ pageSize: 1 });
    const service = verify.v2.services(emulator.services.contact);
    await service.verifications.create({ to: '+14155550111', channel: 'sms' });
    const second = await first.nextPage();
    const third = await second?.nextPage();
    const sids = [first, second, third].flatMap((page) => page?.instances.map(({ sid }) => sid) ?? []);
    expect(new Set(sids).size).toBe(3);
    expect((await second?.previousPage())?.instances[0]?.sid).toBe(first.instances[0]?.sid);
  });
});

async function read(response: Response): Promise<{ code?: number; message?: string }> {
  const text = await response.text();
  return text === '' ? {} : (JSON.parse(text) as { code?: number; message?: string });
}
