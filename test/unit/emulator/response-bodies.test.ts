/** Compares every body of the emulator with Twilio's own OpenAPI documents and with the lists of fields below. */
import { afterAll, describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/index.js';
import { functionClient, errorOf } from '../../support/emulator-client.js';
import { loadTwilioDocuments } from '../../support/twilio-openapi.js';

const documents = await loadTwilioDocuments();
const emulator = createEmulator();
const dictionary = 'https://www.twilio.com/docs/errors';
const seen = new Set<string>();
const codes: string[] = [];
emulator.outbox.subscribe(({ code }) => codes.push(code));

/** Forwards a call, and compares its response with the documents and the lists. */
const verifiedFetch = async (request: Request): Promise<Response> => {
  const response = await emulator.fetch(request.clone());
  const text = await response.clone().text();
  const { pathname } = new URL(request.url);
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  const call = `${request.method} ${pathname.replace(/\/(?:[A-Z]{2}[0-9a-f]{32}|\+\d+)/g, '/…')} ${response.status}`;
  seen.add(call);
  for (const code of codes) expect(text, 'a code in a response').not.toContain(code);
  if (response.ok) {
    expect(documents.mismatches(request.method, pathname, response.status, body), call).toEqual([]);
    const expected = fields[call];
    if (expected) expect(Object.keys(body as object), call).toEqual(expected.split(' '));
    const list = lists[call];
    if (list) {
      const { [list.key]: items, meta } = body as Record<string, object[]>;
      expect(Object.keys(meta ?? {})).toEqual(metaFields.split(' '));
      for (const item of items ?? []) expect(Object.keys(item), call).toEqual(list.fields.split(' '));
    }
  } else {
    expect(Object.keys(body as object), call).toEqual(['code', 'message', 'more_info', 'status']);
    const { code, status, more_info: more } = body as { code: number; status: number; more_info: string };
    // Twilio has no page about what only the emulator refuses.
    const page = code === 20501 ? 'https://www.npmjs.com/package/verify-contact#the-emulator' : `${dictionary}/${code}`;
    expect([status, more]).toEqual([response.status, page]);
  }
  return response;
};

const verification =
  'sid service_sid account_sid to channel status valid lookup amount payee send_code_attempts date_created date_updated ' +
  'sna url';
const attempt =
  'sid account_sid service_sid verification_sid date_created date_updated conversion_status channel price channel_data url';
const service =
  'sid account_sid friendly_name code_length lookup_enabled psd2_enabled skip_sms_to_landlines dtmf_input_required ' +
  'tts_name do_not_share_warning_enabled custom_code_enabled push totp default_template_sid whatsapp passkeys ' +
  'verify_event_subscription_enabled date_created date_updated url links';
const limit = 'sid service_sid account_sid unique_name description date_created date_updated url links';
const bucket = 'sid rate_limit_sid service_sid account_sid max interval date_created date_updated url';
const entity = 'sid identity account_sid service_sid date_created date_updated url links';
const factor =
  'sid account_sid service_sid entity_sid identity date_created date_updated friendly_name status factor_type config ' +
  'metadata url';
const challenge =
  'sid account_sid service_sid entity_sid identity factor_sid date_created date_updated date_responded expiration_date ' +
  'status responded_reason details hidden_details metadata factor_type url links';
const metaFields = 'page page_size first_page_url previous_page_url url next_page_url key';

/** Twilio's documents require no field, so `{}` would pass. These fields must all be present, in this order. */
const fields: Record<string, string> = {
  'POST /v2/Services/…/Verifications 201': verification,
  'GET /v2/Services/…/Verifications/… 200': verification,
  'POST /v2/Services/…/Verifications/… 200': verification,
  'POST /v2/Services/…/VerificationCheck 200':
    'sid service_sid account_sid to channel status valid amount payee sna_attempts_error_codes date_created date_updated',
  'GET /v2/Attempts/… 200': attempt,
  'GET /v2/Attempts/Summary 200': 'total_attempts total_converted total_unconverted conversion_rate_percentage url',
  'POST /v2/Services 201': service,
  'GET /v2/Services/… 200': service,
  'POST /v2/Services/… 200': service,
  'POST /v2/Services/…/RateLimits 201': limit,
  'GET /v2/Services/…/RateLimits/… 200': limit,
  'POST /v2/Services/…/RateLimits/… 200': limit,
  'POST /v2/Services/…/RateLimits/…/Buckets 201': bucket,
  'GET /v2/Services/…/RateLimits/…/Buckets/… 200': bucket,
  'POST /v2/Services/…/RateLimits/…/Buckets/… 200': bucket,
  'POST /v2/Services/…/Entities 201': entity,
  'GET /v2/Services/…/Entities/somebody-8 200': entity,
  'POST /v2/Services/…/Entities/somebody-8/Factors 201': factor.replace(
    ' date_created',
    ' binding options date_created',
  ),
  'GET /v2/Services/…/Entities/somebody-8/Factors/… 200': factor,
  'POST /v2/Services/…/Entities/somebody-8/Factors/… 200': factor,
  'POST /v2/Services/…/Entities/somebody-8/Challenges 201': challenge,
  'GET /v2/Services/…/Entities/somebody-8/Challenges/… 200': challenge,
  'POST /v2/Services/…/Entities/somebody-8/Challenges/… 200': challenge,
  'POST /v2/SafeList/Numbers 201': 'sid phone_number url',
  'GET /v2/SafeList/Numbers/… 200': 'sid phone_number url',
  'GET /v2/PhoneNumbers/… 200':
    'calling_country_code country_code phone_number national_format valid validation_errors caller_name sim_swap ' +
    'call_forwarding line_status line_type_intelligence identity_match reassigned_number sms_pumping_risk ' +
    'phone_number_quality_score pre_fill url',
};
const lists: Record<string, { key: string; fields: string }> = {
  'GET /v2/Attempts 200': { key: 'attempts', fields: attempt },
  'GET /v2/Services 200': { key: 'services', fields: service },
  'GET /v2/Services/…/RateLimits 200': { key: 'rate_limits', fields: limit },
  'GET /v2/Services/…/RateLimits/…/Buckets 200': { key: 'buckets', fields: bucket },
  'GET /v2/Services/…/Entities 200': { key: 'entities', fields: entity },
  'GET /v2/Services/…/Entities/somebody-8/Factors 200': { key: 'factors', fields: factor },
  'GET /v2/Services/…/Entities/somebody-8/Challenges 200': { key: 'challenges', fields: challenge },
  'GET /v2/Templates 200': { key: 'templates', fields: 'sid account_sid friendly_name channels translations' },
};

const client = functionClient(emulator, verifiedFetch);
const verify = client.verify.v2;
const to = '+14155550100';

describe('every body of the emulator', () => {
  if (documents.missing) {
    it.skip(`is NOT compared with Twilio's OpenAPI documents in this run: ${documents.missing}`, () => undefined);
  }

  it('is Twilio’s from the first send of a verification to its end', async () => {
    const { sid } = await verify.services(emulator.services.contact).verifications.create({ to, channel: 'sms' });
    const one = verify.services(emulator.services.contact).verifications(sid);
    await one.fetch();
    const checks = verify.services(emulator.services.contact).verificationChecks;
    await checks.create({ verificationSid: sid, code: '0000000000' });
    await checks.create({ verificationSid: sid, code: emulator.outbox.latest(to)?.code ?? '' });
    await errorOf(one.fetch());
    const mail = 'ann@example.org';
    const other = await verify.services(emulator.services.contact).verifications.create({ to: mail, channel: 'email' });
    await verify.services(emulator.services.contact).verifications(other.sid).update({ status: 'canceled' });
    const [attempt] = await verify.verificationAttempts.list({ verificationSid: sid });
    await verify.verificationAttempts(attempt?.sid ?? '').fetch();
    expect(await verify.verificationAttemptsSummary().fetch()).toMatchObject({ totalAttempts: 2, totalConverted: 1 });
  });

  it('is Twilio’s for services, templates and the SafeList', async () => {
    const made = await verify.services.create({ friendlyName: 'Acme 24', codeLength: 4, 'totp.issuer': 'Acme' });
    expect(made).toMatchObject({ codeLength: 4, dtmfInputRequired: true, totp: { issuer: 'Acme' } });
    await verify.services(made.sid).fetch();
    await verify.services(made.sid).update({ lookupEnabled: true });
    expect(await verify.services.list()).toHaveLength(3);
    expect(await verify.services(made.sid).remove()).toBe(true);
    expect(await verify.templates.list()).toHaveLength(1);
    const safe = await verify.safelist.create({ phoneNumber: to });
    expect(await verify.safelist(to).fetch()).toMatchObject({ sid: safe.sid });
    expect(await verify.safelist(to).remove()).toBe(true);
    expect(await errorOf(verify.safelist(to).fetch())).toMatchObject({ code: 20404 });
  });

  it('is Twilio’s for rate limits and their buckets', async () => {
    const own = verify.services(emulator.services.contact);
    const { sid } = await own.rateLimits.create({ uniqueName: 'subject', description: 'by user' });
    await own.rateLimits(sid).update({ description: 'by person' });
    expect(await own.rateLimits(sid).fetch()).toMatchObject({ description: 'by person' });
    const bucket = await own.rateLimits(sid).buckets.create({ max: 4, interval: 60 });
    await own.rateLimits(sid).buckets(bucket.sid).update({ max: 5 });
    expect(await own.rateLimits(sid).buckets(bucket.sid).fetch()).toMatchObject({ max: 5, interval: 60 });
    expect(await own.rateLimits(sid).buckets.list()).toHaveLength(1);
    expect(await own.rateLimits.list()).toHaveLength(1);
    expect(await own.rateLimits(sid).buckets(bucket.sid).remove()).toBe(true);
    expect(await own.rateLimits(sid).remove()).toBe(true);
  });

  it('is Twilio’s from the secret of an authenticator app to the end of its entity', async () => {
    const { entities } = verify.services(emulator.services.twoFactor);
    await entities.create({ identity: 'somebody-8' });
    const own = entities('somebody-8');
    const metadata = { os: 'none' };
    const { sid: factorSid } = await own.newFactors.create({ friendlyName: 'Ann', factorType: 'totp', metadata });
    const authPayload = (await emulator.totp('somebody-8')) ?? '';
    codes.push(authPayload);
    await own.factors(factorSid).update({ authPayload: '00000000' });
    await own.factors(factorSid).update({ authPayload });
    await own.factors(factorSid).fetch();
    const details = { 'details.message': 'Pay?', 'details.fields': [{ label: 'Payee', value: 'Bob' }] };
    const asked = await own.challenges.create({ factorSid, hiddenDetails: { ip: '192.0.2.1' }, ...details });
    expect(asked).toMatchObject({ status: 'pending', hiddenDetails: { ip: '192.0.2.1' }, dateResponded: null });
    expect(asked.details).toMatchObject({ message: 'Pay?', fields: [{ label: 'Payee', value: 'Bob' }] });
    await own.challenges.create({ factorSid, authPayload });
    await own.challenges(asked.sid).update({ authPayload: '00000000', metadata });
    await own.challenges(asked.sid).update({ authPayload });
    expect(await own.challenges(asked.sid).fetch()).toMatchObject({ status: 'approved', metadata });
    expect(await errorOf(own.challenges(asked.sid).notifications.create())).toMatchObject({ status: 501 });
    expect(await own.challenges.list()).toHaveLength(2);
    expect(await own.factors.list()).toHaveLength(1);
    expect(await own.factors(factorSid).remove()).toBe(true);
    await own.fetch();
    expect(await entities.list()).toHaveLength(1);
    expect(await own.remove()).toBe(true);
    expect(await errorOf(own.fetch())).toMatchObject({ code: 20404 });
  });

  it('is Twilio’s for a Lookup, even of a number that does not exist', async () => {
    const number = await client.lookups.v2
      .phoneNumbers(to)
      .fetch({ fields: 'line_type_intelligence,sms_pumping_risk' });
    expect(number).toMatchObject({
      valid: true,
      countryCode: 'US',
      nationalFormat: '(415) 555-0100',
      callerName: null,
    });
    expect(number.lineTypeIntelligence).toMatchObject({ type: 'mobile' });
    expect(await client.lookups.v2.phoneNumbers('+12').fetch()).toMatchObject({ valid: false });
    const packages =
      'validation,caller_name,sim_swap,call_forwarding,line_status,line_type_intelligence,identity_match,' +
      'reassigned_number,sms_pumping_risk,phone_number_quality_score,pre_fill';
    const details = { firstName: 'Ann', dateOfBirth: '19700101', lastVerifiedDate: '2025-01-01' };
    expect(await client.lookups.v2.phoneNumbers('4155550100').fetch({ fields: packages, ...details })).toMatchObject({
      phoneNumber: to,
      identityMatch: { firstNameMatch: 'no_data_available', lastNameMatch: null, summaryScore: 0 },
      reassignedNumber: { lastVerifiedDate: '2025-01-01', isNumberReassigned: 'no_data_available' },
    });
  });

  it('is Twilio’s when a list has several pages, whose links keep the host of the request', async () => {
    const own = verify.services(emulator.services.twoFactor);
    for (let one = 1; one <= 3; one += 1) await own.verifications.create({ to: `+1415555020${one}`, channel: 'sms' });
    const seen: string[] = [];
    const twoAtATime = { verifyServiceSid: emulator.services.twoFactor, pageSize: 2 };
    const first = await verify.verificationAttempts.page(twoAtATime);
    seen.push(...first.instances.map(({ sid }) => sid));
    const second = await first.nextPage();
    seen.push(...(second?.instances ?? []).map(({ sid }) => sid));
    expect(new Set(seen).size).toBe(3);
    expect(second?.nextPageUrl).toBeUndefined();
    // Otherwise a client that follows a link would send its credentials to the real Twilio.
    const { accountSid, authToken } = emulator.credentials;
    const headers = { Authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` };
    const local = await verifiedFetch(new Request('http://127.0.0.1:4010/v2/Attempts?PageSize=1', { headers }));
    const { meta } = (await local.json()) as { meta: { next_page_url: string } };
    const next = `http://127.0.0.1:4010/v2/Attempts?PageSize=1&Page=1&PageToken=PA${seen[0]}`;
    expect(meta.next_page_url).toBe(next);
  });

  it('is an error in Twilio’s format for a route that the emulator does not support', async () => {
    const tokens = verify.services(emulator.services.contact).accessTokens;
    const token = tokens.create({ identity: 'somebody-8', factorType: 'push' });
    expect(await errorOf(token)).toMatchObject({ status: 501 });
  });

  afterAll(() => {
    const never = [...Object.keys(fields), ...Object.keys(lists)].filter((call) => !seen.has(call));
    expect(never, 'calls with a list of fields that no test made').toEqual([]);
    if (documents.missing)
      console.warn(`\nSkipped: every body against Twilio's OpenAPI documents. ${documents.missing}\n`);
  });
});
