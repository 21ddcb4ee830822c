/** The sends that the emulated account refuses, and Twilio's error for each. */
import { describe, expect, it } from 'vitest';
import type { ServiceOptions } from '../../../src/emulator/index.js';
import { mobile, openAccount as open, post, sid } from '../../support/emulator-account.js';
import { errorOf } from '../../support/emulator-client.js';

describe('a send is refused', () => {
  const cases: [what: string, service: Partial<ServiceOptions>, to: string, channel: string, error: object][] = [
    ['by e-mail without a mailer', { mailer: false }, 'a@example.org', 'email', { code: 60217, status: 400 }],
    ['by a channel that is off', { channels: ['sms'] }, mobile, 'call', { code: 60223, status: 400 }],
    ['by e-mail to a number', {}, mobile, 'email', { code: 60200, message: `Invalid parameter \`To\`: ${mobile}` }],
    ['by SMS to an address', {}, 'a@example.org', 'sms', { code: 60200 }],
    ['by auto without the pilot', {}, mobile, 'auto', { code: 60200, message: 'Invalid parameter: Channel' }],
    ['by silent network authentication', {}, mobile, 'sna', { code: 60001 }],
    ['to a country that is not allowed', { geo: { allow: ['US'] } }, mobile, 'sms', { code: 60605, status: 403 }],
    ['to an unvetted China', {}, '+8613812345678', 'sms', { code: 60220 }],
    ['to Iran', {}, '+989121234567', 'sms', { code: 60238, status: 403 }],
    ['to an unverified number on trial', { trial: true }, mobile, 'sms', { code: 21608, status: 403 }],
    [
      'to a landline by SMS',
      { lookupEnabled: true, skipSmsToLandlines: true, landlines: ['+4420'] },
      '+442071234567',
      'sms',
      { code: 60205, status: 403 },
    ],
    ['without amount and payee under PSD2', { psd2Enabled: true }, mobile, 'sms', { code: 60206 }],
  ];
  it.each(cases)('%s', async (_, service, to, channel, error) => {
    const { emulator, send } = open(service);
    expect(await errorOf(send(to, channel))).toMatchObject(error);
    expect(emulator.outbox.list()).toEqual([]);
  });

  it('to a blocked prefix, in Twilio’s words; a voice call, the SafeList and RiskCheck=disable pass', async () => {
    const { client, send } = open({ fraudPrefixes: ['+447400'] });
    const blocked = 'The destination phone number has been temporarily blocked by Twilio due to fraudulent activities.';
    const message = `${blocked} +447400 prefix is blocked for the SMS channel`;
    expect(await errorOf(send())).toMatchObject({ code: 60410, status: 403, message });
    expect(await send(mobile, 'call')).toMatchObject({ status: 'pending' });
    expect(await send(mobile, 'sms', { riskCheck: 'disable' })).toMatchObject({ status: 'pending' });
    await client.verify.v2.safelist.create({ phoneNumber: mobile });
    expect(await errorOf(client.verify.v2.safelist.create({ phoneNumber: mobile }))).toMatchObject({ code: 60411 });
    expect(await send()).toMatchObject({ status: 'pending' });
  });

  it('to a country, named in the message: Guernsey shares its calling code', async () => {
    const { send } = open({ geo: { deny: ['GG'] } });
    const where = 'GG is blocked for sms channel for all services';
    const message = `The destination phone number has been blocked by Verify Geo-Permissions. ${where}`;
    expect(await errorOf(send('+447781123456'))).toMatchObject({ code: 60605, message });
    expect(await send()).toMatchObject({ status: 'pending' });
  });

  const parameters: [what: string, more: object, error: object][] = [
    ['with a custom message', { customMessage: 'Hi' }, { code: 60243, message: 'Custom messages are not supported' }],
    ['with a language that has no template', { locale: 'tlh' }, { code: 60200, message: 'Invalid parameter: Locale' }],
    ['with tags that are not an object', { tags: '[1]' }, { code: 60200, message: 'Invalid parameter: Tags' }],
    ['with a device that has no address', { deviceIp: 'here' }, { code: 60200 }],
    ['with an unknown template', { templateSid: `HJ${'b'.repeat(32)}` }, { code: 60228 }],
  ];
  it.each(parameters)('%s', async (_, more, error) => {
    expect(await errorOf(open().send(mobile, 'sms', more))).toMatchObject(error);
  });

  it('without To, in the words of the platform or of Verify, as the options assume', async () => {
    const path = `/v2/Services/${sid}/Verifications`;
    const platform = await post(open().emulator, path, 'Channel=sms');
    expect(await platform.json()).toMatchObject({
      code: 20001,
      message: 'Missing required parameter To in the post body',
    });
    const verify = await post(open({}, { assume: { missingParameterCode: 60200 } }).emulator, path, 'Channel=sms');
    expect(await verify.json()).toMatchObject({ code: 60200, message: 'Invalid parameter: To' });
  });

  it('to numbers that the validator of the options refuses', async () => {
    const { send } = open({}, { strictNumbers: (to) => !to.startsWith('+1999') });
    expect(await errorOf(send('+19995551234'))).toMatchObject({ message: 'Invalid parameter `To`: +19995551234' });
    expect(await send()).toMatchObject({ status: 'pending' });
  });

  it('by the error code at the end of a magic number', async () => {
    const { send, check } = open({}, { magicNumbers: true });
    for (const code of [60203, 60410, 60605, 60212, 20429, 60200]) {
      expect(await errorOf(send(`+447400${code}`))).toMatchObject({ code });
    }
    const { sid: verification } = await send('+44740060202');
    expect(await errorOf(check(verification, '123456'))).toMatchObject({ code: 60202, status: 429 });
    expect(await open().send('+44740060203')).toMatchObject({ status: 'pending' });
  });
});
