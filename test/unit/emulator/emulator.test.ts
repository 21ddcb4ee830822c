/** The emulated account: authentication, messages, services, options and bounded memory. */
import { describe, expect, it } from 'vitest';
import { mobile, openAccount as open, post, sid } from '../../support/emulator-account.js';
import { errorOf } from '../../support/emulator-client.js';

describe('authentication', () => {
  it('accepts the auth token and the API key, and nothing else', async () => {
    const { emulator } = open();
    const { apiKey, apiSecret, accountSid } = emulator.credentials;
    const as = (user: string, password: string) =>
      post(emulator, '/v2/Services', '', { Authorization: `Basic ${btoa(`${user}:${password}`)}` }, 'GET');
    expect((await as(apiKey, apiSecret)).status).toBe(200);
    const wrong = await as(accountSid, apiSecret);
    const body =
      '{"code":20003,"message":"Authenticate","more_info":"https://www.twilio.com/docs/errors/20003","status":401}';
    expect([wrong.status, await wrong.text()]).toEqual([401, body]);
    expect(await (await as('me', 'x')).json()).toMatchObject({ message: 'Authentication Error - invalid username' });
    expect((await post(emulator, '/v2/Services', '', { Authorization: 'Bearer x' }, 'GET')).status).toBe(401);
  });
});

describe('a path', () => {
  it('that is unknown is named in the error, and a wrong method is a 405', async () => {
    const { emulator } = open();
    expect(await (await post(emulator, '/v2/Nothing?x=1', '')).json()).toMatchObject({
      code: 20404,
      message: 'The requested resource /v2/Nothing was not found',
    });
    expect(await (await post(emulator, '/v2/Attempts', '')).json()).toMatchObject({ code: 20004, status: 405 });
  });

  it('reads an unencoded plus as a space, as forms do, and so refuses the number', async () => {
    const { emulator } = open();
    const answer = await post(emulator, `/v2/Services/${sid}/Verifications`, `To=+447400123456&Channel=sms`);
    expect(await answer.json()).toMatchObject({ code: 60200, message: 'Invalid parameter `To`:  447400123456' });
  });

  it('gets Twilio’s headers on every response', async () => {
    const { emulator } = open();
    const { headers } = await post(emulator, '/v2/Services', '', {}, 'GET');
    expect(headers.get('twilio-request-id')).toMatch(/^RQ[0-9a-f]{32}$/);
    expect(headers.get('content-type')).toBe('application/json');
  });
});

describe('a message', () => {
  it('contains the service’s name or the send’s own, the warning, and the hash of an app', async () => {
    const { emulator, send } = open({ friendlyName: 'Acme', doNotShareWarningEnabled: true, codeLength: 8 });
    await send();
    const { code, text, channel } = emulator.outbox.latest(mobile) ?? {};
    expect(code).toMatch(/^\d{8}$/);
    const warning = 'Don’t share this code with anyone; our employees will never ask for the code';
    expect([channel, text]).toEqual(['sms', `Your Acme verification code is: ${code}. ${warning}`]);
    await send(mobile, 'sms', { appHash: 'FA+9qCX9VSu', customFriendlyName: 'Bold' });
    const hashed = `<#> Your Bold verification code is: ${code}. ${warning} FA+9qCX9VSu`;
    expect(emulator.outbox.latest(mobile)?.text).toBe(hashed);
    expect(emulator.outbox.list()).toHaveLength(2);
  });

  it('follows the template of the send, else of the service, for example one that binds the code to a domain', async () => {
    const [bound, short] = [`HJ${'b'.repeat(32)}`, `HJ${'c'.repeat(32)}`];
    const templates = [
      { sid: bound, text: '{{code}} is your {{friendly_name}} code.\n\n@shop.example #{{code}}' },
      { sid: short, text: '{{code}} for {{ttl}} minutes; {{else}} stays' },
    ];
    const { emulator, client, send } = open({ friendlyName: 'Acme' }, { templates });
    await send(mobile, 'sms', { templateSid: bound });
    const code = emulator.outbox.latest(mobile)?.code ?? '';
    expect(emulator.outbox.latest(mobile)?.text).toBe(`${code} is your Acme code.\n\n@shop.example #${code}`);
    await client.verify.v2.services(sid).update({ defaultTemplateSid: short });
    await send(mobile, 'call');
    expect(emulator.outbox.latest(mobile)?.text).toBe(`${code} for 10 minutes; {{else}} stays`);
    await send('ann@example.org', 'email');
    expect(emulator.outbox.latest('ann@example.org')?.text).toMatch(/^Your Acme verification code is: \d{6}$/);
    expect((await client.verify.v2.templates.list()).map((one) => one.sid).slice(1)).toEqual([bound, short]);
    expect(await errorOf(send(mobile, 'sms', { templateSid: `HJ${'d'.repeat(32)}` }))).toMatchObject({ code: 60228 });
  });

  it('contains the application’s own code only if the service allows that', async () => {
    const custom = { customCode: '246810' };
    const allowed = open({ customCodeEnabled: true });
    await allowed.send(mobile, 'sms', custom);
    expect(allowed.emulator.outbox.latest(mobile)?.code).toBe('246810');
    const ignored = open({}, { random: () => '135791' });
    await ignored.send(mobile, 'sms', custom);
    expect(ignored.emulator.outbox.latest(mobile)?.code).toBe('135791');
  });

  it('may be sent as RCS, which Twilio then names as the channel', async () => {
    const { client, emulator, send, check } = open({ rcsUpgrade: true });
    const { sid: verification, channel } = await send();
    expect(channel).toBe('rcs');
    const code = emulator.outbox.latest(mobile)?.code ?? '';
    expect(await check(verification, code)).toMatchObject({ channel: 'rcs', status: 'approved' });
    expect(await client.verify.v2.verificationAttempts.list({ channel: 'rbm' })).toHaveLength(1);
  });

  it('reaches subscribers until they unsubscribe', async () => {
    const { emulator, send } = open();
    const seen: string[] = [];
    const unsubscribe = emulator.outbox.subscribe(({ to }) => seen.push(to));
    await send();
    unsubscribe();
    await send();
    expect(seen).toEqual([mobile]);
  });
});

describe('two services', () => {
  it('have separate codes and attempts for one number', async () => {
    const { emulator, client, send, check } = open();
    const { sid: first } = await send();
    const code = emulator.outbox.latest(mobile)?.code ?? '';
    const elsewhere = client.verify.v2.services(emulator.services.twoFactor);
    const other = await elsewhere.verifications.create({ to: mobile, channel: 'sms' });
    expect(other.sid).not.toBe(first);
    const crossed = elsewhere.verificationChecks.create({ verificationSid: first, code });
    expect(await errorOf(crossed)).toMatchObject({ code: 20404 });
    expect(await check(first, code)).toMatchObject({ status: 'approved' });
    expect(await elsewhere.verifications(other.sid).fetch()).toMatchObject({ status: 'pending' });
  });

  it('with a sid of another kind are an invalid parameter, not an unknown path', async () => {
    const { emulator } = open();
    const answer = await post(emulator, '/v2/Services/VE0/Verifications', 'To=%2B447400123456&Channel=sms');
    expect(await answer.json()).toMatchObject({ code: 60200, message: 'Invalid parameter (null)' });
  });

  it('have at most four digits in their name', async () => {
    const { client } = open();
    const long = client.verify.v2.services.create({ friendlyName: 'Call 12345' });
    expect(await errorOf(long)).toMatchObject({ code: 60200, message: 'Invalid parameter: FriendlyName' });
  });
});

describe('a programmable rate limit', () => {
  it('refuses sends beyond a bucket, says for how long, and allows them again afterwards', async () => {
    const { emulator, client, verification } = open();
    const limits = client.verify.v2.services(sid).rateLimits;
    const { sid: limit } = await limits.create({ uniqueName: 'everybody' });
    await limits(limit).buckets.create({ max: 2, interval: 60 });
    const send = (to: string) =>
      verification.create({ to, channel: 'sms', rateLimits: { everybody: 'all', other: 'x' } });
    await send('+447400000001');
    await send('+447400000002');
    emulator.clock.advance(20);
    expect(await errorOf(send('+447400000003'))).toMatchObject({
      code: 20429,
      status: 429,
      message: 'Too many requests',
    });
    const form = 'To=%2B447400000003&Channel=sms&RateLimits=%7B%22everybody%22%3A%22all%22%7D';
    const { headers } = await post(emulator, `/v2/Services/${sid}/Verifications`, form);
    expect(headers.get('retry-after')).toMatch(/^(40|41)$/);
    expect(headers.get('twilio-reached-rate-limit')).toBe('everybody');
    emulator.clock.advance(41);
    expect(await send('+447400000003')).toMatchObject({ status: 'pending' });
  });

  it('has one bucket per interval, and a unique name', async () => {
    const limits = open().client.verify.v2.services(sid).rateLimits;
    const { sid: limit } = await limits.create({ uniqueName: 'address' });
    expect(await errorOf(limits.create({ uniqueName: 'address' }))).toMatchObject({ code: 60208 });
    expect(await errorOf(limits.create({ uniqueName: 'a b' }))).toMatchObject({ code: 60209 });
    await limits(limit).buckets.create({ max: 1, interval: 60 });
    expect(await errorOf(limits(limit).buckets.create({ max: 2, interval: 60 }))).toMatchObject({ code: 60211 });
  });
});

describe('a payment under PSD2', () => {
  it('is approved only with the amount and payee that were shown', async () => {
    const { emulator, client, send } = open({ psd2Enabled: true });
    const { sid: verificationSid } = await send(mobile, 'sms', { amount: '€9', payee: 'Ann' });
    const code = emulator.outbox.latest(mobile)?.code ?? '';
    const checks = client.verify.v2.services(sid).verificationChecks;
    const other = await checks.create({ verificationSid, code, amount: '€900', payee: 'Ann' });
    expect(other).toMatchObject({ status: 'pending', valid: false });
    expect(await checks.create({ verificationSid, code, amount: '€9', payee: 'Ann' })).toMatchObject({
      status: 'approved',
    });
  });
});

describe('reading a verification', () => {
  it('is limited to sixty times a minute, if that is assumed', async () => {
    const { emulator, send, verification } = open({}, { assume: { pollLimits: true } });
    const { sid: one } = await send();
    for (let time = 1; time <= 60; time += 1) await verification(one).fetch();
    expect(await errorOf(verification(one).fetch())).toMatchObject({ status: 429, code: 20429 });
    emulator.clock.advance(60);
    expect(await verification(one).fetch()).toMatchObject({ status: 'pending' });
  });
});

describe('memory', () => {
  it('drops the oldest messages, calls and attempts', async () => {
    const { emulator, client, send } = open({}, { retention: { messages: 3, calls: 10, attempts: 10 } });
    for (let one = 0; one < 30; one += 1) await send(`+4474000000${one + 10}`);
    expect(emulator.outbox.list().map(({ to }) => to)).toEqual(['+447400000039', '+447400000038', '+447400000037']);
    expect(emulator.outbox.latest('+447400000010')).toBeUndefined();
    expect(emulator.calls.length).toBeLessThanOrEqual(10);
    expect((await client.verify.v2.verificationAttempts.list()).length).toBeLessThanOrEqual(10);
  });

  it('is as new after a reset, including clock and services', async () => {
    const { emulator, send } = open();
    emulator.configureService(sid, { mailer: false });
    emulator.clock.advance(1000);
    await send();
    emulator.reset();
    expect([emulator.outbox.list(), emulator.calls]).toEqual([[], []]);
    expect(emulator.clock.now()).toBeLessThan(Date.now() + 1000);
    expect(await send('a@example.org', 'email')).toMatchObject({ status: 'pending' });
  });

  it('records each call with its destination, even a check that names only the verification', async () => {
    const { emulator, send, check } = open();
    const { sid: verification } = await send();
    await check(verification, '0000000000');
    expect(emulator.calls).toMatchObject([
      { method: 'POST', path: `/v2/Services/${sid}/Verifications`, to: mobile, status: 201 },
      { method: 'POST', path: `/v2/Services/${sid}/VerificationCheck`, to: mobile, status: 200 },
    ]);
  });
});
