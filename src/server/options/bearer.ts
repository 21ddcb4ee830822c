/** What the options of `bearerIdentity` take. */
import type { CryptoKey, JWK } from 'jose';
import { z } from 'zod';
import { hostFunction, listOf, optionObject, plainText } from './kinds.js';
import { jwksOrAddress } from './safe-address.js';

const hmac = ['HS256', 'HS384', 'HS512'] as const;

/** The algorithms with a public key. */
export const publicKeyAlgorithms =
  'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519 ML-DSA-44 ML-DSA-65 ML-DSA-87'.split(' ');

const isHmac = (algorithm: string) => hmac.some((one) => one === algorithm);

/** The algorithms of JWS (RFC 7518 section 3.1, RFC 8037, RFC 9864) without `none`. A mixture would take a public key for a shared secret. */
const algorithms = listOf<string>([...publicKeyAlgorithms, ...hmac], 'algorithms of JWS').refine(
  (names) => names.every(isHmac) || !names.some(isHmac),
  { error: 'must be either all HMAC or all public-key.' },
);

/** Which bearer JWTs to trust. */
export const bearerOptions = optionObject({
  issuer: plainText('must be the iss of the tokens.'),
  audience: plainText('must be the name of this backend in the aud of the tokens.'),
  algorithms,
  jwks: jwksOrAddress<{ keys: JWK[] }>().optional(),
  key: z
    .custom<CryptoKey | JWK | Uint8Array>((value) => typeof value === 'object' && value !== null, {
      error: 'must be a public key or a shared secret as bytes.',
    })
    .optional(),
  secondFactor: hostFunction.optional(),
  now: hostFunction.optional(),
})
  .refine(({ jwks, key }) => (jwks === undefined) !== (key === undefined), { error: 'needs either jwks or key.' })
  // A public key taken for an HMAC secret is the oldest forgery of JWTs, and a short secret can be guessed offline.
  .refine(({ algorithms: [first = ''], key }) => !isHmac(first) || (key instanceof Uint8Array && key.length >= 32), {
    error: 'needs an HMAC key of at least 32 bytes as a Uint8Array.',
  });
