/** Who is asking, read from the bearer JWT of another backend. Not a session of ours, and nothing is stored. */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  jwtVerify,
  type CryptoKey,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { parseContact } from '../contacts/parse-contact.js';
import { loadPhoneMetadata } from '../contacts/phone-metadata.js';
import { isJwksUnavailable } from '../tokens/verify-proof.js';
import type { VerifiedContacts } from '../accounts/accounts.js';
import type { Identity } from './identity.js';

/** Which bearer JWTs are trusted. Everything comes from here and nothing from the token (RFC 8725 sections 3.1 and 3.8). */
export interface BearerOptions {
  /** Must equal the token's `iss`. */
  issuer: string;
  /** Must be in the token's `aud`: this backend's own name. */
  audience: string;
  /** JWS algorithms, for example `['RS256']`. `none` is refused, and so is a mixture of HMAC and public-key algorithms. */
  algorithms: readonly string[];
  /** The issuer's public keys or their address; this or `key`. */
  jwks?: { keys: JWK[] } | string;
  /** One key: a public one, or the shared secret of an HMAC algorithm as bytes. */
  key?: CryptoKey | JWK | Uint8Array;
  /** Whether the session that the token stands for has passed two-factor. By default: `amr` holds `mfa` (RFC 8176). */
  secondFactor?: (claims: JWTPayload) => boolean;
  /** milliseconds since 1970; the system's clock if left out */
  now?: () => number;
}

/** RFC 8725 section 3.11: a token made for something else (a logout, a proof of ours) identifies nobody. */
const types = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt']);
const keyHeaders = ['jku', 'jwk', 'x5u', 'x5c'];

/**
 * Makes an `identify`: the user of the `Authorization: Bearer` token, or null for none or a bad one, whatever is wrong
 * with it. Rejects only if the issuer's keys cannot be loaded. Claims of OpenID Connect Core section 5.1 (`phone_number`,
 * `phone_number_verified`, `email`, `email_verified`) and our `two_factor_required` become `contacts`; a contact counts
 * only if it is marked verified, and one that is not leaves what `accounts` knows as it is.
 */
export function bearerIdentity(options: BearerOptions): (request: Request) => Promise<Identity | null> {
  const keys = keySource(options);
  const { issuer, audience } = options;
  return async (request) => {
    const token = /^Bearer +([A-Za-z0-9_.-]{1,8192})$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (token === undefined) return null;
    await loadPhoneMetadata();
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: [...options.algorithms],
        requiredClaims: ['sub', 'exp'],
        currentDate: new Date((options.now ?? Date.now)()),
      });
      return identity(payload, options);
    } catch (error) {
      if (isJwksUnavailable(error, typeof options.jwks === 'string'))
        throw new Error("The issuer's keys cannot be loaded.", { cause: error });
      return null;
    }
  };
}

function identity(claims: JWTPayload, options: BearerOptions): Identity | null {
  if (typeof claims.sub !== 'string' || claims.sub === '') return null;
  const contacts: Partial<VerifiedContacts> = {};
  const phone = verified(claims, 'phone_number', 'phone');
  const email = verified(claims, 'email', 'email');
  if (phone !== null) contacts.phone = phone;
  if (email !== null) contacts.email = email;
  if (typeof claims.two_factor_required === 'boolean') contacts.twoFactorRequired = claims.two_factor_required;
  const secondFactor = options.secondFactor?.(claims) ?? (Array.isArray(claims.amr) && claims.amr.includes('mfa'));
  return { id: claims.sub, secondFactor, contacts };
}

function verified(claims: JWTPayload, name: string, type: 'phone' | 'email'): string | null {
  const value = claims[name];
  if (typeof value !== 'string' || claims[`${name}_verified`] !== true) return null;
  const read = parseContact(value, undefined, { types: [type], channels: ['sms', 'call', 'email'] });
  return 'contact' in read ? read.contact.value : null;
}

function keySource(options: BearerOptions): JWTVerifyGetKey {
  const { algorithms, issuer, audience, jwks, key } = options;
  const hmacCount = algorithms.filter((one) => /^HS/i.test(one)).length;
  const sound =
    algorithms.length > 0 &&
    !algorithms.some((one) => /^none$/i.test(one)) &&
    (hmacCount === 0 || hmacCount === algorithms.length);
  if (!sound)
    throw new TypeError('bearerIdentity needs algorithms: all of them HMAC or none of them, and never "none".');
  if (!issuer || !audience) throw new TypeError('bearerIdentity needs issuer and audience.');
  if ((jwks === undefined) === (key === undefined)) throw new TypeError('bearerIdentity needs either jwks or key.');
  if (hmacCount > 0 && !(key instanceof Uint8Array && key.length >= 32)) {
    // An HMAC over a public key's text is the oldest forgery of JWTs; a short secret is guessed off-line.
    throw new TypeError('bearerIdentity needs an HMAC key of at least 32 bytes as a Uint8Array.');
  }
  const source =
    jwks === undefined
      ? null
      : typeof jwks === 'string'
        ? createRemoteJWKSet(new URL(jwks), { timeoutDuration: 3000 })
        : createLocalJWKSet(jwks);
  return async (header, jws) => {
    if (keyHeaders.some((name) => name in header) || !types.has(header.typ?.toLowerCase())) throw new Error('refused');
    return source ? await source(header, jws) : (key as CryptoKey);
  };
}
