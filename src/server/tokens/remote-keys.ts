/** Public keys at an address: loaded when they are first needed, and cached by the library. */
import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';

/** The keys could not be loaded, so nobody knows whether a token is valid. Every other error is about the token. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

/** One key set per address, so that it is not fetched for each token. The host configures the addresses, so there are few. */
const keySets = new Map<string, JWTVerifyGetKey>();

/** Finds the key of a token at this address. Rejects with {@link KeysUnavailableError} if the keys cannot be loaded. */
export function remoteKeys(address: string): JWTVerifyGetKey {
  const cached = keySets.get(address);
  if (cached) return cached;
  const keys = createRemoteJWKSet(new URL(address), { timeoutDuration: 3000 });
  const find: JWTVerifyGetKey = async (header, jws) => {
    try {
      return await keys(header, jws);
    } catch (cause) {
      throw isOutage(cause) ? new KeysUnavailableError('The keys cannot be loaded.', { cause }) : cause;
    }
  };
  keySets.set(address, find);
  return find;
}

/** A timeout, a response without keys, or a network failure: `fetch` throws a `TypeError`, and nothing else in a key set does. */
function isOutage(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true;
  return error instanceof errors.JOSEError ? error.code === 'ERR_JOSE_GENERIC' : error instanceof TypeError;
}
