/** Codes, challenges and proofs are valid once, for one subject and one purpose (OWASP ASVS 5.0, 6.5.1; RFC 8725 §3.9–3.12). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStack, EMAIL, OTHER_PHONE, PHONE } from '../../support/backend-stack.js';
import { actor, checksAtTwilio } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';
import { instanceAt, storeVariants } from '../../support/store-variants.js';

describe.each(storeVariants())('on $name', (variant) => {
  if (variant.skip) return void it.skip('needs a Redis', () => undefined);
  beforeAll(() => variant.start());
  afterAll(() => variant.stop());

  it('after a success the code, its challenge and a second challenge for the same code are invalid on every instance: successes = 1', async () => {
    const stacks = await variant.open();
    const [stack] = stacks;
    const ask = (n: number, user = 'ada') => actor(instanceAt(stacks, n), { user });
    const first = (await ask(0).contact({ to: PHONE })).body.challenge;
    const second = (await ask(1).contact({ to: PHONE })).body.challenge;
    const others = (await ask(2, 'bob').contact({ to: PHONE })).body.challenge;
    const code = stack.code(PHONE);
    expect((await ask(2).check(first, code)).status).toBe(200);
    const replays = [];
    for (let n = 0; n < 6; n += 1) {
      replays.push(
        await ask(n).check(first, code),
        await ask(n).check(second, code),
        await ask(n, 'bob').check(others, code),
      );
      replays.push(await ask(n).resend({ challenge: first }));
    }
    expect(replays.filter(({ status }) => status < 400)).toEqual([]);
    expect(checksAtTwilio(stack)).toHaveLength(1);
    recordAttack({
      attack: `24 replays of code and challenges, ${variant.name}`,
      budget: 1,
      accepted: 1,
      calls: stack.calls().length,
    });
  });

  it('a repeated request gets the first answer only for the same person, challenge and code', async () => {
    const stacks = await variant.open();
    const [stack] = stacks;
    const key = 'seen-on-the-wire-1';
    const { challenge } = (await actor(stack, { user: 'ada' }).contact({ to: PHONE })).body;
    const code = stack.code(PHONE);
    const asked = (n: number, user: string | null) => actor(instanceAt(stacks, n), { user });
    expect((await asked(1, 'ada').check(challenge, code, key)).status).toBe(200);
    expect((await asked(2, 'bob').check(challenge, code, key)).problem).toBe('invalid-challenge');
    expect((await asked(0, null).check(challenge, code, key)).problem).toBe('invalid-challenge');
    expect((await asked(1, 'ada').check(challenge, stack.wrongCode(PHONE), key)).problem).toBe('invalid-request');
    stack.clock.advance(121);
    expect((await asked(1, 'ada').check(challenge, code, key)).problem).toBe('invalid-challenge');
    expect(checksAtTwilio(stack)).toHaveLength(1);
  });
});

describe('a challenge', () => {
  it('of another user is refused, with the code from one’s own message or without (CVE-2025-64103)', async () => {
    const stack = await createStack();
    const [ada, bob] = [actor(stack, { user: 'ada' }), actor(stack, { user: 'bob' })];
    const hers = (await ada.contact({ to: PHONE })).body.challenge;
    const his = (await bob.contact({ to: PHONE })).body.challenge;
    const code = stack.code(PHONE);
    for (const answer of [
      await bob.check(hers, code),
      await actor(stack).check(hers, code),
      await bob.resend({ challenge: hers }),
    ]) {
      expect(answer.problem).toBe('invalid-challenge');
    }
    expect(checksAtTwilio(stack)).toEqual([]);
    // Two people use one number: each proves it only for themselves.
    const proof = (await bob.check(his, code)).body.proof;
    expect(await stack.verify(proof, { subject: 'bob' })).toMatchObject({ sub: 'bob' });
    await expect(stack.verify(proof, { subject: 'ada' })).rejects.toMatchObject({ code: 'invalid-proof' });
    expect(await stack.accounts.contacts('ada')).toEqual({ twoFactorRequired: false });
    expect((await ada.check(hers, code)).status).toBe(410);
  });

  it('for a contact cannot prove a second factor, nor the reverse, and neither can its code (CVE-2026-73431)', async () => {
    const stack = await createStack({ twoFactor: { required: 'always' } });
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    const session = actor(stack, { user: 'ada' });
    const signUp = (await actor(stack).contact({ to: PHONE })).body.challenge;
    const phished = stack.code(PHONE);
    const factor = (await session.twoFactor()).body.challenge;
    const code = stack.code(PHONE);
    const wrong = code === phished ? 0 : 422;
    expect((await session.check(factor, phished)).status).toBe(wrong);
    const [ofContact, ofFactor] = [signUp.split('.'), factor.split('.')];
    const swapped = [ofContact[0], 'two-factor', ofContact[2]].join('.');
    const reverse = [ofFactor[0], 'contact', ofFactor[2]].join('.');
    for (const one of [swapped, reverse]) expect((await session.check(one, code)).problem).toBe('invalid-challenge');
    const { proof } = (await session.check(factor, code)).body;
    await expect(stack.verify(proof, { purpose: 'contact', subject: 'ada' })).rejects.toMatchObject({
      code: 'invalid-proof',
    });
    expect(await stack.verify(proof, { purpose: 'two-factor', subject: 'ada' })).toMatchObject({ amr: ['sms'] });
  });

  it('started without a session continues after signing in; a user’s is invalid after signing out or as another user', async () => {
    const stack = await createStack();
    const { challenge } = (await actor(stack, { user: 'ada' }).contact({ to: PHONE })).body;
    const anonymous = (await actor(stack).contact({ to: OTHER_PHONE })).body.challenge;
    expect((await actor(stack).check(challenge, stack.code(PHONE))).problem).toBe('invalid-challenge');
    const { proof } = (await actor(stack, { user: 'ada' }).check(anonymous, stack.code(OTHER_PHONE))).body;
    await expect(stack.verify(proof, { subject: null })).rejects.toMatchObject({ code: 'invalid-proof' });
    expect((await stack.verify(proof, { subject: 'ada' })).contact?.value).toBe(OTHER_PHONE);
  });

  it('that this backend did not seal is invalid: there is no check without a start (CVE-2026-3655)', async () => {
    const [stack, other] = [await createStack(), await createStack()];
    const foreign = (await actor(other).contact({ to: PHONE })).body.challenge;
    const answers = [];
    for (const challenge of [foreign, 'x', `VE${'0'.repeat(32)}`, PHONE, '{}', 'a.contact.b']) {
      answers.push(
        (await actor(stack).check(challenge, '123456')).body,
        (await actor(stack).resend({ challenge })).body,
      );
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ code: 'invalid-challenge' });
    for (const body of [{ code: '123456' }, { challenge: null, code: '123456' }, { to: PHONE, code: '123456' }]) {
      const key = { 'idempotency-key': 'k'.repeat(16) };
      expect((await actor(stack).post('check', body, key)).problem).toBe('invalid-request');
    }
    expect(stack.calls()).toEqual([]);
  });
});

describe('a proof', () => {
  it('is not accepted as a challenge, nor a challenge as a proof', async () => {
    const stack = await createStack();
    const { challenge } = (await actor(stack).contact({ to: EMAIL })).body;
    const { proof } = (await actor(stack).check(challenge, stack.code(EMAIL))).body;
    expect((await actor(stack).check(proof, '123456')).problem).toBe('invalid-challenge');
    expect((await actor(stack).resend({ challenge: proof })).problem).toBe('invalid-challenge');
    await expect(stack.verify(challenge)).rejects.toMatchObject({ code: 'invalid-proof' });
  });

  it('is valid for one subject, purpose, audience and transaction: 5 minutes for a second factor, 30 for a contact', async () => {
    const stack = await createStack({ twoFactor: { required: 'always' } });
    const contact = (await actor(stack, { user: 'ada' }).contact({ to: PHONE, context: 'order 7' })).body.challenge;
    const proof = (await actor(stack, { user: 'ada' }).check(contact, stack.code(PHONE))).body.proof;
    const right = { subject: 'ada', context: 'order 7' };
    expect((await stack.verify(proof, right)).contact?.value).toBe(PHONE);
    const lies = [
      { subject: null },
      { subject: 'bob' },
      { context: 'order 8' },
      { context: undefined },
      { audience: 'https://shop.example.evil' },
      { purpose: 'two-factor' as const },
    ];
    for (const lie of lies)
      await expect(stack.verify(proof, { ...right, ...lie })).rejects.toMatchObject({ code: 'invalid-proof' });
    const factor = (await actor(stack, { user: 'ada' }).twoFactor()).body.challenge;
    const second = (await actor(stack, { user: 'ada' }).check(factor, stack.code(PHONE))).body.proof;
    const purpose = { purpose: 'two-factor' as const, subject: 'ada' };
    stack.clock.advance(299);
    await stack.verify(second, purpose);
    stack.clock.advance(1);
    await expect(stack.verify(second, purpose)).rejects.toMatchObject({ code: 'expired-proof' });
    stack.clock.advance(1499);
    await stack.verify(proof, right);
    stack.clock.advance(1);
    await expect(stack.verify(proof, right)).rejects.toMatchObject({ code: 'expired-proof' });
  });
});
