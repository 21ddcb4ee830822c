/** Verifies a proof on the host's server, with public keys in memory or from an address. It knows no secret. */
import { compactVerify, createLocalJWKSet, errors, type JWK, type JWTVerifyGetKey } from 'jose';
import type { Purpose } from '../../protocol/schemas.js';
import { PROOF_TYPE, ProofClaims, TEST_PROOF_TYPE, type Proof } from '../../protocol/proof.js';
import { checkOptions } from '../options/check-options.js';
import { proofOptions } from '../options/proof.js';
import { KeysUnavailableError, remoteKeys } from './remote-keys.js';

const MAX_LENGTH = 4096;
/** Seconds by which the clocks of two servers may differ. */
const CLOCK_SKEW = 60;

/** What the host expects of a proof. Everything must match. */
export interface VerifyProofOptions {
  /** The backend's public keys, or the address of its `jwks.json`, which is fetched when it is first needed and cached. */
  jwks: { keys: JWK[] } | string;
  /** The `issuer` of `createHandler`. Default: any. */
  issuer?: string;
  /** The `audience` of `createHandler`. */
  audience: string;
  /** A proof of a contact is not a second factor, and the reverse. */
  purpose: Purpose;
  /** The user's id, or null for an anonymous proof. Required, because an anonymous proof would otherwise pass for anybody's. */
  subject: string | null;
  /** Must equal the proof's context. If left out, the proof must have none: a proof for one transaction cannot serve another. */
  context?: string;
  /**
   * Whether a proof of a test contact will do, which whoever knows its code can get. The proof then has `test: true`. Default
   * false.
   */
  allowTest?: boolean;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}

/** Why a proof is refused. `keys-unavailable`: the address of the keys did not answer, so the proof may still be valid. */
export type ProofErrorCode = 'invalid-proof' | 'expired-proof' | 'keys-unavailable';

const messages: Record<ProofErrorCode, string> = {
  'invalid-proof': 'The proof is not valid here.',
  'expired-proof': 'The proof has expired.',
  'keys-unavailable': 'The keys that proofs are verified with cannot be loaded.',
};

/** A refused proof. Every fault has the code `invalid-proof`, except that a proof which was valid until it expired has `expired-proof`. */
export class ProofError extends Error {
  override readonly name = 'ProofError';
  readonly code: ProofErrorCode;
  constructor(code: ProofErrorCode) {
    super(messages[code]);
    this.code = code;
  }
}

/**
 * Verifies a proof and returns its claims. Rejects with {@link ProofError} if the proof is refused, and with a `TypeError`
 * for an option that is missing, wrong or unknown, which TypeScript would refuse but JavaScript does not.
 */
export async function verifyProof(token: string, options: VerifyProofOptions): Promise<Proof> {
  const expected = checkOptions('verifyProof', proofOptions, options);
  const { payload, test } = await readSigned(token, expected);
  const claims = ProofClaims.safeParse(payload);
  if (!claims.success) throw new ProofError('invalid-proof');
  const proof: Proof = { ...claims.data, ...(test ? { test } : {}) };
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

/** The payload of a proof that one of the keys has signed, and whether it is of a test contact. */
async function readSigned(
  token: string,
  { jwks, allowTest = false }: VerifyProofOptions,
): Promise<{ payload: unknown; test: boolean }> {
  if (!isCanonical(token)) throw new ProofError('invalid-proof');
  const keys = typeof jwks === 'string' ? remoteKeys(jwks) : createLocalJWKSet(jwks);
  const strictKeys: JWTVerifyGetKey = (header, jws) => {
    // An attacker's header may name or carry their own key (jku, jwk, x5u, x5c). Ours has these three fields and no others.
    const isOurs = Object.keys(header).every((name) => name === 'alg' || name === 'kid' || name === 'typ');
    if (!isOurs || !(header.typ === PROOF_TYPE || (allowTest && header.typ === TEST_PROOF_TYPE)) || !header.kid)
      throw new errors.JWSInvalid();
    return keys(header, jws);
  };
  try {
    const { payload, protectedHeader } = await compactVerify(token, strictKeys, { algorithms: ['ES256', 'EdDSA'] });
    const test = protectedHeader.typ === TEST_PROOF_TYPE;
    return { payload: JSON.parse(new TextDecoder().decode(payload)), test };
  } catch (error) {
    throw new ProofError(error instanceof KeysUnavailableError ? 'keys-unavailable' : 'invalid-proof');
  }
}

/** Whether each part is canonical base64url: decoders ignore blanks and stray bits, so one proof could have several spellings. */
function isCanonical(token: unknown): token is string {
  if (typeof token !== 'string' || token.length > MAX_LENGTH) return false;
  return token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}
