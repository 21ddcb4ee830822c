/** A reviewer without a phone: with a test contact they pass the application as anybody does, and nothing is sent. */
import { afterAll, describe, expect, it } from 'vitest';
import { memoryAccounts, sqliteAccounts, type AccountStore } from '../../../src/server/index.js';
import { createStack, EMAIL, PHONE, withLongCodes, type StackOptions } from '../../support/backend-stack.js';

const NUMBER = '+12025550123';
const ADDRESS = 'review@example.com';
const CODE = '471093';
const entry = { contact: NUMBER, code: CODE, until: '2026-03-20' };
const withReviewer = (options: StackOptions = {}) =>
  createStack({ testContacts: [entry, { ...entry, contact: ADDRESS }], ...options });

describe('a reviewer', () => {
  it.each([NUMBER, ADDRESS])('verifies %s with the fixed code, and Twilio is not called', async (to) => {
    const stack = await withReviewer();
    const reviewer = stack.as(null);
    const { body, status } = await reviewer.contact({ to });
    expect([status, body.codeLength, body.expiresIn]).toEqual([201, 6, 600]);
    const { body: result } = await reviewer.check(body.challenge, CODE);
    const proof = await stack.verify(result.proof, { allowTest: true });
    expect(proof).toMatchObject({ purpose: 'contact', contact: { value: to }, test: true });
    expect(stack.calls()).toEqual([]);
    expect(stack.emulator.outbox.list()).toEqual([]);
  });

  it('types the number as people write it', async () => {
    const reviewer = (await withReviewer()).as(null);
    const { body } = await reviewer.contact({ to: '(202) 555-0123', country: 'US' });
    expect((await reviewer.check(body.challenge, CODE)).status).toBe(200);
  });

  it('has the code sent again after the wait, and a wrong code is wrong', async () => {
    const stack = await withReviewer();
    const reviewer = stack.as(null);
    const first = await reviewer.contact({ to: NUMBER });
    expect((await reviewer.resend({ challenge: first.body.challenge })).problem).toBe('resend-too-soon');
    stack.clock.advance(first.body.resendIn);
    const second = await reviewer.resend({ challenge: first.body.challenge });
    expect((await reviewer.check(second.body.challenge, '471094')).body).toMatchObject({ code: 'wrong-code' });
    expect((await reviewer.check(second.body.challenge, CODE)).status).toBe(200);
    expect(stack.calls()).toEqual([]);
  });

  it('is in no figure of codes sent: each use has an event of its own, with the contact masked', async () => {
    const stack = await withReviewer();
    const reviewer = stack.as(null);
    const { body } = await reviewer.contact({ to: NUMBER });
    await reviewer.check(body.challenge, '471094');
    await reviewer.check(body.challenge, CODE);
    const what = { type: 'test-contact', purpose: 'contact', channel: 'sms', to: '•••• 23', country: 'US' };
    const events = stack.events.filter(({ type }) => type !== 'refused');
    expect(events).toEqual(['sent', 'wrong', 'approved'].map((use) => ({ ...what, use })));
  });

  it('of a host that looks up numbers costs no look-up', async () => {
    const stack = await withReviewer({ twilio: { lookup: true } });
    const { body } = await stack.as(null).contact({ to: NUMBER });
    expect((await stack.as(null).check(body.challenge, CODE)).status).toBe(200);
    expect(stack.calls()).toEqual([]);
  });

  it('meets the host’s hook like anybody', async () => {
    const stack = await withReviewer({ beforeSend: () => false });
    expect((await stack.as(null).contact({ to: NUMBER })).problem).toBe('blocked');
  });
});

describe('the end of an entry', () => {
  it('comes while the server runs: then the number is like any other, and health says so', async () => {
    const stack = await withReviewer();
    const health = async () => (await (await stack.get('health')).json()) as object;
    expect(await health()).toEqual({ live: true, ready: true, testContacts: true });
    stack.clock.advance((Date.parse('2026-03-20T23:55:00Z') - stack.clock.now()) / 1000);
    const { body } = await stack.as(null).contact({ to: NUMBER });
    expect(stack.calls()).toEqual([]);
    stack.clock.advance(300);
    expect((await stack.as(null).check(body.challenge, CODE)).problem).toBe('code-expired');
    expect((await stack.as(null).resend({ challenge: body.challenge })).problem).toBe('code-expired');
    expect(stack.calls()).toEqual([]);
    expect(await health()).toEqual({ live: true, ready: true });
    stack.clock.advance(600);
    await stack.as(null).contact({ to: NUMBER });
    expect(stack.calls('Verifications')).toHaveLength(1);
  });

  it('takes nothing from a code that was really sent before the entry began', async () => {
    const stack = await createStack();
    const { body } = await stack.as(null).contact({ to: ADDRESS });
    const later = await withReviewer({ sharing: stack, store: stack.store });
    expect((await later.as(null).check(body.challenge, CODE)).problem).toBe('wrong-code');
    const { body: result } = await later.as(null).check(body.challenge, stack.code(ADDRESS));
    expect(await later.verify(result.proof)).not.toHaveProperty('test');
    later.clock.advance(60);
    // And who starts now gets no challenge of that code.
    const next = await later.as(null).contact({ to: ADDRESS });
    expect((await later.as(null).check(next.body.challenge, CODE)).status).toBe(200);
  });
});

const opened: AccountStore[] = [];
afterAll(() => Promise.all(opened.map((one) => one.close())));

describe.each([
  ['memory', () => memoryAccounts({ uniqueContacts: true })],
  ['SQLite', () => sqliteAccounts({ file: ':memory:', uniqueContacts: true })],
])('with accounts in %s, where a contact belongs to one person', (_, open) => {
  const stackWith = async (record: boolean) => {
    const accounts = open();
    opened.push(accounts);
    return await withReviewer({ accounts, testContacts: [{ ...entry, ...(record ? { record } : {}) }] });
  };
  const verifyAs = async (stack: Awaited<ReturnType<typeof stackWith>>, user: string) => {
    const { body } = await stack.as(user).contact({ to: NUMBER });
    const { status } = await stack.as(user).check(body.challenge, CODE);
    stack.clock.advance(600);
    return status;
  };

  it('the accounts do not learn of a test contact', async () => {
    const stack = await stackWith(false);
    expect(await verifyAs(stack, 'ada')).toBe(200);
    expect(await stack.accounts.contacts('ada')).toEqual({ twoFactorRequired: false });
  });

  it('they record it if the entry says so, for as many people as use it, and forget it on demand', async () => {
    const stack = await stackWith(true);
    expect([await verifyAs(stack, 'ada'), await verifyAs(stack, 'bob')]).toEqual([200, 200]);
    for (const user of ['ada', 'bob']) expect(await stack.accounts.contacts(user)).toMatchObject({ phone: NUMBER });
    await stack.accounts.remove('bob', { type: 'phone', value: NUMBER });
    expect(await stack.accounts.contacts('bob')).toEqual({ twoFactorRequired: false });
    // Whoever verifies the number by a code that was sent is its owner, and the next is refused.
    await stack.accounts.contactVerified('eve', { type: 'phone', value: NUMBER });
    await expect(stack.accounts.contactVerified('bob', { type: 'phone', value: NUMBER })).rejects.toThrow();
  });

  it('a second factor is asked of the account that holds exactly this contact', async () => {
    const stack = await stackWith(true);
    await verifyAs(stack, 'ada');
    await stack.accounts.setTwoFactorRequired('ada', true);
    const { body } = await stack.as('ada').twoFactor({ context: 'sign-in' });
    const { body: result } = await stack.as('ada').check(body.challenge, CODE);
    const expected = { purpose: 'two-factor', subject: 'ada', context: 'sign-in' } as const;
    await expect(stack.verify(result.proof, expected)).rejects.toThrow('not valid');
    expect(await stack.verify(result.proof, { ...expected, allowTest: true })).toMatchObject({ test: true });
    expect(stack.calls()).toEqual([]);
  });
});

it('people with other contacts notice nothing: they get a code and a proof as ever, also of eight digits', async () => {
  const stack = await withReviewer({ ...withLongCodes });
  for (const to of [PHONE, EMAIL]) {
    const { body } = await stack.as(null).contact({ to });
    expect((await stack.as(null).check(body.challenge, CODE)).problem).toBe('wrong-code');
    const { body: result } = await stack.as(null).check(body.challenge, stack.code(to));
    expect(await stack.verify(result.proof)).not.toHaveProperty('test');
  }
});
