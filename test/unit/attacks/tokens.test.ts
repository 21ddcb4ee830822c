/** Forged and damaged tokens, sent to the routes and to the host's `verifyProof`: all are refused in the same way (RFC 8725). */
import { CompactSign, generateKeyPair, SignJWT, UnsecuredJWT, exportJWK, importJWK, type CryptoKey } from 'jose';
import { describe, expect, it } from 'vitest';
import { bearerIdentity } from '../../../src/server/index.js';
import { AUDIENCE, createStack, PHONE } from '../../support/backend-stack.js';
import { actor } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';

/** The text with each character changed, and cut after each character. */
function damaged(text: string): string[] {
  const flipped = [...text].map(
    (character, i) =>
      text.slice(0, i) + (ALPHABET[(ALPHABET.indexOf(character) + 1 + (i % 60)) % 65] ?? '') + text.slice(i + 1),
  );
  return [...flipped, ...[...text].map((_, i) => text.slice(0, i)), `${text}A`, ` ${text}`, `${text}\n`, `${text}=`];
}

async function verified() {
  const stack = await createStack();
  const { challenge } = (await actor(stack, { user: 'ada' }).contact({ to: PHONE })).body;
  return { stack, challenge };
}

describe('a challenge', () => {
  it('with any byte changed, or cut anywhere, is refused with the same bytes and without a call to Twilio', async () => {
    const { stack, challenge } = await verified();
    const all = damaged(challenge).filter((one) => one !== '');
    const before = stack.calls().length;
    const answers = new Set<string>();
    for (const one of all) {
      const answer = await actor(stack, { user: 'ada' }).check(one, '123456');
      answers.add(`${answer.status} ${JSON.stringify(answer.body)} ${JSON.stringify([...answer.response.headers])}`);
    }
    expect(answers.size).toBe(1);
    expect([...answers][0]).toMatch(/^410 .*invalid-challenge/);
    expect(stack.calls().length).toBe(before);
    recordAttack({ attack: `${all.length} damaged challenges`, budget: 0, accepted: 0, calls: 0 });
  });
});

describe('a proof', () => {
  it('with any byte changed, or cut anywhere, is refused in the same way', async () => {
    const { stack, challenge } = await verified();
    const { proof } = (await actor(stack, { user: 'ada' }).check(challenge, stack.code(PHONE))).body;
    const all = damaged(proof);
    const errors = new Set<string>();
    for (const one of all) {
      const error = await stack.verify(one, { subject: 'ada' }).catch((reason: unknown) => reason);
      errors.add(
        error instanceof Error ? `${error.name} ${error.message} ${(error as Error & { code?: string }).code}` : 'none',
      );
    }
    expect([...errors]).toEqual(['ProofError The proof is not valid here. invalid-proof']);
    recordAttack({ attack: `${all.length} damaged proofs`, budget: 0, accepted: 0 });
  });

  it('that somebody else made is refused: with no or another algorithm, its own key, or no or a wrong expiry', async () => {
    const { stack } = await verified();
    const { keys } = (await (await stack.get('jwks.json')).json()) as {
      keys: { kid: string; x: string; y: string; kty: string; crv: string }[];
    };
    const kid = keys[0]?.kid ?? '';
    const now = Math.floor(stack.clock.now() / 1000);
    const claims = {
      iss: 'verify-contact',
      aud: AUDIENCE,
      sub: 'ada',
      iat: now,
      exp: now + 300,
      jti: 'x',
      purpose: 'contact',
      contact: { type: 'phone', value: PHONE },
      amr: ['sms'],
    };
    const typ = 'verify-contact-proof+jwt';
    const theirs = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(theirs.publicKey);
    const ours = (await importJWK(stack.keys.signing, 'ES256')) as CryptoKey;
    const sign = (header: object, key: CryptoKey | Uint8Array, more: object = {}) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify({ ...claims, ...more })))
        .setProtectedHeader({ alg: 'ES256', kid, typ, ...header })
        .sign(key);
    const none = new UnsecuredJWT(claims).encode();
    const publicText = new TextEncoder().encode(JSON.stringify(keys[0]));
    // Shows that the following tokens fail for their own reasons.
    await expect(stack.verify(await sign({}, ours), { subject: 'ada' })).resolves.toMatchObject({ sub: 'ada' });
    const forged = [
      none,
      none.replace(/^[^.]+/, Buffer.from(JSON.stringify({ alg: 'none', typ, kid })).toString('base64url')),
      await sign({}, theirs.privateKey),
      await sign({ jwk }, theirs.privateKey),
      await sign({ jku: 'https://evil.example/jwks.json' }, theirs.privateKey),
      await sign({ x5u: 'https://evil.example/cert' }, ours),
      await sign({ kid: '../../dev/null' }, theirs.privateKey),
      await sign({ alg: 'HS256' }, publicText),
      await sign({ typ: 'JWT' }, ours),
      await sign({ typ: undefined }, ours),
      ...(await Promise.all(
        [
          { exp: undefined },
          { exp: String(now + 300) },
          { exp: null },
          { exp: now + 0.5 },
          { exp: now - 1 },
          { iat: now + 3600 },
          { aud: [AUDIENCE, 'https://evil.example'] },
          { aud: undefined },
          { sub: ['ada'] },
          { sub: undefined },
          { purpose: 'Contact' },
          { purpose: undefined },
          { contact: undefined },
          { jti: undefined },
        ].map((more) => sign({}, ours, more)),
      )),
      '{"verified":true}',
      'true',
      '',
    ];
    const accepted: number[] = [];
    for (const [i, one] of forged.entries())
      await stack.verify(one, { subject: 'ada' }).then(
        () => accepted.push(i),
        () => undefined,
      );
    expect(accepted).toEqual([]);
    recordAttack({ attack: `${forged.length} forged proofs`, budget: 0, accepted: accepted.length });
  });
});

it('a bearer token identifies somebody only if the configured key signed it for us: a proof, a challenge or a token that we made does not', async () => {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const { stack, challenge } = await verified();
  const identify = bearerIdentity({
    issuer: 'shop',
    audience: 'verify',
    algorithms: ['HS256'],
    key: secret,
    now: stack.clock.now,
  });
  const now = Math.floor(stack.clock.now() / 1000);
  const token = (header: object, key: Uint8Array, more: object = {}) =>
    new SignJWT({ iss: 'shop', aud: 'verify', sub: 'ada', exp: now + 60, ...more })
      .setProtectedHeader({ alg: 'HS256', ...header })
      .sign(key);
  const ask = (bearer: string) =>
    identify(new Request('https://shop.example/', { headers: { authorization: `Bearer ${bearer}` } }));
  expect(await ask(await token({}, secret))).toMatchObject({ id: 'ada' });
  const { proof } = (await actor(stack, { user: 'ada' }).check(challenge, stack.code(PHONE))).body;
  const wrong = [
    proof,
    challenge,
    new UnsecuredJWT({ iss: 'shop', aud: 'verify', sub: 'ada' }).encode(),
    await token({}, new Uint8Array(32)),
    await token({ alg: 'HS512' }, new Uint8Array([...secret, ...secret])),
    await token({ typ: 'verify-contact-proof+jwt' }, secret),
    await token({}, secret, { aud: 'other' }),
    await token({}, secret, { exp: now - 1 }),
    await token({}, secret, { exp: undefined }),
    await token({}, secret, { iss: 'evil' }),
    await token({}, secret, { sub: '' }),
  ];
  expect(await Promise.all(wrong.map(ask))).toEqual(wrong.map(() => null));
});
