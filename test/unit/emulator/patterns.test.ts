/** Values that Twilio's documents describe in words: what the emulator takes, what it refuses, and what becomes of it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mobile, openAccount, post, sid } from '../../support/emulator-account.js';
import { errorOf } from '../../support/emulator-client.js';

describe('a send', () => {
  it.each([
    ['customCode', 'sms', '１２３４５６'],
    ['customCode', 'sms', '12 34'],
    ['customCode', 'sms', '12'],
    ['customCode', 'sms', '12345678901'],
    ['appHash', 'sms', 'short'],
    ['appHash', 'sms', 'He42w354ol9 x'],
    ['sendDigits', 'call', 'abc'],
    ['sendDigits', 'call', '12 34'],
  ])('is refused with the %s by %s %j', async (name, channel, value) => {
    const { emulator, send } = openAccount({ customCodeEnabled: true });
    expect(await errorOf(send(mobile, channel, { [name]: value }))).toMatchObject({ code: 60200 });
    expect(emulator.outbox.list()).toEqual([]);
  });

  it.each([
    ['customCode', 'sms', '4321'],
    ['customCode', 'sms', 'Ab3dEf'],
    ['appHash', 'sms', 'He42w354ol9'],
    ['sendDigits', 'call', 'ww12#*'],
  ])('goes out with the %s by %s %j', async (name, channel, value) => {
    const { send } = openAccount({ customCodeEnabled: true });
    expect(await send(mobile, channel, { [name]: value })).toMatchObject({ status: 'pending' });
  });
});

describe('a service', () => {
  it('takes a template’s sid as its default, and nothing else', async () => {
    const { client } = openAccount();
    const update = (defaultTemplateSid: string) => client.verify.v2.services(sid).update({ defaultTemplateSid });
    expect(await errorOf(update('HJx'))).toMatchObject({ message: 'Invalid parameter: DefaultTemplateSid' });
    const template = `HJ${'1'.repeat(32)}`;
    expect(await update(template)).toMatchObject({ defaultTemplateSid: template });
  });

  it('takes no length of codes that the fixed one has not, by Twilio’s API or by the console', async () => {
    const { emulator, client, send } = openAccount({}, { fixedCode: '123456' });
    const sentence = 'The fixed code 123456 has 6 digits, and the codes of the services have 6 and 8.';
    expect(await errorOf(client.verify.v2.services(sid).update({ codeLength: 8 }))).toMatchObject({
      code: 60200,
      message: `Invalid parameter: CodeLength. ${sentence}`,
    });
    const create = client.verify.v2.services.create({ friendlyName: 'Acme', codeLength: 8 });
    expect(await errorOf(create)).toMatchObject({ message: `Invalid parameter: CodeLength. ${sentence}` });
    expect(() => emulator.configureService(sid, { codeLength: 8 })).toThrow(sentence);
    expect(() => emulator.addService({ sid: `VA${'b'.repeat(32)}`, codeLength: 8 })).toThrow(sentence);
    await send();
    expect(emulator.outbox.latest(mobile)?.code).toBe('123456');
    expect(await client.verify.v2.services.create({ friendlyName: 'Acme' })).toMatchObject({ codeLength: 6 });
  });

  it('keeps the length of one number’s fixed code, if no other service has it', async () => {
    const { emulator } = openAccount({ codeLength: 4 }, { fixedCode: { [mobile]: '1234' } });
    expect(() => emulator.configureService(sid, { codeLength: 5 })).toThrow('The fixed code 1234 has 4 digits');
    emulator.addService({ sid: `VA${'b'.repeat(32)}`, codeLength: 4 });
    emulator.configureService(sid, { codeLength: 5 });
  });
});

describe('a check of a payment under PSD2', () => {
  it.each([{}, { amount: '€5' }, { payee: 'Acme' }])('with %j is refused, and costs no try', async (payment) => {
    const { emulator, client, send } = openAccount({ psd2Enabled: true });
    await send(mobile, 'sms', { amount: '€5', payee: 'Acme' });
    const code = emulator.outbox.latest(mobile)?.code ?? '';
    const { verificationChecks } = client.verify.v2.services(sid);
    expect(await errorOf(verificationChecks.create({ to: mobile, code, ...payment }))).toMatchObject({ code: 60206 });
    expect(emulator.verifications.list()).toMatchObject([{ wrongCodes: 0 }]);
    const right = { to: mobile, code, amount: '€5', payee: 'Acme' };
    expect(await verificationChecks.create(right)).toMatchObject({ status: 'approved' });
  });
});

describe('the magic numbers of the documents', () => {
  const page = readFileSync('docs/emulator.md', 'utf8');
  const [, list = ''] = /The endings for a send are ([^.]+)\./.exec(page) ?? [];
  const endings = (list.match(/\d{5}/g) ?? []).map(Number);

  it('are those with which a send fails, and no other number of five digits does', async () => {
    const { send } = openAccount({ codeLength: 6 }, { magicNumbers: true });
    const failing: number[] = [];
    for (let ending = 20_400; ending < 60_700; ending += 1) {
      if (ending === 21_700) ending = 60_000;
      const to = `+447400${String(ending).padStart(6, '0')}`;
      await send(to).catch(() => failing.push(ending));
    }
    expect(endings.length).toBeGreaterThan(10);
    expect(failing).toEqual(endings);
  });
});

describe('Lookup', () => {
  const lookUp = async (number: string, query = '') => {
    const { emulator } = openAccount();
    const response = await post(emulator, `/v2/PhoneNumbers/${number}${query}`, '', {}, 'GET');
    return (await response.json()) as Record<string, unknown>;
  };

  it.each([
    ['+447400123456', '07400 123456'],
    ['+33612345678', '06 12 34 56 78'],
    ['+14155552671', '(415) 555-2671'],
    ['+390612345678', '06 1234 5678'],
    ['+5511987654321', '(11) 98765-4321'],
  ])('writes %s as people of its country do: %s', async (number, national) => {
    expect(await lookUp(number)).toMatchObject({ valid: true, national_format: national });
  });

  it.each(['abc', '1-800-FLOWERS', '%E0%A4%A', '%20', '%2B', '+1٤١٥٥٥٥٢٦٧١'])(
    'says that %s is no number, and makes none of it',
    async (number) => {
      const answer = await lookUp(number);
      expect(answer).toMatchObject({ valid: false, validation_errors: ['NOT_A_NUMBER'], national_format: null });
      expect(answer.phone_number).not.toMatch(/^\+?\d+$/);
      expect(URL.canParse(answer.url as string)).toBe(true);
    },
  );

  it('reads what people write around the digits', async () => {
    expect(await lookUp('(415)%20555-2671')).toMatchObject({ valid: true, phone_number: '+14155552671' });
    expect(await lookUp('07400%20123.456', '?CountryCode=GB')).toMatchObject({ phone_number: '+447400123456' });
  });
});
