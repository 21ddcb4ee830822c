/** Journeys with `<two-factor>`'s flow through the whole stack, with each answer that the backend can give. */
import { describe, expect, it } from 'vitest';
import { AccountsError } from '../../../src/server/index.js';
import { memoryStorage } from '../../support/flow-fixtures.js';
import { visit } from '../../support/simulated-user.js';
import { createStack, EMAIL, OTHER_PHONE, PHONE, type StackOptions } from '../../support/backend-stack.js';

const phone = { type: 'phone', value: PHONE } as const;
const email = { type: 'email', value: EMAIL } as const;

/** `ada` at her sign-in, with these contacts proven before, in an application that asks everybody for two-factor. */
async function open(
  contacts: readonly (typeof phone | typeof email)[],
  options: StackOptions = {},
  user: string | null = 'ada',
) {
  const stack = await createStack({ twoFactor: { required: 'always', email: true }, ...options });
  for (const contact of contacts) await stack.accounts.contactVerified('ada', contact);
  const person = visit(stack, user, { purpose: 'two-factor' });
  const sends = () => stack.emulator.outbox.list().length;
  return { stack, person, sends };
}
async function atCode(contacts: readonly (typeof phone | typeof email)[] = [phone, email], options: StackOptions = {}) {
  const parts = await open(contacts, options);
  await parts.person.does((flow) => flow.start());
  expect(parts.person.sees).toBe('code');
  return parts;
}

describe('the answer', () => {
  it('to nobody is that nobody is signed in', async () => {
    const { person, sends } = await open([phone], {}, null);
    await person.does((flow) => flow.start());
    expect([person.sees, sends()]).toEqual(['unavailable: unauthenticated', 0]);
  });

  it('to who needs none is that nothing is required, and nothing is sent', async () => {
    const { person, sends } = await open([phone], { twoFactor: { required: 'by-account', email: true } });
    await person.does((flow) => flow.start());
    expect([person.sees, sends()]).toEqual(['not-required', 0]);
  });

  it('to who has a verified phone is a code there, masked', async () => {
    const { stack, person } = await atCode();
    expect(person.code.sent.challenge).toMatchObject({ purpose: 'two-factor', to: '•••• 71', channel: 'sms' });
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    const { step } = person.flow;
    expect(step).toMatchObject({ name: 'verified', result: { purpose: 'two-factor', expiresIn: 300 } });
    const { proof } = (step as { result: { proof: string } }).result;
    expect(await stack.verify(proof, { purpose: 'two-factor', subject: 'ada' })).toMatchObject({ amr: ['sms'] });
  });

  it('to who has a verified e-mail address only is a code there, where the application allows it', async () => {
    const { stack, person } = await atCode([email]);
    expect(person.code.sent.challenge).toMatchObject({ to: 'a•••@e•••', channel: 'email' });
    await person.does((flow) => flow.submit(stack.code(EMAIL)));
    expect(person.sees).toBe('verified');
  });

  it.each([
    ['has nothing verified', [], true],
    ['has an e-mail address that does not count', [email], false],
  ] as const)(
    'to who %s is that nothing is available, and never that nothing is required',
    async (_, contacts, byEmail) => {
      const { person, sends } = await open(contacts, { twoFactor: { required: 'always', email: byEmail } });
      await person.does((flow) => flow.start());
      expect([person.sees, sends()]).toEqual(['unavailable: not-available', 0]);
    },
  );

  it('while the accounts are out of reach is that it is unavailable, until they are back', async () => {
    const { stack, person, sends } = await open([phone]);
    const { contacts } = stack.accounts;
    stack.accounts.contacts = () => Promise.reject(new AccountsError('ECONNREFUSED'));
    await person.does((flow) => flow.start());
    expect([person.sees, sends()]).toEqual(['unavailable: unavailable', 0]);
    stack.accounts.contacts = contacts;
    await person.does((flow) => flow.send());
    expect([person.sees, sends()]).toEqual(['code', 1]);
  });
});

describe('switching', () => {
  it('to e-mail needs no wait; back to the phone sends nothing, and its first code is accepted', async () => {
    const { stack, person, sends } = await atCode();
    const first = stack.code(PHONE);
    await person.does((flow) => flow.resend('email'));
    expect(person.code.sent.challenge).toMatchObject({ to: 'a•••@e•••', channel: 'email' });
    expect(sends()).toBe(2);
    const { requests } = person;
    await person.does((flow) => flow.resend('sms'));
    expect([sends(), person.requests]).toEqual([2, requests]);
    await person.does((flow) => flow.submit(first));
    expect(person.sees).toBe('verified');
  });

  it('to and fro keeps both codes, over a reload as well', async () => {
    const { stack, person, sends } = await atCode();
    await person.does((flow) => flow.resend('email'));
    person.reload();
    await person.does((flow) => flow.resend('sms'));
    await person.does((flow) => flow.resend('email'));
    expect(sends()).toBe(2);
    await person.does((flow) => flow.submit(stack.code(EMAIL)));
    expect(person.sees).toBe('verified');
  });

  it('is not offered where e-mail does not count, nor done for a page that asks all the same', async () => {
    const { person, sends } = await atCode([phone, email], { twoFactor: { required: 'always', email: false } });
    expect(person.code.sent.challenge.methods.map((method) => method.channel)).not.toContain('email');
    person.waits(30);
    await person.does((flow) => flow.resend('email'));
    expect([person.sees, sends()]).toEqual(['code: unsupported-channel', 1]);
  });
});

describe('a reload', () => {
  it('sends nothing, and the code is still accepted', async () => {
    const { stack, person, sends } = await atCode();
    const { requests } = person;
    person.reload();
    expect([person.sees, person.requests, sends()]).toEqual(['code', requests, 1]);
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(person.sees).toBe('verified');
  });

  it('after the code is over sends nothing by itself', async () => {
    const { person, sends } = await atCode();
    person.waits(700);
    person.reload();
    expect([person.sees, sends()]).toEqual(['code: code-expired', 1]);
    await person.does((flow) => flow.send());
    expect([person.sees, sends()]).toEqual(['code', 2]);
  });
});

describe('another user', () => {
  it('who signs in on a page that has stored a challenge gets a code of her own, once', async () => {
    const storage = memoryStorage();
    const { stack, sends } = await open([phone]);
    const ada = visit(stack, 'ada', { purpose: 'two-factor' }, undefined, storage);
    await ada.does((flow) => flow.start());
    await stack.accounts.contactVerified('grace', { type: 'phone', value: OTHER_PHONE });
    const grace = visit(stack, 'grace', { purpose: 'two-factor' }, undefined, storage);
    await grace.does((flow) => flow.start());
    expect([grace.code.sent.challenge.to, sends()]).toEqual(['•••• 71', 1]);
    await grace.does((flow) => flow.submit(stack.code(PHONE)));
    expect([grace.code.sent.challenge.to, sends()]).toEqual(['•••• 56', 2]);
    await grace.does((flow) => flow.submit(stack.code(OTHER_PHONE)));
    expect(grace.sees).toBe('verified');
  });
});
