/** Details in which clients of many languages meet Twilio: languages, bodies and their types, booleans, Lookup's numbers. */
import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/index.js';
import { mobile, openAccount as open, post, sid } from '../../support/emulator-account.js';
import { errorOf } from '../../support/emulator-client.js';

/** The table of twilio.com/docs/verify/default-phone-verification-languages, with Romania's own calling code. */
const defaults =
  '54 es,43 de,32 fr,591 es,55 pt,56 es,86 zh-CN,57 es,506 es,357 el,1809 es,593 es,20 ar,503 es,372 et,33 fr,49 de,502 es,' +
  '504 es,91 en,62 id,39 it,81 ja,965 ar,370 lt,352 de,52 es,377 fr,505 es,968 ar,507 es,595 es,51 es,48 pl,351 pt,40 ro,' +
  '378 it,966 ar,421 sk,27 af,34 es,41 de,380 uk,971 ar,44 en-GB,598 es,3906698 it,58 es,84 vi,1415 en,226 en,212 en,1829 es';

describe('the language of a message', () => {
  const localeAfter = async (to: string, channel = 'sms', more = {}) => {
    const { client, send } = open({ chinaVetted: true });
    await send(to, channel, more);
    const [attempt] = await client.verify.v2.verificationAttempts.list();
    return (attempt?.channelData as { locale: string }).locale;
  };

  it.each(defaults.split(',').map((row) => row.split(' ') as [string, string]))(
    'to +%s is %s',
    async (code, locale) => {
      expect(await localeAfter(`+${code}5550100`)).toBe(locale);
    },
  );

  it('is English where a call has no translation', async () => {
    expect(await localeAfter('+966512345678', 'call')).toBe('en');
    expect(await localeAfter('+4915112345678', 'call')).toBe('de');
    expect(await localeAfter('+447400123456', 'call')).toBe('en-GB');
  });

  it('is British English by SMS, if a send asks for it', async () => {
    expect(await localeAfter('+14155550100', 'sms', { locale: 'en-GB' })).toBe('en-GB');
  });
});

describe('the body of a call', () => {
  const path = `/v2/Services/${sid}/Verifications`;
  const to = `To=${encodeURIComponent(mobile)}&Channel=sms`;
  const typed = (type: string, body = to) => post(open().emulator, path, body, { 'Content-Type': type });

  it.each([
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=UTF-8',
    'Application/X-WWW-Form-URLEncoded;charset=utf-8',
  ])('is read as %s', async (type) => {
    expect((await typed(type)).status).toBe(201);
  });

  it('is read as multipart/form-data', async () => {
    const boundary = 'multipart/form-data; boundary=b';
    const part = (name: string, value: string) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    expect((await typed(boundary, `${part('To', mobile)}${part('Channel', 'sms')}--b--\r\n`)).status).toBe(201);
    expect(await (await typed(boundary, 'To=1')).json()).toMatchObject({ code: 68004 });
  });

  it.each(['application/json', 'text/plain', 'text/plain; application/x-www-form-urlencoded', ''])(
    'is refused as %j, and nothing is sent',
    async (type) => {
      const { emulator } = open();
      const response = await post(emulator, path, to, { 'Content-Type': type });
      const moreInfo = 'https://www.twilio.com/docs/errors/68004';
      const body = { code: 68004, message: 'Input Error', more_info: moreInfo, status: 400 };
      expect([response.status, await response.json()]).toEqual([400, body]);
      expect(emulator.outbox.list()).toEqual([]);
    },
  );

  it('needs no type if it is empty, and credentials come first', async () => {
    const { emulator } = open();
    expect(await (await post(emulator, path, '', { 'Content-Type': '' })).json()).toMatchObject({ code: 20001 });
    const stranger = { 'Content-Type': 'text/plain', Authorization: 'Basic eDp5' };
    expect((await post(emulator, path, to, stranger)).status).toBe(401);
  });

  it('has an empty AppHash or CustomMessage as if it had none', async () => {
    const { emulator } = open();
    for (const more of ['AppHash=', 'CustomMessage=', 'CustomCode=', 'Locale=', 'Tags=']) {
      expect((await post(emulator, path, `${to}&${more}`)).status, more).toBe(201);
    }
    expect((await post(emulator, path, `${to.replace('sms', 'call')}&AppHash=`)).status).toBe(429);
    emulator.clock.advance(600);
    expect((await post(emulator, path, `${to.replace('sms', 'call')}&AppHash=`)).status).toBe(201);
  });
});

describe('a boolean', () => {
  const flags = [
    ['LookupEnabled', 'lookup_enabled'],
    ['Psd2Enabled', 'psd2_enabled'],
    ['SkipSmsToLandlines', 'skip_sms_to_landlines'],
    ['DtmfInputRequired', 'dtmf_input_required'],
    ['DoNotShareWarningEnabled', 'do_not_share_warning_enabled'],
    ['CustomCodeEnabled', 'custom_code_enabled'],
    ['VerifyEventSubscriptionEnabled', 'verify_event_subscription_enabled'],
    ['Push.IncludeDate', 'push.include_date'],
  ] as const;
  const setting = async (name: string, value: string, field: string) => {
    const body = (await (await post(open().emulator, `/v2/Services/${sid}`, `${name}=${value}`)).json()) as object;
    const read = (from: unknown, key: string) => (from as Record<string, unknown>)[key];
    return field.split('.').reduce<unknown>(read, body);
  };

  it.each(flags)('%s may be written as Python writes it', async (name, field) => {
    for (const value of ['True', 'true', 'TRUE']) expect(await setting(name, value, field), value).toBe(true);
    for (const value of ['False', 'false']) expect(await setting(name, value, field), value).toBe(false);
  });

  it.each(flags)('%s that is neither true nor false is refused, and changes nothing', async (name) => {
    const { emulator, client } = open();
    const before = await client.verify.v2.services(sid).fetch();
    const refused = await post(emulator, `/v2/Services/${sid}`, `FriendlyName=Other&${name}=yes`);
    expect(await refused.json()).toMatchObject({ code: 60200, message: `Invalid parameter: ${name}` });
    expect((await client.verify.v2.services(sid).fetch()).toJSON()).toEqual(before.toJSON());
  });

  it('of a send too', async () => {
    const { send } = open();
    const token = (value: string) => send(mobile, 'sms', { enableSnaClientToken: value });
    expect(await token('True')).toMatchObject({ status: 'pending' });
    expect(await errorOf(token('maybe'))).toMatchObject({ message: 'Invalid parameter: EnableSnaClientToken' });
  });
});

describe('Lookup', () => {
  const lookUp = async (number: string, countryCode?: string) => {
    const query = countryCode === undefined ? {} : { countryCode };
    const { phoneNumber, valid, ...more } = await open().client.lookups.v2.phoneNumbers(number).fetch(query);
    return { phoneNumber, valid, country: more.countryCode, errors: more.validationErrors };
  };

  it.each([
    ['4155552671', undefined, '+14155552671', 'US'],
    ['(415) 555-2671', undefined, '+14155552671', 'US'],
    ['14155552671', 'US', '+14155552671', 'US'],
    ['6045550123', 'CA', '+16045550123', 'CA'],
    ['07400 123456', 'GB', '+447400123456', 'GB'],
    ['07400123456', 'gb', '+447400123456', 'GB'],
    ['0171 2345678', 'DE', '+491712345678', 'DE'],
    ['0661234567', 'IT', '+390661234567', 'IT'],
    ['612345678', 'ES', '+34612345678', 'ES'],
    ['0701234567', 'CI', '+2250701234567', 'CI'],
    ['8 912 345-67-89', 'RU', '+79123456789', 'RU'],
    ['812 345-67-89', 'RU', '+78123456789', 'RU'],
    ['8 029 123-45-67', 'BY', '+375291234567', 'BY'],
    ['8 65 123456', 'TM', '+99365123456', 'TM'],
    ['06 20 123 4567', 'HU', '+36201234567', 'HU'],
    ['+447400123456', 'US', '+447400123456', 'GB'],
  ])('reads %s in the country %s as %s', async (number, country, phoneNumber, found) => {
    expect(await lookUp(number, country)).toMatchObject({ phoneNumber, valid: true, country: found });
  });

  it.each([
    ['555', undefined, 'TOO_SHORT'],
    ['41555526711', undefined, 'TOO_LONG'],
    ['07400123456', undefined, 'TOO_LONG'],
    ['hello', undefined, 'NOT_A_NUMBER'],
    ['+210123456', 'US', 'INVALID_COUNTRY_CODE'],
  ])('finds %s in the country %s not valid: %s', async (number, country, error) => {
    expect(await lookUp(number, country)).toMatchObject({ valid: false, country: null, errors: [error] });
  });

  it('of version 1 is a clear 501, with a page of ours', async () => {
    const v1 = (control: boolean) =>
      post(createEmulator({ control }), '/v1/PhoneNumbers/%2B14155550100?Type=carrier', '', {}, 'GET');
    const path = '/v1/PhoneNumbers/%2B14155550100';
    const refused = await v1(false);
    expect([refused.status, await refused.json()]).toEqual([
      501,
      {
        code: 20501,
        message: `The emulator does not support ${path}: it has version 2 of Verify and of Lookup`,
        more_info: 'https://www.npmjs.com/package/verify-contact#the-emulator',
        status: 501,
      },
    ]);
    expect(await (await v1(true)).json()).toMatchObject({ more_info: 'https://verify.twilio.com/__emulator/' });
  });
});
