/** The public keys that proofs are verified with, in memory or from an address. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateKeys, importKeys, type KeyRing } from '../../../../src/server/tokens/key-ring.js';
import { signProof } from '../../../../src/server/tokens/sign-proof.js';
import { ProofError, verifyProof, type VerifyProofOptions } from '../../../../src/server/tokens/verify-proof.js';

const content = {
  issuer: 'us',
  audience: 'shop',
  subject: 'ann',
  purpose: 'two-factor',
  channel: 'sms',
  lifetime: 300,
} as const;

let ring: KeyRing;
beforeAll(async () => {
  ring = await importKeys(await generateKeys());
});

const proofOf = (keys: KeyRing): string => signProof(keys, { ...content, now: Date.now() });

const refusal = async (token: string, jwks: VerifyProofOptions['jwks']): Promise<string> =>
  verifyProof(token, { jwks, audience: 'shop', purpose: 'two-factor', subject: 'ann' }).then(
    () => 'accepted',
    (error: unknown) => (error instanceof ProofError ? error.code : String(error)),
  );

describe('keys in memory', () => {
  test('make a proof invalid when they are broken, since trying again would not help', async () => {
    for (const broken of [{ x: 'AAAA' }, { oth: 5 as never }]) {
      const keys = ring.jwks.keys.map((key) => ({ ...key, ...broken }));
      expect(await refusal(proofOf(ring), { keys })).toBe('invalid-proof');
    }
  });

  test('of another type in the same set do not verify proofs', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const keys = [...ring.jwks.keys, { ...(await exportJWK(publicKey)), alg: 'RS256', kid: 'mine' }];
    const header = { alg: 'RS256', kid: 'mine', typ: 'verify-contact-proof+jwt' };
    const token = await new SignJWT(decodeJwt(proofOf(ring))).setProtectedHeader(header).sign(privateKey);
    expect(await refusal(token, { keys })).toBe('invalid-proof');
  });
});

describe('keys at an address', () => {
  let server: Server;
  let answer: { status: number; body: string } = { status: 200, body: '' };
  let requests = 0;
  let origin = '';
  beforeAll(async () => {
    server = createServer((_, response) => {
      requests += 1;
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('are fetched once, and a proof under another key is still refused', async () => {
    answer = { status: 200, body: JSON.stringify(ring.jwks) };
    const jwks = `${origin}/good`;
    const token = proofOf(ring);
    requests = 0;
    expect(await refusal(token, jwks)).toBe('accepted');
    expect(await refusal(token, jwks)).toBe('accepted');
    expect(await refusal(proofOf(await importKeys(await generateKeys())), jwks)).toBe('invalid-proof');
    // A proof that is refused before the keys are needed is not an outage.
    expect(await refusal(token.replace(/^[^.]+/, 'e30'), jwks)).toBe('invalid-proof');
    expect(requests).toBe(1);
  });

  test('are reported as unavailable when they are out of reach, so that nobody blames the person', async () => {
    const token = proofOf(ring);
    for (const [index, bad] of [
      { status: 500, body: '' },
      { status: 200, body: '<html>' },
      { status: 200, body: '{"keys":7}' },
    ].entries()) {
      answer = bad;
      expect(await refusal(token, `${origin}/bad-${index}`)).toBe('keys-unavailable');
    }
    expect(await refusal(token, 'http://127.0.0.1:1/jwks.json')).toBe('keys-unavailable');
  });
});
