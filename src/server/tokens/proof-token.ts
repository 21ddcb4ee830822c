/** The proof: a signed JWT that tells the host's server what was verified. Made by the backend, checked by anybody with its public keys. */
import {
  compactVerify,
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  SignJWT,
  type JWK,
  type JWTVerifyGetKey,
} from 'jose';
import { z } from 'zod';
import { Contact, Purpose, type Channel } from '../../protocol/schemas.js';
import type { KeyRing } from './key-ring.js';

/** RFC 8725 section 3.11: an explicit type, so that no other JWT of the same keys passes for a proof. */
const TYPE = 'verify-contact-proof+jwt';
const MAX_LENGTH = 4096;
/** Seconds by which the clocks of two servers may differ. */
const CLOCK_SKEW = 60;

const Claims = z.object({
  iss: z.string().min(1),
  aud: z.string(),
  sub: z.string().min(1).optional(),
  iat: z.int(),
  exp: z.int(),
  jti: z.string().min(1),
  purpose: Purpose,
  contact: Contact.optional(),
  amr: z.array(z.string()).min(1),
  context: z.string().optional(),
});

/**
 * What a valid proof says: the claims of the token by their own names. `iat` and `exp` are seconds since 1970; `sub` is
 * missing for an anonymous contact proof; `amr` (RFC 8176) is `sms`, `tel`, `email` or, for WhatsApp, `otp`.
 */
export type Proof = z.infer<typeof Claims>;

/** What is signed. `lifetime` is in seconds, `now` in milliseconds; `jti` only to sign an earlier proof again. */
export interface SignProofOptions {
  issuer: string;
  audience: string;
  subject: string | null;
  purpose: Purpose;
  contact?: Contact;
  channel: Channel;
  context?: string;
  lifetime: number;
  now: number;
  jti?: string;
}

/** What the host demands of a proof. All of it must hold. */
export interface VerifyProofOptions {
  /** The backend's public keys, or the address of its `jwks.json` (fetched when first needed, then kept). */
  jwks: { keys: JWK[] } | string;
  /** The `issuer` of `createHandler`. Left out, any. */
  issuer?: string;
  /** The `audience` of `createHandler`. */
  audience: string;
  /** A proof of a contact is no second factor, and the reverse. */
  purpose: Purpose;
  /** The user's id, or null for an anonymous proof. It must be said: an anonymous proof would pass for anybody's otherwise. */
  subject: string | null;
  /** Must equal the proof's, and left out demands a proof without one: a proof for one transaction cannot serve another. */
  context?: string;
  /** milliseconds since 1970; the system's clock if left out */
  now?: () => number;
}

/** Why a proof is refused. `keys-unavailable`: the address of the keys did not answer; the proof may be good. */
export type ProofErrorCode = 'invalid-proof' | 'expired-proof' | 'keys-unavailable';

const messages: Record<ProofErrorCode, string> = {
  'invalid-proof': 'The proof is not valid here.',
  'expired-proof': 'The proof has expired.',
  'keys-unavailable': 'The keys that proofs are checked with cannot be loaded.',
};

/** A refused proof. All that is wrong with one looks the same; `expired-proof` is one that was right until its time was over. */
export class ProofError extends Error {
  override readonly name = 'ProofError';
  readonly code: ProofErrorCode;
  constructor(code: ProofErrorCode) {
    super(messages[code]);
    this.code = code;
  }
}

const amrByChannel: Record<Channel, string> = { sms: 'sms', call: 'tel', email: 'email', whatsapp: 'otp' };

/** Signs a proof by the current key. */
export async function signProof(ring: KeyRing, content: SignProofOptions): Promise<string> {
  const { issuer, audience, subject, purpose, contact, channel, context, lifetime, now } = content;
  const iat = Math.floor(now / 1000);
  const claims: Proof = {
    iss: issuer,
    aud: audience,
    ...(subject === null ? {} : { sub: subject }),
    iat,
    exp: iat + lifetime,
    jti: content.jti ?? crypto.randomUUID(),
    purpose,
    contact,
    amr: [amrByChannel[channel]],
    context,
  };
  const { alg, kid, key } = ring.signing;
  return await new SignJWT(claims).setProtectedHeader({ alg, kid, typ: TYPE }).sign(key);
}

/**
 * Checks a proof on the host's server. Resolves with its claims, rejects with {@link ProofError}; throws a `TypeError`
 * where the expectation itself lacks `audience`, `purpose` or `subject`, which types cannot keep JavaScript from.
 */
export async function verifyProof(token: string, expected: VerifyProofOptions): Promise<Proof> {
  for (const name of ['audience', 'purpose', 'subject'] as const) {
    if (expected[name] === undefined || expected[name] === '') throw new TypeError(`verifyProof needs ${name}.`);
  }
  const claims = Claims.safeParse(await signedPayload(token, expected.jwks));
  if (!claims.success) throw new ProofError('invalid-proof');
  const proof = claims.data;
  const now = Math.floor((expected.now ?? Date.now)() / 1000);
  const isExpected =
    (expected.issuer === undefined || proof.iss === expected.issuer) &&
    proof.aud === expected.audience &&
    proof.purpose === expected.purpose &&
    (proof.sub ?? null) === expected.subject &&
    proof.context === expected.context &&
    (proof.purpose === 'two-factor' || proof.contact !== undefined) &&
    proof.iat <= now + CLOCK_SKEW;
  if (!isExpected) throw new ProofError('invalid-proof');
  if (proof.exp <= now) throw new ProofError('expired-proof');
  return proof;
}

async function signedPayload(token: string, jwks: VerifyProofOptions['jwks']): Promise<unknown> {
  if (!isCompact(token)) throw new ProofError('invalid-proof');
  const keys = typeof jwks === 'string' ? remoteKeys(jwks) : createLocalJWKSet(jwks);
  const strictKeys: JWTVerifyGetKey = (header, jws) => {
    // A header may name or carry the attacker's own key (jku, jwk, x5u, x5c); ours has three fields and no others.
    const ours = Object.keys(header).every((name) => name === 'alg' || name === 'kid' || name === 'typ');
    if (!ours || header.typ !== TYPE || !header.kid) throw new errors.JWSInvalid();
    return keys(header, jws);
  };
  try {
    const { payload } = await compactVerify(token, strictKeys, { algorithms: ['ES256', 'EdDSA'] });
    return JSON.parse(new TextDecoder().decode(payload));
  } catch (error) {
    throw new ProofError(isJwksUnavailable(error, typeof jwks === 'string') ? 'keys-unavailable' : 'invalid-proof');
  }
}

/** Each part in the one spelling that base64url has for it: decoders forgive blanks and stray bits, and a proof should not. */
function isCompact(token: unknown): token is string {
  if (typeof token !== 'string' || token.length > MAX_LENGTH) return false;
  return token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

/** Whether the keys could not be fetched: a time-out, an answer that is no key set, or a network failure (`fetch` throws a `TypeError`). */
export function isJwksUnavailable(error: unknown, remote: boolean): boolean {
  if (!remote) return false;
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true;
  return error instanceof errors.JOSEError ? error.code === 'ERR_JOSE_GENERIC' : error instanceof TypeError;
}

// One set an address, or each check would fetch anew; addresses come from the host's configuration, so the map stays small.
const remotes = new Map<string, JWTVerifyGetKey>();

function remoteKeys(address: string): JWTVerifyGetKey {
  const known = remotes.get(address);
  if (known) return known;
  const keys = createRemoteJWKSet(new URL(address), { timeoutDuration: 3000 });
  remotes.set(address, keys);
  return keys;
}
