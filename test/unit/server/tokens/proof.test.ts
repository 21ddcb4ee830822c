/** Proofs: what a host can trust, and everything that it refuses. */
import fc from 'fast-check';
import {
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
  type JWTHeaderParameters,
} from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { openChallenge, sealChallenge } from '../../../../src/server/tokens/challenge-token.js';
import { generateKeys, importKeys, type KeyRing, type Keys } from '../../../../src/server/tokens/key-ring.js';
import { signProof, type SignProofOptions } from '../../../../src/server/tokens/sign-proof.js';
import { ProofError, verifyProof, type VerifyProofOptions } from '../../../../src/server/tokens/verify-proof.js';

const start = 1_700_000_000_000;
const phone = { type: 'phone', value: '+14155552671' } as const;
const content: SignProofOptions = {
  issuer: 'https://shop.example/verify',
  audience: 'shop',
  subject: 'ann',
  purpose: 'contact',
  contact: phone,
  channel: 'sms',
  lifetime: 1800,
  now: start,
};

let keys: Keys;
let ring: KeyRing;
let expected: VerifyProofOptions;
beforeAll(async () => {
  keys = await generateKeys();
  ring = await importKeys(keys);
  expected = { jwks: ring.jwks, audience: 'shop', purpose: 'contact', subject: 'ann', now: () => start };
});

const refusal = async (token: unknown, more: Partial<VerifyProofOptions> = {}): Promise<string> =>
  verifyProof(token as string, { ...expected, ...more }).then(
    () => 'accepted',
    (error: unknown) => (error instanceof ProofError ? error.code : String(error)),
  );

/** Signs any header and claims with our own key, as an attacker or an old version might have. */
async function forged(header: Record<string, unknown>, claims: Record<string, unknown>): Promise<string> {
  const { alg, kid } = ring.signing;
  const sound = {
    iss: 'x',
    aud: 'shop',
    sub: 'ann',
    iat: start / 1000,
    exp: start / 1000 + 60,
    jti: 'j',
    purpose: 'contact',
    contact: phone,
    amr: ['sms'],
  };
  const full = { alg, kid, typ: 'verify-contact-proof+jwt', ...header } as JWTHeaderParameters;
  return new SignJWT({ ...sound, ...claims })
    .setProtectedHeader(full)
    .sign(await importJWK(keys.signing, alg), { crit: { odd: true } });
}

describe('proof', () => {
  test('says what was verified, and by which channel', async () => {
    const proof = await verifyProof(signProof(ring, { ...content, context: 'order 7' }), {
      ...expected,
      context: 'order 7',
    });
    expect(proof).toEqual({
      iss: content.issuer,
      aud: 'shop',
      sub: 'ann',
      iat: start / 1000,
      exp: start / 1000 + 1800,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      purpose: 'contact',
      contact: phone,
      amr: ['sms'],
      context: 'order 7',
    });
  });

  test.each([
    ['sms', 'sms'],
    ['call', 'tel'],
    ['email', 'email'],
    ['whatsapp', 'otp'],
  ] as const)('the channel %s is the method %s', async (channel, method) => {
    expect((await verifyProof(signProof(ring, { ...content, channel }), expected)).amr).toEqual([method]);
  });

  test('any JOSE library can verify it with the public keys', async () => {
    const key = await importJWK(ring.jwks.keys[0] ?? {}, 'ES256');
    const options = { audience: 'shop', typ: 'verify-contact-proof+jwt', currentDate: new Date(start) };
    expect((await jwtVerify(signProof(ring, content), key, options)).payload.sub).toBe('ann');
  });

  test('signing again with the same id makes the same proof', async () => {
    const [one, two] = [signProof(ring, { ...content, jti: 'j-1' }), signProof(ring, { ...content, jti: 'j-1' })];
    expect(await verifyProof(one, expected)).toEqual(await verifyProof(two, expected));
  });

  test('is valid for one subject, audience, purpose, context and issuer', async () => {
    const token = signProof(ring, content);
    expect(await refusal(token, { issuer: content.issuer })).toBe('accepted');
    const others: Partial<VerifyProofOptions>[] = [
      { subject: 'bob' },
      { subject: null },
      { audience: 'bank' },
      { purpose: 'two-factor' },
      { context: 'order 7' },
      { context: '' },
      { issuer: 'https://evil.example' },
    ];
    for (const other of others) expect(await refusal(token, other)).toBe('invalid-proof');
    expect(await refusal(signProof(ring, { ...content, context: 'order 8' }))).toBe('invalid-proof');
  });

  test("an anonymous proof does not pass for a user's, nor the reverse", async () => {
    const anonymous = signProof(ring, { ...content, subject: null });
    expect(await refusal(anonymous, { subject: null })).toBe('accepted');
    expect(await refusal(anonymous)).toBe('invalid-proof');
    expect(await refusal(anonymous, { subject: 'null' })).toBe('invalid-proof');
  });

  test('verifyProof throws when the host leaves out whom it expects', async () => {
    const token = signProof(ring, { ...content, subject: null });
    for (const name of ['subject', 'audience', 'purpose'])
      for (const nothing of [undefined, ''])
        expect(await refusal(token, { [name]: nothing })).toMatch(
          new RegExp(`^TypeError: verifyProof\\.${name} .*must `),
        );
  });

  test('expires to the second, and a clock that is a minute behind accepts it', async () => {
    const token = signProof(ring, content);
    expect(await refusal(token, { now: () => start + 1_799_999 })).toBe('accepted');
    expect(await refusal(token, { now: () => start + 1_800_000 })).toBe('expired-proof');
    expect(await refusal(token, { now: () => start - 60_000 })).toBe('accepted');
    expect(await refusal(token, { now: () => start - 61_000 })).toBe('invalid-proof');
  });

  test('an error says in one sentence what is wrong, and quotes nothing of the proof', async () => {
    const token = signProof(ring, content);
    const reason = (more: Partial<VerifyProofOptions>) =>
      verifyProof(token, { ...expected, ...more }).catch((error: unknown) => String(error));
    expect(await reason({ audience: 'bank' })).toBe('ProofError: The proof is not valid here.');
    expect(await reason({ now: () => start + 1_800_000 })).toBe('ProofError: The proof has expired.');
    expect(await reason({ jwks: 'http://127.0.0.1:1/jwks.json' })).toBe(
      'ProofError: The keys that proofs are verified with cannot be loaded.',
    );
  });

  test('a proof of 4,096 characters is read, a longer one is not', async () => {
    const short = (await forged({}, { jti: '' })).length;
    const longest = await forged({}, { jti: 'j'.repeat(Math.ceil(((4096 - short) * 3) / 4)) });
    expect(longest).toHaveLength(4096);
    expect(await refusal(longest)).toBe('accepted');
    expect(await refusal(await forged({}, { jti: 'j'.repeat(4000) }))).toBe('invalid-proof');
  });

  test('expiry is reported only where the proof was valid before', async () => {
    const late = { now: () => start + 9_999_999 };
    const token = signProof(ring, content);
    expect(await refusal(token, { ...late, subject: 'bob' })).toBe('invalid-proof');
    expect(await refusal(token.slice(0, -8) + 'AAAAAAAA', late)).toBe('invalid-proof');
  });

  test('a proof under the previous key still passes, one under a removed key does not', async () => {
    const token = signProof(ring, content);
    const next = await generateKeys();
    expect(await refusal(token, { jwks: (await importKeys({ ...next, previousSigning: keys.signing })).jwks })).toBe(
      'accepted',
    );
    expect(await refusal(token, { jwks: (await importKeys(next)).jwks })).toBe('invalid-proof');
  });

  test('an Ed25519 proof passes, but not under the name of another algorithm', async () => {
    const { privateKey } = await generateKeyPair('Ed25519', { extractable: true });
    const edwards = await importKeys({ ...keys, signing: await exportJWK(privateKey), previousSigning: keys.signing });
    const token = signProof(edwards, content);
    expect(await refusal(token, { jwks: edwards.jwks })).toBe('accepted');
    const [, payload, signature] = token.split('.');
    for (const alg of ['ES256', 'Ed25519', 'HS256', 'none', 'eddsa']) {
      const header = { alg, kid: edwards.signing.kid, typ: 'verify-contact-proof+jwt' };
      const swapped = Buffer.from(JSON.stringify(header)).toString('base64url');
      expect(await refusal(`${swapped}.${payload}.${signature}`, { jwks: edwards.jwks })).toBe('invalid-proof');
    }
  });

  test('every changed character and every cut is refused in the same way', async () => {
    const token = signProof(ring, content);
    const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const variants = new Set<string>();
    for (let index = 0; index < token.length; index += 1) {
      const next = characters[(characters.indexOf(token[index] ?? '') + 1) % 64] ?? '';
      variants.add(token.slice(0, index) + next + token.slice(index + 1)).add(token.slice(0, index));
      variants
        .add(`${token.slice(0, index)} ${token.slice(index)}`)
        .add(`${token.slice(0, index)}=${token.slice(index)}`);
    }
    for (const character of characters) variants.add(token.slice(0, -1) + character);
    variants.delete(token);
    const answers = await Promise.all([...variants].map((one) => refusal(one)));
    expect(new Set(answers)).toEqual(new Set(['invalid-proof']));
  });

  test('any other text is refused in the same way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        expect(await refusal(text)).toBe('invalid-proof');
      }),
    );
    const parts = fc
      .tuple(fc.json(), fc.json(), fc.base64String())
      .map((three) => three.map((one) => Buffer.from(one).toString('base64url')).join('.'));
    await fc.assert(
      fc.asyncProperty(parts, async (text) => {
        expect(await refusal(text)).toBe('invalid-proof');
      }),
    );
    for (const odd of [null, undefined, 7, {}, ['a'], 'A'.repeat(50_000)])
      expect(await refusal(odd)).toBe('invalid-proof');
  });

  test('a header with its own key, an unknown field or another type is refused, even under our key', async () => {
    expect(await refusal(await forged({}, {}))).toBe('accepted');
    const mine = await exportJWK((await generateKeyPair('ES256', { extractable: true })).publicKey);
    const headers = [
      { jwk: mine },
      { jku: 'https://evil.example/jwks.json' },
      { x5u: 'https://evil.example/cert' },
      { x5c: ['AAAA'] },
      { crit: ['odd'], odd: 1 },
      { odd: 1 },
      { cty: 'JWT' },
      { typ: 'JWT' },
      { typ: undefined },
      { kid: undefined },
      { kid: 'other' },
      { kid: '../../dev/null' },
    ];
    for (const header of headers) expect(await refusal(await forged(header, {}))).toBe('invalid-proof');
  });

  test('"none" and our public key as a shared secret are refused', async () => {
    expect(await refusal(new UnsecuredJWT({ ...content, contact: phone }).encode())).toBe('invalid-proof');
    const secret = new TextEncoder().encode(JSON.stringify(ring.jwks.keys[0]));
    const header = { alg: 'HS256', kid: ring.signing.kid, typ: 'verify-contact-proof+jwt' };
    expect(await refusal(await new SignJWT({}).setProtectedHeader(header).sign(secret))).toBe('invalid-proof');
  });

  test('claims that are missing or of another type are refused', async () => {
    const claims = [
      { iss: undefined },
      { iss: '' },
      { exp: undefined },
      { exp: '9999999999' },
      { exp: 1e300 },
      { iat: undefined },
      { iat: null },
      { aud: ['shop'] },
      { aud: undefined },
      { sub: null },
      { sub: ['ann'] },
      { sub: '' },
      { jti: undefined },
      { jti: '' },
      { purpose: 'both' },
      { purpose: ['contact'] },
      { contact: undefined },
      { contact: '+14155552671' },
      { amr: 'sms' },
      { amr: [] },
      { context: 1 },
    ];
    for (const claim of claims)
      expect(await refusal(await forged({}, claim)), JSON.stringify(claim)).toBe('invalid-proof');
  });

  test('a challenge does not pass for a proof', async () => {
    const challenge = sealChallenge(ring, {
      id: 'c',
      purpose: 'contact',
      subject: 'ann',
      contact: phone,
      channel: 'sms',
      verification: 'VE',
      firstSentAt: 0,
      expiresAt: 1,
      codeLength: 6,
    });
    expect([openChallenge(ring, challenge), await refusal(challenge)]).toEqual([expect.anything(), 'invalid-proof']);
  });
});
