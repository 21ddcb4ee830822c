/** Which channels reach a contact and which are offered, and in which language. */
import { expect, it } from 'vitest';
import { chooseChannel, deliveryMethods } from '../../../../src/server/contacts/delivery-methods.js';
import { loadPhoneMetadata } from '../../../../src/server/contacts/phone-metadata.js';
import { twilioLocale } from '../../../../src/server/twilio/locale.js';
import { EMAIL, PHONE } from '../../../support/backend-stack.js';

await loadPhoneMetadata();

const mobile = { contact: { type: 'phone', value: PHONE } as const, country: 'US', landline: false };
const landline = { ...mobile, landline: true };
const email = { contact: { type: 'email', value: EMAIL } as const, landline: false };

it('the default channel is the first one that is on and not a call', () => {
  expect(chooseChannel(mobile, undefined, ['call', 'whatsapp', 'sms'])).toBe('whatsapp');
  expect(chooseChannel(landline, undefined, ['sms', 'call'])).toBe('call');
  expect(chooseChannel(landline, 'sms', ['sms', 'call'])).toBe('call');
  expect(chooseChannel(email, undefined, ['sms', 'email'])).toBe('email');
  expect(() => chooseChannel(email, 'sms', ['sms', 'email'])).toThrow(/channel/);
});

it('a call is offered from the third send on, or if nothing else reaches the number', () => {
  const offered = (sends: number, to = mobile) =>
    deliveryMethods([to], ['sms', 'call'], 'contact', sends).map(({ channel }) => channel);
  expect([offered(1), offered(2), offered(1, landline)]).toEqual([['sms'], ['sms', 'call'], ['call']]);
});

it('a contact is shown in full at first verification, and masked at two-factor', () => {
  expect(deliveryMethods([mobile, email], ['sms', 'email'], 'contact', 1).map(({ to }) => to)).toEqual([
    '+1 415 555 2671',
    EMAIL,
  ]);
  expect(deliveryMethods([mobile, email], ['sms', 'email'], 'two-factor', 1).map(({ to }) => to)).toEqual([
    '•••• 71',
    'a•••@e•••',
  ]);
});

it.each([
  ['de-AT', 'sms', 'de'],
  ['pt-br', 'sms', 'pt-BR'],
  ['pt-PT', 'sms', 'pt'],
  ['zh-Hant-TW', 'sms', 'zh-HK'],
  ['zh-Hans', 'call', 'zh-CN'],
  ['en_GB', 'call', 'en-GB'],
  ['no', 'sms', 'nb'],
  ['ar', 'call', undefined],
  ['eo', 'sms', undefined],
  ['de', 'email', undefined],
  ['', 'sms', undefined],
  [undefined, 'sms', undefined],
] as const)('%s by %s is asked of Twilio as %s', (tag, channel, expected) => {
  expect(twilioLocale(tag, channel)).toBe(expected);
});
