/** Where a resend goes, and what must be true before it goes anywhere. */
import { describe, expect, it } from 'vitest';
import { memoryStore, type Store } from '../../../../../src/server/index.js';
import { createStack, EMAIL, OTHER_PHONE, PHONE, type Stack } from '../../../../support/backend-stack.js';

const messages = (stack: Stack) =>
  stack.emulator.outbox
    .list()
    .map(({ to }) => to)
    .reverse();

/** Ada with a verified phone and a verified address, both of which are second factors. */
async function signingIn(stored: { phone?: string; email?: string } = { phone: PHONE, email: EMAIL }) {
  const contacts: { phone?: string; email?: string } = { ...stored };
  const stack = await createStack({
    twoFactor: { required: 'always', email: true },
    accounts: {
      contacts: () => Promise.resolve({ twoFactorRequired: true, ...contacts }),
      contactVerified: () => Promise.resolve(),
    },
  });
  return { stack, ada: stack.as('ada'), contacts };
}

describe('two-factor', () => {
  it('goes to the phone first, and to the address if that is asked for', async () => {
    const { stack, ada } = await signingIn();
    expect((await ada.twoFactor()).body.channel).toBe('sms');
    expect((await ada.twoFactor({ channel: 'email' })).body.channel).toBe('email');
    expect(messages(stack)).toEqual([PHONE, EMAIL]);
  });

  it('by a channel that reaches no factor of the account is unsupported, if there is another factor', async () => {
    const { stack, ada } = await signingIn({ phone: PHONE });
    expect((await ada.twoFactor({ channel: 'email' })).problem).toBe('unsupported-channel');
    const nothing = await signingIn({});
    expect((await nothing.ada.twoFactor({ channel: 'email' })).problem).toBe('not-available');
    expect(messages(stack)).toEqual([]);
  });

  it('offers each way once, after a start, a resend and a switch', async () => {
    const { stack, ada } = await signingIn();
    const start = (await ada.twoFactor()).body;
    const ways = (methods: { channel: string }[]) => methods.map(({ channel }) => channel).sort();
    const all = ways(start.methods);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toEqual(expect.arrayContaining(['email', 'sms']));
    const other = (await ada.resend({ challenge: start.challenge, channel: 'email' })).body;
    expect(ways(other.methods)).toEqual(all);
    stack.clock.advance(other.resendIn);
    const again = (await ada.resend({ challenge: other.challenge })).body;
    expect([again.channel, ways(again.methods)]).toEqual(['email', expect.arrayContaining(all)]);
    expect(new Set(ways(again.methods)).size).toBe(again.methods.length);
    expect(messages(stack)).toEqual([PHONE, EMAIL, EMAIL]);
  });

  it('sends nothing to a phone that has taken the place of the one it began with', async () => {
    const { stack, ada, contacts } = await signingIn();
    const { challenge } = (await ada.twoFactor()).body;
    stack.clock.advance(60);
    contacts.phone = OTHER_PHONE;
    expect((await ada.resend({ challenge })).problem).toBe('not-available');
    expect((await ada.resend({ challenge, channel: 'email' })).problem).toBe('not-available');
    expect(messages(stack)).toEqual([PHONE]);
  });

  it('wants its user again for a resend', async () => {
    const { stack, ada } = await signingIn();
    const { challenge } = (await ada.twoFactor()).body;
    stack.clock.advance(60);
    expect((await stack.as(null).resend({ challenge })).problem).toBe('unauthenticated');
    expect(messages(stack)).toEqual([PHONE]);
  });
});

describe('a resend', () => {
  it.each(['x', 'a.contact.b', 'x'.repeat(500)])('of the challenge %j is refused', async (challenge) => {
    const stack = await createStack();
    expect((await stack.as(null).resend({ challenge })).problem).toBe('invalid-challenge');
    expect(stack.calls()).toEqual([]);
  });

  it('of a used challenge is refused, and sends nothing', async () => {
    const stack = await createStack();
    const { challenge } = (await stack.as(null).contact({ to: PHONE })).body;
    expect((await stack.as(null).check(challenge, stack.code(PHONE))).status).toBe(200);
    stack.clock.advance(60);
    expect((await stack.as(null).resend({ challenge })).problem).toBe('invalid-challenge');
    expect(messages(stack)).toEqual([PHONE]);
  });

  it('is possible until the code expires, and not from that millisecond on', async () => {
    const stack = await createStack();
    const { challenge } = (await stack.as(null).contact({ to: PHONE })).body;
    stack.clock.advance(599);
    expect((await stack.as(null).resend({ challenge })).status).toBe(200);
    stack.clock.advance(1);
    expect((await stack.as(null).resend({ challenge })).problem).toBe('code-expired');
    expect(messages(stack)).toEqual([PHONE, PHONE]);
  });

  it('of an e-mail goes to that address again', async () => {
    const stack = await createStack();
    const first = (await stack.as(null).contact({ to: EMAIL })).body;
    stack.clock.advance(first.resendIn);
    const again = await stack.as(null).resend({ challenge: first.challenge });
    expect([again.status, again.body.channel]).toEqual([200, 'email']);
    expect(messages(stack)).toEqual([EMAIL, EMAIL]);
    expect((await stack.as(null).resend({ challenge: first.challenge, channel: 'sms' })).problem).toBe(
      'unsupported-channel',
    );
  });

  it('too soon is refused as such, with the wait', async () => {
    const stack = await createStack();
    const first = (await stack.as(null).contact({ to: PHONE })).body;
    const early = await stack.as(null).resend({ challenge: first.challenge });
    expect([early.problem, early.body.retryIn]).toEqual(['resend-too-soon', first.resendIn]);
    expect(messages(stack)).toEqual([PHONE]);
  });

  it('after the store was emptied still renews a code that is about to expire: the challenge says since when it lives', async () => {
    let current = memoryStore();
    const store = new Proxy(current, {
      get:
        (_, name: keyof Store) =>
        (...args: unknown[]) =>
          (current[name] as (...all: unknown[]) => unknown).apply(current, args),
    });
    const stack = await createStack({ store });
    const { challenge } = (await stack.as(null).contact({ to: PHONE })).body;
    const old = stack.code(PHONE);
    stack.clock.advance(490);
    current = memoryStore();
    const { body } = await stack.as(null).resend({ challenge });
    expect(body.expiresIn).toBe(600);
    expect((await stack.as(null).check(body.challenge, stack.code(PHONE))).status).toBe(200);
    expect(stack.code(PHONE)).not.toBe(old);
  });
});
