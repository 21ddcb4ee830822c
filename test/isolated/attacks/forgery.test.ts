/** A host acts only on a proof or on an answer to its own server, never on what a page or a proxy says (NIST SP 800-63B-4 §3; CVE-2026-3655). */
import { describe, expect, it, vi } from 'vitest';
import { httpClient } from '../../../src/flow/http-client.js';
import { twoFactorRequired, verifyProof } from '../../../src/server/index.js';
import { AUDIENCE, createStack, PHONE, type Stack } from '../../support/backend-stack.js';
import { actor } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';

const policy = { required: 'always', email: false } as const;

/** A host's sign-in as documented: the server finds out whether a second factor is required, and accepts only a proof. */
async function signIn(
  stack: Stack,
  user: string,
  claimed: { proof?: unknown; event?: string; verified?: unknown },
): Promise<boolean> {
  if (!twoFactorRequired(policy, await stack.accounts.contacts(user))) return true;
  const jwks = (await (await stack.get('jwks.json')).json()) as { keys: [] };
  const expected = { jwks, audience: AUDIENCE, purpose: 'two-factor', subject: user, now: stack.clock.now } as const;
  return verifyProof(claimed.proof as string, expected).then(
    () => true,
    () => false,
  );
}

describe('a host that asks its own server', () => {
  it('ignores a forged event, a tampered answer and a proof of something else', async () => {
    const stack = await createStack({ twoFactor: policy });
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    const contact = (await actor(stack).contact({ to: PHONE })).body.challenge;
    const contactProof = (await actor(stack).check(contact, stack.code(PHONE))).body.proof;
    stack.clock.advance(40);
    const factor = (await actor(stack, { user: 'ada' }).twoFactor()).body.challenge;
    const claims = [
      { event: 'two-factor-not-required' },
      { event: 'two-factor-verified' },
      { verified: true },
      { proof: '{"verified":true}' },
      { proof: { verified: true } },
      { proof: true },
      { proof: '' },
      { proof: factor },
      { proof: contactProof },
      { proof: 'eyJhbGciOiJub25lIn0.e30.' },
    ];
    const accepted = (await Promise.all(claims.map((claim) => signIn(stack, 'ada', claim)))).filter(Boolean);
    expect(accepted).toEqual([]);
    const { proof } = (await actor(stack, { user: 'ada' }).check(factor, stack.code(PHONE))).body;
    expect(await signIn(stack, 'ada', { proof })).toBe(true);
    recordAttack({
      attack: `${claims.length} forged events, tampered answers and other proofs`,
      budget: 0,
      accepted: accepted.length,
    });
  });
});

describe('an answer without the documented shape', () => {
  const lies: [string, number, unknown][] = [
    ['verified', 200, { verified: true }],
    ['approved', 200, { status: 'approved', valid: true }],
    ['a proof that is no text', 200, { proof: true, expiresIn: 300, purpose: 'two-factor' }],
    ['a proof without its end', 200, { proof: 'x', purpose: 'two-factor' }],
    ['success with the status of a failure', 422, { proof: 'x', expiresIn: 300, purpose: 'two-factor' }],
    ['not required, and more', 200, { required: false, verified: true }],
    ['not required as a word', 200, { required: 'false' }],
    ['nothing', 200, {}],
    ['null', 200, null],
    ['a list', 200, [{ required: false }]],
  ];
  it.each(lies)('is not a success for the page: %s', async (_, status, body) => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const client = httpClient({
      endpoint: 'https://shop.example/verify',
      fetch: async () => Response.json(body, { status }),
    });
    const { signal } = new AbortController();
    const answers = [
      await client.check({ challenge: 'x', code: '123456' }, 'k'.repeat(16), signal),
      await client.twoFactor({}, signal),
    ];
    expect(answers.map(({ ok }) => ok)).toEqual([false, false]);
    complaint.mockRestore();
  });
});
