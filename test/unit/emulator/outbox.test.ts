/** What the outbox tells of a message, and how a test finds the one that it waits for. */
import { describe, expect, it } from 'vitest';
import { createEmulator, type EmulatorOptions, type ServiceOptions } from '../../../src/emulator/index.js';
import { errorOf, functionClient } from '../../support/emulator-client.js';

const to = '+447400123456';
const template = `HJ${'a'.repeat(32)}`;

function open(service: Partial<ServiceOptions> = {}, options: EmulatorOptions = {}) {
  const emulator = createEmulator({ now: () => Date.UTC(2027, 0, 1), random: () => '123456', ...options });
  const { contact, twoFactor } = emulator.services;
  emulator.configureService(contact, service);
  const { services } = functionClient(emulator).verify.v2;
  type Send = Parameters<ReturnType<typeof services>['verifications']['create']>[0];
  const send = (given: Partial<Send> = {}, sid = contact) =>
    services(sid).verifications.create({ to, channel: 'sms', ...given });
  return { emulator, contact, twoFactor, send };
}

describe('a message in the outbox', () => {
  it('names its service, its verification and its Attempt, and has null for what the send did not say', async () => {
    const { emulator, contact, send } = open({ friendlyName: 'Acme' });
    const { sid, sendCodeAttempts } = await send();
    expect(emulator.outbox.list()).toEqual([
      {
        to,
        channel: 'sms',
        code: '123456',
        text: 'Your Acme verification code is: 123456',
        at: '2027-01-01T00:00:00.000Z',
        serviceSid: contact,
        friendlyName: 'Acme',
        verificationSid: sid,
        attemptSid: (sendCodeAttempts[0] as { attempt_sid: string }).attempt_sid,
        locale: 'en-GB',
        templateSid: null,
        tags: null,
        substitutions: null,
        customMessage: null,
        magicLink: null,
      },
    ]);
  });

  it('tells the locale, the template, its substitutions and the tags of its send', async () => {
    const templates = [{ sid: template, text: 'Hi {{name}}, {{code}} is for {{ order }} {{friendly_name}}' }];
    const { emulator, send } = open({}, { templates });
    await send({
      locale: 'de',
      templateSid: template,
      templateCustomSubstitutions: '{"name": "Ada", "code": "000000"}',
      tags: '{"flow": "sign-up"}',
      customFriendlyName: 'Shop',
    });
    expect(emulator.outbox.latest(to)).toMatchObject({
      locale: 'de',
      templateSid: template,
      substitutions: { name: 'Ada' },
      tags: { flow: 'sign-up' },
      friendlyName: 'Shop',
      text: 'Hi Ada, 123456 is for {{ order }} Shop',
    });
  });

  it('has the e-mail’s template and the link that a person clicks', async () => {
    const magicLink = 'https://app.example/verify?code={{twilio_code}}&as={{ user }}&plan={{plan}}';
    const { emulator, send } = open({ magicLink });
    const channelConfiguration = { template_id: 'd-1', from: 'a@b.example', substitutions: { user: 'ada' } };
    await send({ to: 'ada@example.com', channel: 'email', channelConfiguration });
    expect(emulator.outbox.latest('ada@example.com')).toMatchObject({
      templateSid: 'd-1',
      substitutions: { user: 'ada' },
      magicLink: 'https://app.example/verify?code=123456&as=ada&plan=',
    });
    await send();
    expect(emulator.outbox.latest(to)?.magicLink).toBeNull();
  });

  it('is the application’s own text where the service allows that', async () => {
    const { emulator, contact, send } = open();
    const customMessage = 'Use {{code}} at the till';
    expect(await errorOf(send({ customMessage }))).toMatchObject({ code: 60243 });
    emulator.configureService(contact, { customMessageEnabled: true });
    await send({ customMessage });
    expect(emulator.outbox.latest(to)).toMatchObject({ customMessage, text: 'Use 123456 at the till' });
  });
});

describe('the outbox', () => {
  it('tells apart what two services sent to one number', async () => {
    const { emulator, contact, twoFactor, send } = open();
    await send();
    await send({}, twoFactor);
    expect(emulator.outbox.latest(to)?.serviceSid).toBe(twoFactor);
    expect(emulator.outbox.latest(to, contact)?.serviceSid).toBe(contact);
    expect(emulator.outbox.latest(to, `VA${'f'.repeat(32)}`)).toBeUndefined();
    expect(emulator.outbox.list({ to, serviceSid: contact })).toHaveLength(1);
  });

  it('selects by channel, verification and time, newest first', async () => {
    const { emulator, send } = open();
    const { sid } = await send();
    await send({ channel: 'call' });
    emulator.clock.advance(60);
    const since = emulator.clock.now();
    await send({ to: '+447400999999' });
    const numbers = (filter: object) => emulator.outbox.list(filter).map((one) => `${one.channel} ${one.to}`);
    expect(numbers({})).toEqual(['sms +447400999999', `call ${to}`, `sms ${to}`]);
    expect(numbers({ channel: 'call' })).toEqual([`call ${to}`]);
    expect(numbers({ verificationSid: sid })).toEqual([`call ${to}`, `sms ${to}`]);
    expect(numbers({ since })).toEqual(['sms +447400999999']);
    expect(numbers({ limit: 2 })).toEqual(['sms +447400999999', `call ${to}`]);
    expect(() => numbers({ too: to })).toThrow('The filter: "too" is unknown; the nearest known name is "to".');
  });
});
