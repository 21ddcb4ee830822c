/** Attacks on test contacts, whose code never changes: what it opens, how often it can be guessed, and whether it can be found. */
import { expect, it } from 'vitest';
import { actor, addressOf } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';
import { createStack, OTHER_PHONE, PHONE, withLongCodes, type StackOptions } from '../../support/backend-stack.js';

const NUMBER = '+12025550123';
const CODE = '471093';
const entry = { contact: NUMBER, code: CODE, until: '2026-05-29' };
const open = (options: StackOptions = {}) => createStack({ testContacts: [entry], ...options });

it('the test code is wrong for every other contact, and for a code that was sent before', async () => {
  const stack = await open();
  for (const to of [PHONE, OTHER_PHONE, 'ada@example.com', '+12025550124']) {
    const { body } = await actor(stack).contact({ to });
    expect((await actor(stack).check(body.challenge, CODE)).problem).toBe('wrong-code');
  }
  recordAttack({ attack: 'the test code for a real contact', budget: 0, accepted: 0 });
});

it.each([
  ['ten', 'without a service for long codes', 10, {}],
  ['nine', 'with a service for long codes, whose budget it does not get', 9, withLongCodes],
])('a day’s guesses at it are %s, over all addresses and challenges, %s', async (_, __, budget, more) => {
  const stack = await open({ ...more, limits: { sends: { destination: 30 } } });
  let checked = 0;
  for (let n = 0; n < 60; n += 1) {
    const stranger = actor(stack, { address: addressOf(n) });
    const { body, status } = await stranger.contact({ to: NUMBER });
    if (status !== 201) {
      expect(body).toMatchObject({ code: 'too-many-attempts' });
      break;
    }
    expect(body.codeLength).toBe(6);
    const { problem } = await stranger.check(body.challenge, String(100_001 + n));
    if (problem === 'wrong-code') checked += 1;
    stack.clock.advance(900);
  }
  expect(checked).toBe(budget);
  expect(stack.calls()).toEqual([]);
  recordAttack({ attack: 'guesses at a test contact in a day', budget, accepted: checked, calls: 0 });
});

it('fifty right codes at once give one proof', async () => {
  const stack = await open();
  const { body } = await actor(stack).contact({ to: NUMBER });
  const all = await Promise.all(Array.from({ length: 50 }, () => actor(stack).check(body.challenge, CODE)));
  expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
});

it('a proof of it is worth nothing where the host does not ask for tests', async () => {
  const stack = await open();
  const { body } = await actor(stack, { user: 'eve' }).contact({ to: NUMBER });
  const { proof } = (await actor(stack, { user: 'eve' }).check(body.challenge, CODE)).body;
  await expect(stack.verify(proof, { subject: 'eve' })).rejects.toMatchObject({ code: 'invalid-proof' });
  await expect(stack.verify(proof, { subject: 'eve', allowTest: false })).rejects.toMatchObject({
    code: 'invalid-proof',
  });
  // Of another user or purpose it is no better for a test.
  await expect(stack.verify(proof, { subject: 'ada', allowTest: true })).rejects.toMatchObject({
    code: 'invalid-proof',
  });
  const twoFactor = { subject: 'eve', purpose: 'two-factor', allowTest: true } as const;
  await expect(stack.verify(proof, twoFactor)).rejects.toMatchObject({ code: 'invalid-proof' });
  recordAttack({ attack: 'a test proof where allowTest is absent', budget: 0, accepted: 0 });
});

it('it is nobody’s second factor: the code for a user with a real phone goes to that phone', async () => {
  const stack = await open({ testContacts: [{ ...entry, record: true }] });
  await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
  await stack.accounts.setTwoFactorRequired('ada', true);
  const thief = actor(stack, { user: 'ada' });
  // With the password alone it cannot be added.
  expect((await thief.contact({ to: NUMBER })).problem).toBe('two-factor-needed');
  const { body } = await thief.twoFactor();
  expect((await thief.check(body.challenge, CODE)).problem).toBe('wrong-code');
  expect((await thief.twoFactor({ to: NUMBER })).problem).toBe('invalid-request');
  // A challenge of the test contact, made without a session, does not become one of the user.
  const { body: own } = await actor(stack).contact({ to: NUMBER });
  expect((await thief.check(own.challenge, CODE)).problem).toBe('two-factor-needed');
  expect(await stack.accounts.contacts('ada')).toMatchObject({ phone: PHONE });
  recordAttack({ attack: 'a test contact as the second factor of somebody with a phone', budget: 0, accepted: 0 });
});

it('an entry that has ended opens nothing, whatever was started before', async () => {
  const stack = await open({ testContacts: [{ ...entry, until: '2026-03-01T12:05:00Z' }] });
  const { body } = await actor(stack).contact({ to: NUMBER });
  stack.clock.advance(301);
  expect((await actor(stack).check(body.challenge, CODE)).problem).toBe('code-expired');
  expect(stack.calls()).toEqual([]);
  // Nor does a backend without the entry know the challenge, on the same store and keys.
  const without = await createStack({ sharing: stack, store: stack.store });
  expect((await actor(without).check(body.challenge, CODE)).problem).toBe('code-expired');
  recordAttack({ attack: 'a test code after its end', budget: 0, accepted: 0 });
});

it('the time of its answers is that of real sends and checks, and the answers read alike', async () => {
  const waits: number[] = [];
  const taken = [180, 240, 333, 410];
  let turn = 0;
  const emulated = await createStack();
  const stack = await open({
    sharing: emulated,
    testContacts: [0, 1, 2, 3].map((n) => ({ ...entry, contact: `+1202555012${n}` })),
    wait: async (milliseconds) => void waits.push(milliseconds),
    twilio: {
      transport: (request) => {
        emulated.clock.advance(taken[turn++ % taken.length]! / 1000);
        return emulated.emulator.fetch(request);
      },
    },
  });
  const shapes = new Set<string>();
  for (let n = 0; n < taken.length; n += 1) {
    const ask = actor(stack, { address: addressOf(n) });
    const to = `+1415555267${n}`;
    const { body, status } = await ask.contact({ to });
    await ask.check(body.challenge, stack.wrongCode(to));
    shapes.add(`${status} ${Object.keys(body).join()} ${body.codeLength} ${body.expiresIn} ${body.resendIn}`);
  }
  waits.length = 0;
  for (let n = 0; n < 4; n += 1) {
    const ask = actor(stack, { address: addressOf(100 + n) });
    const { body, status } = await ask.contact({ to: `+1202555012${n}` });
    await ask.check(body.challenge, '471094');
    shapes.add(`${status} ${Object.keys(body).join()} ${body.codeLength} ${body.expiresIn} ${body.resendIn}`);
  }
  expect([...shapes]).toHaveLength(1);
  expect(waits).toHaveLength(8);
  for (const wait of waits) expect(taken).toContain(wait);
});
