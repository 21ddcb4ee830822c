/** Identifies the user by the bearer JWT of another backend. It stores nothing and makes no session. */
import { createLocalJWKSet, jwtVerify, type CryptoKey, type JWK, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { parseContact } from '../contacts/parse-contact.js';
import { loadPhoneMetadata } from '../contacts/phone-metadata.js';
import { checkOptions } from '../options/check-options.js';
import { bearerOptions } from '../options/bearer.js';
import { KeysUnavailableError, remoteKeys } from '../tokens/remote-keys.js';
import type { VerifiedContacts } from '../accounts/accounts.js';
import type { Identity } from './identity.js';

/** Which bearer JWTs to trust. The token itself decides none of it (RFC 8725 sections 3.1 and 3.8). */
export interface BearerOptions {
  /** Must equal the token's `iss`. */
  issuer: string;
  /** This backend's own name, which must be in the token's `aud`. */
  audience: string;
  /** JWS algorithms, such as `['RS256']`. `none` is refused, and so is a mixture of HMAC and public-key algorithms. */
  algorithms: readonly string[];
  /** The issuer's public keys, or their https address. Set either this or `key`. */
  jwks?: { keys: JWK[] } | string;
  /** A single public key, or the shared secret of an HMAC algorithm as at least 32 bytes. */
  key?: CryptoKey | JWK | Uint8Array;
  /** Whether the session behind the token has passed two-factor. Default: whether `amr` contains `mfa` (RFC 8176). */
  secondFactor?: (claims: JWTPayload) => boolean;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}

/** A token of another type, such as a logout token or one of our proofs, identifies nobody (RFC 8725 section 3.11). */
const types = new Set<unknown>([undefined, 'jwt', 'at+jwt', 'application/at+jwt']);
/** Headers that name or carry a key of the sender's choice. */
const keyHeaders = ['jku', 'jwk', 'x5u', 'x5c'];

/**
 * Makes an `identify` function. It returns the user of the `Authorization: Bearer` token, or null if there is no token or
 * it is not valid. It rejects only if the issuer's keys cannot be loaded. The claims `phone_number`, `phone_number_verified`,
 * `email` and `email_verified` (OpenID Connect Core section 5.1) and our `two_factor_required` become `contacts`. A contact
 * that the token does not mark as verified is ignored, and what `accounts` knows applies. One that is marked and cannot be parsed
 * is still a factor that the user must pass. Throws a `TypeError` for unsafe options.
 */
export function bearerIdentity(options: BearerOptions): (request: Request) => Promise<Identity | null> {
  const keys = keySource(options);
  const { issuer, audience } = options;
  return async (request) => {
    const token = /^Bearer +([A-Za-z0-9_.-]{1,8192})$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (token === undefined) return null;
    await loadPhoneMetadata();
    let claims: JWTPayload;
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: [...options.algorithms],
        requiredClaims: ['sub', 'exp'],
        currentDate: new Date((options.now ?? Date.now)()),
      });
      claims = payload;
    } catch (error) {
      if (error instanceof KeysUnavailableError)
        throw new Error("The issuer's keys cannot be loaded.", { cause: error });
      return null;
    }
    return toIdentity(claims, options);
  };
}

function toIdentity(claims: JWTPayload, options: BearerOptions): Identity | null {
  if (typeof claims.sub !== 'string' || claims.sub === '') return null;
  const contacts: Partial<VerifiedContacts> = {};
  const phone = verifiedContact(claims, 'phone_number', 'phone');
  const email = verifiedContact(claims, 'email', 'email');
  if (phone !== null) contacts.phone = phone;
  if (email !== null) contacts.email = email;
  // A claim that is neither true nor false must not mean "not required": the backend refuses it.
  if (claims.two_factor_required !== undefined) contacts.twoFactorRequired = claims.two_factor_required as boolean;
  const secondFactor = options.secondFactor?.(claims) ?? (Array.isArray(claims.amr) && claims.amr.includes('mfa'));
  return { id: claims.sub, secondFactor, contacts };
}

function verifiedContact(claims: JWTPayload, name: string, type: 'phone' | 'email'): string | null {
  const value = claims[name];
  if (value === undefined || value === null || claims[`${name}_verified`] !== true) return null;
  const text = typeof value === 'string' ? value : '';
  const parsed = parseContact(text, undefined, { types: [type], channels: ['sms', 'call', 'email'] });
  return 'contact' in parsed ? parsed.contact.value : text;
}

function keySource(options: BearerOptions): JWTVerifyGetKey {
  const { jwks, key } = checkOptions('bearerIdentity', bearerOptions, options);
  const source = jwks === undefined ? null : typeof jwks === 'string' ? remoteKeys(jwks) : createLocalJWKSet(jwks);
  return async (header, jws) => {
    const typ: unknown = header.typ;
    // The header is the sender's own text, whatever the library's types say of it.
    const isJwt = types.has(typeof typ === 'string' ? typ.toLowerCase() : typ);
    if (keyHeaders.some((name) => name in header) || !isJwt) throw new Error('refused');
    return source ? await source(header, jws) : (key as CryptoKey);
  };
}
