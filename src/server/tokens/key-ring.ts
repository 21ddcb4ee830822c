/** The backend's keys: one secret, from which separate keys are derived, and a signing key pair, each with a predecessor and a successor. No requests, no clock. */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { hmac } from './hmac.js';

/** What the host configures, once for all instances. `generateKeys` makes one. */
export interface Keys {
  /** At least 32 random bytes in base64url. Sealing and counter keys are derived from it. */
  secret: string;
  /**
   * The secret before the last rotation. Keep it for a day: what it sealed still opens, and counters and records stay
   * under its keys meanwhile, so that a rotation gives nobody a fresh budget of attempts while codes are out.
   */
  previousSecret?: string;
  /** The secret of the next rotation: what another instance sealed with it opens here already. Nothing is sealed with it. */
  nextSecret?: string;
  /** A private JWK: EC P-256 (ES256, the default) or OKP Ed25519 (EdDSA). */
  signing: JWK;
  /** The signing key before the last rotation; only its public half is used. Keep it for the lifetime of a proof. */
  previousSigning?: JWK;
  /**
   * The signing key of the next rotation: its public half is published before anything is signed with it, so that whoever
   * keeps `jwks.json` for its five minutes knows the key when the first proof comes.
   */
  nextSigning?: JWK;
}

/** What a proof is signed with. */
export type SigningAlgorithm = 'ES256' | 'EdDSA';

/** An AES-256-GCM key, and the name that its challenges begin with. */
export interface SealingKey {
  id: string;
  key: KeyObject;
}

/** The keys in the form in which the rest of the backend uses them. */
export interface KeyRing {
  /** The keys for challenges: the current one, which seals, then those that only open. */
  sealing: readonly [SealingKey, ...SealingKey[]];
  /** HMAC-SHA-256 in base64url, for the keys of counters and records: a bare hash of a phone number is guessed in minutes. */
  hmac(text: string): string;
  signing: { kid: string; alg: SigningAlgorithm; key: CryptoKey };
  /** The public halves of the current signing key, its predecessor and its successor: what `jwks.json` serves. */
  jwks: { keys: JWK[] };
}

/** Makes fresh keys: an ES256 pair and 32 random bytes. Store them; with others every challenge and proof out there is void. */
export async function generateKeys(): Promise<Keys> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
  return { secret, signing: await exportJWK(privateKey) };
}

/** Derives and imports all keys. Throws a `TypeError` of one sentence that names the bad key and never contains it. */
export async function importKeys(keys: Keys): Promise<KeyRing> {
  const current = secretBytes(keys.secret, 'secret');
  const previous = keys.previousSecret === undefined ? [] : [secretBytes(keys.previousSecret, 'previousSecret')];
  const next = keys.nextSecret === undefined ? [] : [secretBytes(keys.nextSecret, 'nextSecret')];
  const signing = await signingKey(keys.signing, 'signing');
  const before = keys.previousSigning === undefined ? [] : [await signingKey(keys.previousSigning, 'previousSigning')];
  const after = keys.nextSigning === undefined ? [] : [await signingKey(keys.nextSigning, 'nextSigning')];
  const hashKey = derive(previous[0] ?? current, 'counter keys');
  return {
    sealing: [sealingKey(current), ...[...previous, ...next].map(sealingKey)],
    hmac: hmac(hashKey.export()),
    signing: { kid: signing.kid, alg: signing.alg, key: signing.key },
    jwks: { keys: [signing, ...before, ...after].map((key) => key.public) },
  };
}

function sealingKey(secret: Buffer): SealingKey {
  const id = Buffer.from(hkdfSync('sha256', secret, '', 'verify-contact 1 key id', 6)).toString('base64url');
  return { id, key: derive(secret, 'sealing') };
}

/** HKDF (RFC 5869) with a label for each use: a key leaked from one use opens no other. */
function derive(secret: Buffer, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `verify-contact 1 ${use}`, 32)));
}

function secretBytes(secret: unknown, name: string): Buffer {
  const bytes = typeof secret === 'string' && /^[A-Za-z0-9_-]+$/.test(secret) ? Buffer.from(secret, 'base64url') : null;
  if (!bytes || bytes.length < 32) throw new TypeError(`keys.${name} must be at least 32 random bytes in base64url.`);
  return bytes;
}

async function signingKey(jwk: JWK, name: string) {
  const bad = () => new TypeError(`keys.${name} must be a private JWK of kind EC P-256 or OKP Ed25519.`);
  const kind: SigningAlgorithm | null =
    jwk?.kty === 'EC' && jwk.crv === 'P-256' ? 'ES256' : jwk?.kty === 'OKP' && jwk.crv === 'Ed25519' ? 'EdDSA' : null;
  if (!kind || !/^[A-Za-z0-9_-]{43}$/.test(String(jwk.d))) throw bad();
  const { kty, crv, x, y, d } = jwk;
  const half = kind === 'ES256' ? { kty, crv, x, y } : { kty, crv, x };
  try {
    const kid = await calculateJwkThumbprint(half);
    // Refuses halves that do not belong together, which would sign proofs that nobody can check.
    const key = (await importJWK({ ...half, d }, kind)) as CryptoKey;
    return { kid, alg: kind, key, public: { ...half, kid, alg: kind, use: 'sig' } as JWK };
  } catch {
    // The library's own message could quote the key.
    throw bad();
  }
}
