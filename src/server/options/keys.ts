/** What the option `keys` takes. Whether the halves of a key belong together, only its import shows. */
import type { JWK } from 'jose';
import { z } from 'zod';
import { optionObject } from './kinds.js';

const secret = z.custom<string>(
  (value) =>
    typeof value === 'string' && /^[A-Za-z0-9_-]+$/.test(value) && Buffer.from(value, 'base64url').length >= 32,
  { error: 'must be at least 32 random bytes in base64url.' },
);

const coordinate = (value: unknown) => typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value);

const privateKey = z.custom<JWK>(
  (value) => {
    const { kty, crv, x, y, d } = (value ?? {}) as Record<string, unknown>;
    const isKnown = (kty === 'EC' && crv === 'P-256' && coordinate(y)) || (kty === 'OKP' && crv === 'Ed25519');
    return isKnown && coordinate(x) && coordinate(d);
  },
  { error: 'must be a private JWK of kind EC P-256 or OKP Ed25519.' },
);

/** The keys of `createHandler`. */
export const keysOption = optionObject(
  {
    secret,
    previousSecret: secret.optional(),
    nextSecret: secret.optional(),
    signing: privateKey,
    previousSigning: privateKey.optional(),
    nextSigning: privateKey.optional(),
  },
  'must be the object that generateKeys() makes: call it once, and store what it makes.',
);
