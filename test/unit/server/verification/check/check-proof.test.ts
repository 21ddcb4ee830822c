/** A page that kept a proof asks whether it still holds, and gets its contact. */
import { describe, expect, it } from 'vitest';
import type { ProofResult } from '../../../../../src/protocol/schemas.js';
import {
  createStack,
  EMAIL,
  OTHER_PHONE,
  PHONE,
  type Stack,
  type StackOptions,
} from '../../../../support/backend-stack.js';
import { actor } from '../../../../support/attacker.js';

interface Given {
  stack: Stack;
  proof: string;
  ask(body: object, user?: string | null): ReturnType<typeof asking>;
}

const asking = (stack: Stack, body: object, user: string | null) =>
  actor(stack, { user }).post<ProofResult>('proof', body);

async function verified(
  to = PHONE,
  user: string | null = null,
  options: StackOptions = {},
  context?: string,
): Promise<Given> {
  const stack = await createStack(options);
  const { challenge } = (await actor(stack, { user }).contact({ to, context })).body;
  const { proof } = (await actor(stack, { user }).check(challenge, stack.code(to))).body;
  return { stack, proof, ask: (body, who = user) => asking(stack, { proof, ...body }, who) };
}

describe('a proof that holds', () => {
  it('is confirmed with its contact, as people read it, and the country of the number', async () => {
    const { proof, ask } = await verified(OTHER_PHONE);
    const { status, body } = await ask({});
    expect(status).toBe(200);
    expect(body).toEqual({
      proof,
      expiresIn: 1800,
      purpose: 'contact',
      contact: { type: 'phone', value: OTHER_PHONE },
      to: '+44 7400 123456',
      country: 'GB',
    });
  });

  it('of an e-mail address has no country', async () => {
    const { ask } = await verified(EMAIL);
    const { body } = await ask({});
    expect(body).toMatchObject({ contact: { type: 'email', value: EMAIL }, to: EMAIL });
    expect(body).not.toHaveProperty('country');
  });

  it('is confirmed to the user that it names, and for the context that it has', async () => {
    const { ask } = await verified(PHONE, 'ada', {}, 'order 7');
    expect((await ask({ context: 'order 7' })).status).toBe(200);
  });

  it('is not lengthened: each answer has the seconds that are left, and a second proof is not issued', async () => {
    const { stack, proof, ask } = await verified();
    stack.clock.advance(1000);
    expect((await ask({})).body).toMatchObject({ proof, expiresIn: 800 });
    stack.clock.advance(799);
    expect((await ask({})).body).toMatchObject({ proof, expiresIn: 1 });
    stack.clock.advance(1);
    expect((await ask({})).problem).toBe('invalid-proof');
  });

  it('is confirmed by an instance whose signing key was rotated since', async () => {
    const { stack, proof } = await verified();
    const { signing } = stack.keys;
    const next = await createStack();
    const keys = { ...stack.keys, signing: next.keys.signing, previousSigning: signing };
    const rotated = await createStack({ sharing: stack, keys });
    expect((await asking(rotated, { proof }, null)).status).toBe(200);
  });

  it('costs no call to Twilio and tells no account', async () => {
    const { stack, ask } = await verified(PHONE, 'ada');
    const before = stack.calls().length;
    await stack.accounts.remove('ada', { type: 'phone', value: PHONE });
    await ask({});
    expect(stack.calls()).toHaveLength(before);
    expect(await stack.accounts.contacts('ada')).toEqual({ twoFactorRequired: false });
  });
});

describe('the question', () => {
  it('of nobody is refused where people must be signed in', async () => {
    const { ask } = await verified(PHONE, 'ada', { anonymous: false });
    expect((await ask({}, null)).problem).toBe('unauthenticated');
  });

  it('with a bearer token that identifies nobody is refused, so that the page renews it', async () => {
    const { stack, proof } = await verified();
    const answer = await stack.post('proof', { proof }, { authorization: 'Bearer' });
    expect(answer.status).toBe(401);
  });

  it.each([
    ['has no proof', { proof: undefined }],
    ['has an empty one', { proof: '' }],
    ['has one that is none', { proof: 5 }],
    ['names a contact', { contact: PHONE }],
    ['names a subject', { subject: 'ada' }],
    ['has a context that is too long', { context: 'x'.repeat(513) }],
  ])('is refused when it %s', async (_, body) => {
    const { ask } = await verified();
    expect((await ask(body)).problem).toBe('invalid-request');
  });
});
