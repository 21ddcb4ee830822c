/** The key ring: which keys it accepts and refuses, and how it treats the previous ones. */
import { createHmac } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { describe, expect, test } from 'vitest';
import { generateKeys, importKeys, type Keys } from '../../../../src/server/tokens/key-ring.js';

const other = async (alg: string): Promise<Keys['signing']> =>
  exportJWK((await generateKeyPair(alg, { extractable: true })).privateKey);

describe('keys', () => {
  test('generated keys differ each time, and work', async () => {
    const [one, two] = [await generateKeys(), await generateKeys()];
    expect(one.secret).not.toBe(two.secret);
    expect(one.signing.d).not.toBe(two.signing.d);
    const ring = await importKeys(one);
    expect(ring.signing.alg).toBe('ES256');
    expect(ring.sealing).toHaveLength(1);
  });

  test('the same keys give the same key ring on every instance', async () => {
    const keys = await generateKeys();
    const [one, two] = [await importKeys(keys), await importKeys(JSON.parse(JSON.stringify(keys)) as Keys)];
    expect(one.hmac('+14155552671')).toBe(two.hmac('+14155552671'));
    expect(one.sealing[0]?.id).toBe(two.sealing[0]?.id);
    expect(one.signing.kid).toBe(two.signing.kid);
  });

  test('each use has its own key, which is not the secret', async () => {
    const keys = await generateKeys();
    const ring = await importKeys(keys);
    const secret = Buffer.from(keys.secret, 'base64url');
    const sealing = ring.sealing[0]?.key.export() ?? Buffer.alloc(0);
    expect(sealing.equals(secret)).toBe(false);
    const hashes = [secret, sealing].map((key) => createHmac('sha256', key).update('x').digest('base64url'));
    expect(hashes).not.toContain(ring.hmac('x'));
  });

  test('the public keys contain nothing private, nor does the previous one', async () => {
    const [now, before] = [await generateKeys(), await generateKeys()];
    const ring = await importKeys({ ...now, previousSigning: { ...before.signing, note: 'mine', oth: [] } as never });
    expect(ring.jwks.keys.map((key) => Object.keys(key).sort())).toEqual(
      [1, 2].map(() => ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']),
    );
    expect(JSON.stringify(ring.jwks)).not.toContain(before.signing.d);
  });

  test('an Ed25519 key is accepted too', async () => {
    const ring = await importKeys({ ...(await generateKeys()), signing: await other('Ed25519') });
    expect(ring.signing.alg).toBe('EdDSA');
    expect(Object.keys(ring.jwks.keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  });

  test('counters and records keep their keys while the previous secret is set', async () => {
    const [now, before] = [await generateKeys(), await generateKeys()];
    const rotated = await importKeys({ ...now, previousSecret: before.secret });
    expect(rotated.hmac('a')).toBe((await importKeys(before)).hmac('a'));
    expect((await importKeys(now)).hmac('a')).not.toBe(rotated.hmac('a'));
    expect(rotated.sealing[0]?.id).toBe((await importKeys(now)).sealing[0]?.id);
  });

  const badSecrets: unknown[] = [
    '',
    'short',
    'A'.repeat(42),
    `${'A'.repeat(50)}=`,
    'p@ssw0rd '.repeat(9),
    undefined,
    null,
    7,
  ];
  test.each(badSecrets)('the secret %j is refused by name and not quoted', async (secret) => {
    const keys = { ...(await generateKeys()), secret: secret as string };
    const error = await importKeys(keys).catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/^TypeError: keys\.secret .*must be at least 32 random bytes in base64url\.$/);
    const before = { ...(await generateKeys()), previousSecret: secret as string };
    if (secret !== undefined) await expect(importKeys(before)).rejects.toThrow(/^keys.previousSecret must be/);
  });

  test('a signing key of another type, a public one and a broken one are refused and not quoted', async () => {
    const keys = await generateKeys();
    const { d, ...half } = keys.signing;
    const foreign = await generateKeys();
    const bad: unknown[] = [
      half,
      { ...keys.signing, d: `!${d ?? ''}` },
      { ...keys.signing, d: (d ?? '').slice(4) },
      { ...keys.signing, x: foreign.signing.x },
      { ...keys.signing, crv: 'P-384' },
      await other('ES384'),
      await other('RS256'),
      { kty: 'oct', k: keys.secret, d },
      { kty: 'OKP', crv: 'X25519', x: keys.signing.x, d },
      '-----BEGIN PRIVATE KEY-----',
      null,
      undefined,
    ];
    for (const signing of bad) {
      const error = await importKeys({ ...keys, signing: signing as Keys['signing'] }).catch(
        (reason: unknown) => reason,
      );
      expect(String(error)).toMatch(
        /^TypeError: keys\.signing (.*must be a private JWK of kind EC P-256 or OKP Ed25519|has two halves that do not belong together: nobody could verify its proofs)\.$/,
      );
    }
  });
});
