/** Imports the backend's keys: a secret that other keys are derived from, and a signing key, each with its previous and its next one. */
import { createSecretKey, hkdfSync, KeyObject, sign, type JsonWebKeyInput } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { checkOptions } from '../options/check-options.js';
import { keysOption } from '../options/keys.js';
import { hmac } from './hmac.js';

/** The keys that the host configures, the same on all instances. `generateKeys` makes them. */
export interface Keys {
  /** At least 32 random bytes in base64url. The keys for challenges, counters and records are derived from it. */
  secret: string;
  /**
   * The secret before the last rotation. Keep it for a day: its challenges still open, and counters and records stay
   * under its keys, so that a rotation gives nobody a new budget of attempts.
   */
  previousSecret?: string;
  /** The secret of the next rotation: challenges that another instance sealed with it open here. Nothing is sealed with it. */
  nextSecret?: string;
  /** A private JWK: EC P-256 (ES256, the default) or OKP Ed25519 (EdDSA). */
  signing: JWK;
  /** The signing key before the last rotation. Only its public half is used. Keep it for the lifetime of a proof. */
  previousSigning?: JWK;
  /**
   * The signing key of the next rotation. Its public half is published before it signs anything, so that hosts which
   * cache `jwks.json` for its five minutes know the key when the first proof comes.
   */
  nextSigning?: JWK;
}

/** The JWS algorithm of a proof. */
type SigningAlgorithm = 'ES256' | 'EdDSA';

/** What Node's `sign` takes. The `sign` of workerd takes no `KeyObject`; that of Node needs four times as long for a JWK. */
type SigningKey = { key: KeyObject } | JsonWebKeyInput;

/** An AES-256-GCM key, and the id that its challenges begin with. */
interface SealingKey {
  id: string;
  key: KeyObject;
}

/** The imported keys, ready to use. */
export interface KeyRing {
  /** The keys for challenges: the current one first, which seals; the others only open. */
  sealing: readonly [SealingKey, ...SealingKey[]];
  /** HMAC-SHA-256 in base64url, for the keys of counters and records. A hash without a key would not do: phone numbers are guessed in minutes. */
  hmac(text: string): string;
  /** The key that signs proofs, its id and its algorithm. */
  signing: { kid: string; alg: SigningAlgorithm; key: SigningKey };
  /** The public halves of the current, the previous and the next signing key, as `jwks.json` publishes them. */
  jwks: { keys: JWK[] };
}

/** Makes new keys: an ES256 key pair and 32 random bytes. Store them: with other keys, every open challenge and proof becomes invalid. */
export async function generateKeys(): Promise<Keys> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
  return { secret, signing: await exportJWK(privateKey) };
}

/** Derives and imports all keys. Rejects with a `TypeError` that names a bad key and never quotes it. */
export async function importKeys(given: Keys): Promise<KeyRing> {
  const keys = checkOptions('keys', keysOption, given);
  const current = Buffer.from(keys.secret, 'base64url');
  const previous = keys.previousSecret === undefined ? [] : [Buffer.from(keys.previousSecret, 'base64url')];
  const next = keys.nextSecret === undefined ? [] : [Buffer.from(keys.nextSecret, 'base64url')];
  const signing = await signingKey(keys.signing, 'signing');
  const previousSigning =
    keys.previousSigning === undefined ? [] : [await signingKey(keys.previousSigning, 'previousSigning')];
  const nextSigning = keys.nextSigning === undefined ? [] : [await signingKey(keys.nextSigning, 'nextSigning')];
  const hashKey = derive(previous[0] ?? current, 'counter keys');
  return {
    sealing: [sealingKey(current), ...[...previous, ...next].map(sealingKey)],
    hmac: hmac(hashKey.export()),
    signing: { kid: signing.kid, alg: signing.alg, key: signing.key },
    jwks: { keys: [signing, ...previousSigning, ...nextSigning].map((key) => key.public) },
  };
}

function sealingKey(secret: Buffer): SealingKey {
  const id = Buffer.from(hkdfSync('sha256', secret, '', 'verify-contact 1 key id', 6)).toString('base64url');
  return { id, key: derive(secret, 'sealing') };
}

/** Derives a key by HKDF (RFC 5869) with a label per use: a key that leaks from one use gives access to no other. */
function derive(secret: Buffer, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `verify-contact 1 ${use}`, 32)));
}

async function signingKey(jwk: JWK, name: string) {
  const alg: SigningAlgorithm = jwk.kty === 'EC' ? 'ES256' : 'EdDSA';
  const { kty, crv, x, y, d } = jwk;
  const publicHalf = alg === 'ES256' ? { kty, crv, x, y } : { kty, crv, x };
  try {
    const kid = await calculateJwkThumbprint(publicHalf);
    const key = signingInput((await importJWK({ ...publicHalf, d }, alg)) as CryptoKey, { ...publicHalf, d }, alg);
    return { kid, alg, key, public: { ...publicHalf, kid, alg, use: 'sig' } as JWK };
  } catch {
    // The library's own message may quote the key.
    throw new TypeError(`keys.${name} has two halves that do not belong together: nobody could verify its proofs.`);
  }
}

function signingInput(imported: CryptoKey, jwk: JWK, alg: SigningAlgorithm): SigningKey {
  const key = KeyObject.from(imported);
  try {
    sign(digestOf(alg), Buffer.alloc(0), { key });
    return { key };
  } catch {
    return { key: jwk as JsonWebKeyInput['key'], format: 'jwk' };
  }
}

/** The digest that Node's `sign` needs to be told: Ed25519 has its own. */
export const digestOf = (alg: SigningAlgorithm): string | null => (alg === 'ES256' ? 'sha256' : null);
