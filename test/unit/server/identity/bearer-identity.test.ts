/** The identity from a bearer JWT: which tokens are trusted, and which claims of them. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Identity } from '../../../../src/server/identity/identity.js';
import { bearerIdentity, type BearerOptions } from '../../../../src/server/identity/bearer-identity.js';
import { mergeVerifiedContacts, twoFactorRequired } from '../../../../src/server/identity/two-factor-policy.js';
import { generateKeys, importKeys } from '../../../../src/server/tokens/key-ring.js';
import { signProof } from '../../../../src/server/tokens/sign-proof.js';

const start = 1_700_000_000_000;
const issuer = 'https://login.example';
let privateKey: CryptoKey;
let publicJwk: JWK;
let options: BearerOptions;

beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  privateKey = pair.privateKey;
  publicJwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256' };
  options = { issuer, audience: 'shop', algorithms: ['RS256'], jwks: { keys: [publicJwk] }, now: () => start };
});

const request = (token?: string, scheme = 'Bearer'): Request =>
  new Request(
    'https://shop.example/verify/contact',
    token === undefined ? {} : { headers: { authorization: `${scheme} ${token}` } },
  );

async function signed(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<string> {
  const sound = { iss: issuer, aud: 'shop', sub: 'ann', iat: start / 1000, exp: start / 1000 + 300 };
  return new SignJWT({ ...sound, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'JWT', ...header })
    .sign(privateKey, { crit: { odd: true } });
}

const asked = (token?: string, more: Partial<BearerOptions> = {}): Promise<Identity | null> =>
  bearerIdentity({ ...options, ...more })(request(token));

describe('bearer', () => {
  test('a valid token identifies its user, and nothing is added to its claims', async () => {
    expect(await asked(await signed())).toEqual({ id: 'ann', secondFactor: false, contacts: {} });
    for (const typ of [undefined, 'jwt', 'at+jwt', 'application/at+jwt']) {
      expect((await asked(await signed({}, { typ })))?.id).toBe('ann');
    }
    expect((await bearerIdentity(options)(request(await signed(), 'bearer')))?.id).toBe('ann');
  });

  test('no token, another scheme and garbage identify nobody', async () => {
    const identify = bearerIdentity(options);
    expect(await identify(request())).toBeNull();
    expect(await identify(request(await signed(), 'Basic'))).toBeNull();
    for (const odd of ['', 'x', 'a.b.c', '..', `${await signed()} ${await signed()}`, 'A'.repeat(20_000)]) {
      expect(await identify(request(odd))).toBeNull();
    }
  });

  test('another issuer or audience, no expiry and an expiry in the past identify nobody', async () => {
    const claims = [
      { iss: 'https://evil.example' },
      { iss: undefined },
      { aud: 'bank' },
      { aud: undefined },
      { exp: undefined },
      { exp: start / 1000 - 1 },
      { exp: '9999999999' },
      { nbf: start / 1000 + 60 },
      { sub: undefined },
      { sub: '' },
      { sub: 7 },
      { sub: ['ann'] },
    ];
    for (const claim of claims) expect([claim, await asked(await signed(claim))]).toEqual([claim, null]);
  });

  test('a token with its own key, an unknown critical field or another type identifies nobody, even under the right key', async () => {
    const headers = [
      { jwk: publicJwk },
      { jku: 'https://evil.example' },
      { x5u: 'https://evil.example' },
      { x5c: ['AAAA'] },
      { crit: ['odd'], odd: 1 },
      { kid: 'k2' },
      { typ: 'logout+jwt' },
      { typ: 'verify-contact-proof+jwt' },
      { typ: 'dpop+jwt' },
      { typ: 5 },
      { typ: null },
      { typ: ['JWT'] },
      { typ: { toLowerCase: 'JWT' } },
    ];
    for (const header of headers) expect([header, await asked(await signed({}, header))]).toEqual([header, null]);
  });

  test('"none", an algorithm off the list and the public key as a shared secret identify nobody', async () => {
    expect(
      await asked(
        new UnsecuredJWT({ sub: 'ann' }).setIssuer(issuer).setAudience('shop').setExpirationTime('1h').encode(),
      ),
    ).toBeNull();
    expect(await asked(await signed(), { algorithms: ['PS256', 'ES256'] })).toBeNull();
    const secret = new TextEncoder().encode(JSON.stringify(publicJwk));
    const forged = await new SignJWT({ sub: 'ann', iss: issuer, aud: 'shop', exp: start / 1000 + 60 })
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .sign(secret);
    expect(await asked(forged)).toBeNull();
  });

  test('every character of a token matters', async () => {
    const token = await signed();
    const identify = bearerIdentity(options);
    const changed = [...token].map((one, at) => token.slice(0, at) + (one === 'A' ? 'B' : 'A') + token.slice(at + 1));
    // The last character of the signature has four spare bits, which change no claim.
    const answers = await Promise.all(changed.slice(0, -1).map((one) => identify(request(one))));
    expect(answers.every((one) => one === null)).toBe(true);
  });

  test('one of our proofs identifies nobody, even with the same issuer and key', async () => {
    const ring = await importKeys(await generateKeys());
    const content = {
      audience: 'shop',
      subject: 'ann',
      purpose: 'contact',
      channel: 'sms',
      lifetime: 60,
      now: start,
    } as const;
    const proof = signProof(ring, { ...content, issuer });
    expect(await asked(proof, { jwks: ring.jwks, algorithms: ['ES256'] })).toBeNull();
  });

  test('a shared secret works too', async () => {
    const key = new Uint8Array(32).fill(7);
    const claims = { sub: 'ann', iss: issuer, aud: 'shop', exp: start / 1000 + 60 };
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key);
    const shared = { jwks: undefined, key, algorithms: ['HS256'] };
    expect((await asked(token, shared))?.id).toBe('ann');
    expect(await asked(token, { ...shared, key: new Uint8Array(32) })).toBeNull();
  });

  test('unsafe options are refused at once', () => {
    const key = new Uint8Array(32);
    const bad: Partial<BearerOptions>[] = [
      { algorithms: [] },
      { algorithms: ['none'] },
      { algorithms: ['RS256', 'NONE'] },
      { algorithms: ['RS256', 'HS256'] },
      { algorithms: ['HS256'] },
      { issuer: '' },
      { audience: '' },
      { jwks: undefined },
      { key },
      { jwks: undefined, key: new Uint8Array(31), algorithms: ['HS256'] },
      { jwks: undefined, key: publicJwk, algorithms: ['HS256'] },
    ];
    bad.push({ jwks: undefined, key, algorithms: ['HS256', 'RS256'] });
    for (const more of bad)
      expect(() => bearerIdentity({ ...options, ...more })).toThrow(/^bearerIdentity(\.\w+)? (needs|must|has|is) /);
  });

  test('contacts count if they are marked as verified, in our normalized form', async () => {
    const claims = {
      phone_number: '+1 (415) 555-2671',
      phone_number_verified: true,
      email: 'Ann@BÜCHER.example',
      email_verified: true,
      two_factor_required: true,
    };
    expect((await asked(await signed(claims)))?.contacts).toEqual({
      phone: '+14155552671',
      email: 'Ann@xn--bcher-kva.example',
      twoFactorRequired: true,
    });
    expect((await asked(await signed({ two_factor_required: false })))?.contacts).toEqual({ twoFactorRequired: false });
  });

  test('unverified and incomplete claims are ignored', async () => {
    const claims = [
      { phone_number: '+14155552671' },
      { phone_number: '+14155552671', phone_number_verified: false },
      { phone_number: '+14155552671', phone_number_verified: 'true' },
      { phone_number_verified: true },
      { phone_number: null, phone_number_verified: true },
      { email: 'ann@example.com' },
      { email: 'ann@example.com', email_verified: 1 },
    ];
    for (const claim of claims) expect([claim, (await asked(await signed(claim)))?.contacts]).toEqual([claim, {}]);
  });

  test('a verified contact that cannot be parsed is a factor all the same, and reaches nobody', async () => {
    const values = ['415 555 2671', 'ann@example.com', '+19005550199', '', 14155552671, ['+14155552671']];
    for (const phone_number of values) {
      const { phone } = (await asked(await signed({ phone_number, phone_number_verified: true })))?.contacts ?? {};
      expect(phone).toBe(typeof phone_number === 'string' ? phone_number : '');
    }
    for (const email of ['+14155552671', '"a@b"@c.com'])
      expect((await asked(await signed({ email, email_verified: true })))?.contacts).toEqual({ email });
  });

  test('a claim that is neither true nor false does not switch two-factor off', async () => {
    for (const two_factor_required of ['false', 0, null, 'no']) {
      const identity = await asked(await signed({ two_factor_required }));
      const contacts = await mergeVerifiedContacts(identity ?? { id: '' });
      expect(() => twoFactorRequired({ required: 'by-account', email: false }, contacts)).toThrow(/true or false/);
    }
  });

  test('the session has passed two-factor if the token says so, by RFC 8176 or by a function of the host', async () => {
    expect((await asked(await signed({ amr: ['pwd', 'mfa'] })))?.secondFactor).toBe(true);
    for (const amr of [['pwd'], ['pwd', 'otp'], 'mfa', null, [['mfa']]])
      expect((await asked(await signed({ amr })))?.secondFactor).toBe(false);
    const secondFactor = (claims: JWTPayload): boolean => claims.acr === 'high';
    expect((await asked(await signed({ acr: 'high' }), { secondFactor }))?.secondFactor).toBe(true);
    expect((await asked(await signed({ amr: ['mfa'] }), { secondFactor }))?.secondFactor).toBe(false);
  });
});

describe("the issuer's keys at an address", () => {
  let server: Server;
  let status = 200;
  let jwks = '';
  beforeAll(async () => {
    server = createServer((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [publicJwk] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    jwks = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('are loaded when needed, and an outage is an error, so that nobody is taken for signed out', async () => {
    const token = await signed();
    status = 500;
    const identify = bearerIdentity({ ...options, jwks });
    await expect(identify(request(token))).rejects.toThrow("The issuer's keys cannot be loaded.");
    expect(await identify(request())).toBeNull();
    status = 200;
    expect((await identify(request(token)))?.id).toBe('ann');
    await expect(bearerIdentity({ ...options, jwks: 'http://127.0.0.1:1/' })(request(token))).rejects.toThrow(
      /cannot be loaded/,
    );
  });
});
