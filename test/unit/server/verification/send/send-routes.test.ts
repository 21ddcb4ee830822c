/** Who may start what: the six answers of two-factor, and who must pass it first. */
import { describe, expect, it } from 'vitest';
import { memoryAccounts, problems } from '../../../../../src/server/index.js';
import { createStack, EMAIL, OTHER_PHONE, PHONE, type StackOptions } from '../../../../support/backend-stack.js';

interface User {
  phone?: string;
  email?: string;
  required?: boolean;
}

async function withUser({ phone, email, required = true }: User, options: StackOptions = {}) {
  const stack = await createStack(options);
  if (phone) await stack.accounts.contactVerified('ada', { type: 'phone', value: phone });
  if (email) await stack.accounts.contactVerified('ada', { type: 'email', value: email });
  await stack.accounts.setTwoFactorRequired('ada', required);
  return { stack, ada: stack.as('ada'), passed: stack.as('ada+2') };
}

const byMail = { twoFactor: { email: true } };

describe('the six answers of two-factor', () => {
  it('nobody signed in: unauthenticated', async () => {
    const stack = await createStack();
    const { status, problem, response } = await stack.as(null).twoFactor();
    expect([status, problem, response.headers.get('www-authenticate')]).toEqual([401, 'unauthenticated', 'Bearer']);
  });

  it('not required: that, and nothing else', async () => {
    const { stack, ada } = await withUser({ phone: PHONE, required: false });
    const { status, body } = await ada.twoFactor();
    expect([status, body]).toEqual([200, { required: false }]);
    expect(stack.calls()).toEqual([]);
  });

  it('required, with a verified phone: sent there, masked', async () => {
    const { stack, ada } = await withUser({ phone: PHONE, email: EMAIL });
    const { status, body } = await ada.twoFactor();
    expect(status).toBe(201);
    expect(body).toMatchObject({ purpose: 'two-factor', to: '•••• 71', channel: 'sms' });
    expect(body.methods).toEqual([
      { channel: 'sms', to: '•••• 71' },
      { channel: 'whatsapp', to: '•••• 71' },
    ]);
    expect(JSON.stringify({ ...body, challenge: '' })).not.toContain('415');
    const checked = await ada.check(body.challenge, stack.code(PHONE));
    expect(checked.body).toEqual({ proof: checked.body.proof, expiresIn: 300, purpose: 'two-factor' });
    const proof = await stack.verify(checked.body.proof, { purpose: 'two-factor', subject: 'ada' });
    expect(proof).toMatchObject({ sub: 'ada', amr: ['sms'] });
    expect(proof.contact).toBeUndefined();
  });

  it('required, no phone, e-mail allowed and verified: sent by e-mail', async () => {
    const { ada } = await withUser({ email: EMAIL }, byMail);
    expect((await ada.twoFactor()).body).toMatchObject({
      to: 'a•••@e•••',
      channel: 'email',
      methods: [{ channel: 'email', to: 'a•••@e•••' }],
    });
  });

  it('required, without a usable contact: not-available, never "not required"', async () => {
    for (const user of [{}, { email: EMAIL }]) {
      const { stack, ada } = await withUser(user);
      expect((await ada.twoFactor()).problem).toBe('not-available');
      expect(stack.calls()).toEqual([]);
    }
  });

  it('accounts or store unreachable: unavailable', async () => {
    const stack = await createStack({
      accounts: { ...memoryAccounts(), contacts: () => Promise.reject(new Error('down')) },
    });
    expect((await stack.as('ada').twoFactor()).problem).toBe('unavailable');
    const { stack: other, ada } = await withUser({ phone: PHONE });
    other.store.reserve = () => Promise.reject(new Error('down'));
    expect((await ada.twoFactor()).problem).toBe('unavailable');
    expect(other.calls()).toEqual([]);
  });
});

describe('two-factor takes no destination', () => {
  it.each(['to', 'phone', 'email', 'contact', 'destination', 'country', 'subject', 'user'])(
    '%s in the body makes the request invalid',
    async (field) => {
      const { stack, ada } = await withUser({ phone: PHONE });
      expect((await ada.twoFactor({ [field]: OTHER_PHONE })).problem).toBe('invalid-request');
      const { body } = await ada.twoFactor();
      expect((await ada.resend({ challenge: body.challenge, [field]: OTHER_PHONE })).problem).toBe('invalid-request');
      expect(stack.emulator.outbox.list()).toHaveLength(1);
    },
  );

  it.each([['SMS'], [['sms']], [null], ['push'], [{}]])('channel %j makes the request invalid', async (channel) => {
    const { ada } = await withUser({ phone: PHONE });
    expect((await ada.twoFactor({ channel })).problem).toBe('invalid-request');
  });
});

describe('switching between phone and e-mail', () => {
  it('works both ways, each code works, and switching back sends nothing', async () => {
    const { stack, ada } = await withUser({ phone: PHONE, email: EMAIL }, byMail);
    const phone = (await ada.twoFactor()).body;
    expect(phone.methods.map(({ channel }) => channel)).toEqual(['sms', 'whatsapp', 'email']);
    const email = (await ada.resend({ challenge: phone.challenge, channel: 'email' })).body;
    expect(email).toMatchObject({ to: 'a•••@e•••', channel: 'email', expiresIn: 600 });
    const back = (await ada.resend({ challenge: email.challenge, channel: 'sms' })).body;
    stack.clock.advance(60);
    await ada.resend({ challenge: email.challenge, channel: 'sms' });
    expect(stack.emulator.outbox.list()).toHaveLength(2);
    const checked = await ada.check(back.challenge, stack.code(PHONE));
    expect(checked.status).toBe(200);
    expect((await ada.check(email.challenge, stack.code(EMAIL))).status).toBe(200);
  });

  it('with another user’s challenge fails before the accounts are asked', async () => {
    const { stack, ada } = await withUser({ phone: PHONE, email: EMAIL }, byMail);
    const { challenge } = (await ada.twoFactor()).body;
    const contact = (await stack.as('ada+2').contact({ to: OTHER_PHONE })).body;
    const asked: string[] = [];
    const { contacts } = stack.accounts;
    stack.accounts.contacts = (id) => (asked.push(id), contacts(id));
    await stack.accounts.setTwoFactorRequired('mallory', true);
    for (const foreign of [challenge, contact.challenge])
      expect((await stack.as('mallory').resend({ challenge: foreign })).problem).toBe('invalid-challenge');
    expect(asked).toEqual([]);
    expect((await ada.resend({ challenge, channel: 'email' })).status).toBe(200);
    expect(asked).toEqual(['ada']);
  });

  it('is refused if e-mail is no second factor, and if the contact was removed from the account meanwhile', async () => {
    const { ada } = await withUser({ phone: PHONE, email: EMAIL });
    const { body } = await ada.twoFactor();
    expect((await ada.resend({ challenge: body.challenge, channel: 'email' })).problem).toBe('unsupported-channel');
    const { stack, ada: other } = await withUser({ phone: PHONE, email: EMAIL }, byMail);
    const phone = (await other.twoFactor()).body;
    await stack.accounts.remove('ada', { type: 'phone', value: PHONE });
    expect((await other.resend({ challenge: phone.challenge })).problem).toBe('not-available');
    expect((await other.check(phone.challenge, stack.code(PHONE))).problem).toBe('invalid-challenge');
  });
});

describe('a thief with only the password', () => {
  it('cannot verify a phone of their own to receive the second factor there', async () => {
    const { stack, ada, passed } = await withUser({ phone: PHONE });
    expect((await ada.contact({ to: OTHER_PHONE })).problem).toBe('two-factor-needed');
    expect(stack.calls()).toEqual([]);
    // A challenge that the owner started in another session does not help either.
    const { challenge } = (await passed.contact({ to: OTHER_PHONE })).body;
    expect((await ada.resend({ challenge })).problem).toBe('two-factor-needed');
    expect((await ada.check(challenge, stack.code(OTHER_PHONE))).problem).toBe('two-factor-needed');
    // Nor does one that was started anonymously and continued after signing in.
    const anonymous = (await stack.as(null).contact({ to: '+14155552672' })).body;
    expect((await ada.check(anonymous.challenge, stack.code('+14155552672'))).problem).toBe('two-factor-needed');
    expect(await stack.accounts.contacts('ada')).toMatchObject({ phone: PHONE });
  });

  it('cannot use the challenge of a contact as a second factor, nor its code', async () => {
    const { stack, ada } = await withUser({ phone: PHONE });
    const { body } = await stack.as(null).contact({ to: PHONE });
    const second = (await ada.twoFactor()).body;
    expect(stack.code(PHONE)).toBeDefined();
    const checked = await stack.as(null).check(body.challenge, stack.emulator.outbox.list().at(-1)?.code ?? '');
    await expect(stack.verify(checked.body.proof, { purpose: 'two-factor', subject: 'ada' })).rejects.toMatchObject({
      code: 'invalid-proof',
    });
    for (const who of [null, 'mallory'])
      expect((await stack.as(who).check(second.challenge, stack.code(PHONE))).status).not.toBe(200);
  });

  it('is not believed if secondFactor is anything but true', async () => {
    const { stack } = await withUser({ phone: PHONE });
    const forged = await createStack({
      sharing: stack,
      identify: () => ({ id: 'ada', secondFactor: 'yes' as unknown as boolean }),
    });
    expect((await forged.as(null).contact({ to: OTHER_PHONE })).problem).toBe('two-factor-needed');
  });
});

describe('no dead end', () => {
  it('a user without a usable factor may enrol the first one, and a repeated check gets the same answer', async () => {
    const { stack, ada } = await withUser({ email: EMAIL }, { twoFactor: { required: 'always' } });
    expect((await ada.twoFactor()).problem).toBe('not-available');
    const { body } = await ada.contact({ to: PHONE });
    const key = 'k'.repeat(20);
    expect((await ada.check(body.challenge, stack.code(PHONE), key)).status).toBe(200);
    // The user has a factor now; a lost answer is repeated all the same.
    expect((await ada.check(body.challenge, stack.code(PHONE), key)).status).toBe(200);
    stack.clock.advance(31);
    expect((await ada.twoFactor()).status).toBe(201);
  });

  it('signing up in any order, under any policy, ends with a usable account', async () => {
    for (const required of ['always', 'by-account', 'never'] as const) {
      for (const email of [true, false]) {
        for (const order of [[PHONE, EMAIL], [EMAIL, PHONE], [PHONE], [EMAIL]]) {
          const { stack, ada, passed } = await withUser({}, { twoFactor: { required, email } });
          for (const to of order) {
            let who = ada;
            const first = await ada.contact({ to });
            if (first.problem === 'two-factor-needed') {
              const second = (await ada.twoFactor()).body;
              const factor = second.channel === 'email' ? EMAIL : PHONE;
              expect((await ada.check(second.challenge, stack.code(factor))).status).toBe(200);
              who = passed;
            }
            const { body } = who === ada ? first : await who.contact({ to });
            expect((await who.check(body.challenge, stack.code(to))).status).toBe(200);
          }
          const { phone, email: address } = await stack.accounts.contacts('ada');
          expect([phone, address].filter(Boolean).sort()).toEqual([...order].sort());
        }
      }
    }
  });

  it('a stored phone that is not E.164 emits misconfigured', async () => {
    const stack = await createStack({
      accounts: {
        contacts: () => Promise.resolve({ phone: '(415) 555-2671', twoFactorRequired: true }),
        contactVerified: () => Promise.resolve(),
      },
    });
    expect((await stack.as('ada').twoFactor()).problem).toBe('not-available');
    expect(stack.events).toContainEqual(expect.objectContaining({ type: 'misconfigured' }));
    expect(JSON.stringify(stack.events)).not.toContain('2671');
  });
});

describe('who may verify a contact', () => {
  it('users, and anonymous people only if the host allows it', async () => {
    const stack = await createStack({ anonymous: false });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('unauthenticated');
    expect((await stack.as('ada').contact({ to: PHONE })).status).toBe(201);
  });

  it('an expired bearer token is not anonymous: the page renews it and keeps its step', async () => {
    const stack = await createStack({ identify: () => null });
    const response = await stack.post('contact', { to: PHONE }, { authorization: 'Bearer expired' });
    expect(response.status).toBe(401);
    expect((await stack.as(null).contact({ to: PHONE })).status).toBe(201);
  });

  it('if identify fails or returns nonsense, the host gets an event and the person gets "not available"', async () => {
    const failing = await createStack({ identify: () => Promise.reject(new Error(`no session for ${EMAIL}`)) });
    expect((await failing.as('ada').contact({ to: PHONE })).problem).toBe('unavailable');
    expect(failing.events[0]).toMatchObject({ type: 'unavailable', component: 'identify' });
    expect(failing.events[1]).toEqual({ type: 'refused', route: 'contact', problem: 'unavailable' });
    expect(JSON.stringify(failing.events)).not.toContain(EMAIL);
    for (const id of ['', 7, 'x'.repeat(257)]) {
      const odd = await createStack({ identify: () => ({ id: id as string }) });
      expect((await odd.as(null).contact({ to: PHONE })).problem).toBe('misconfigured');
    }
  });

  it.each([
    ['hello +1 415 555 2671', 'invalid-contact'],
    ['+1 900 234 5678', 'unsupported-contact'],
    ['+1 800 234 5678', 'unsupported-contact'],
    ['a@b, c@d.example', 'invalid-contact'],
    ['ada@example.com\r\nBcc: x@example.com', 'invalid-contact'],
    ['12', 'invalid-contact'],
  ])('%j makes no call to Twilio', async (to, problem) => {
    const stack = await createStack();
    expect((await stack.as(null).contact({ to })).problem).toBe(problem);
    expect(stack.calls()).toEqual([]);
  });

  it('nobody in a country that is not allowed, or by a channel that is off', async () => {
    const stack = await createStack({ countries: ['GB'], channels: ['sms'] });
    const ask = stack.as(null);
    expect((await ask.contact({ to: PHONE })).problem).toBe('unsupported-contact');
    expect((await ask.contact({ to: EMAIL })).problem).toBe('unsupported-contact');
    expect((await ask.contact({ to: OTHER_PHONE, channel: 'call' })).problem).toBe('unsupported-channel');
    expect((await ask.contact({ to: '07400 123456', country: 'GB' })).body.to).toBe('+44 7400 123456');
    expect(problems['unsupported-contact'].status).toBe(422);
  });

  it('contacts of other users and unknown contacts get the same answer', async () => {
    const stack = await createStack({ accounts: memoryAccounts({ uniqueContacts: true }) });
    await stack.accounts.contactVerified('bob', { type: 'phone', value: PHONE });
    const [known, unknown] = [
      await stack.as('ada').contact({ to: PHONE }),
      await stack.as('ada').contact({ to: '+14155552672' }),
    ];
    const shape = ({ body, status }: typeof known) => ({
      ...body,
      challenge: body.challenge.length,
      to: '',
      methods: body.methods.length,
      status,
    });
    expect(shape(known)).toEqual(shape(unknown));
  });
});
