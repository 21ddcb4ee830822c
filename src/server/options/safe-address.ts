/** Which web addresses may get secrets or supply keys: nobody on the way may read or replace them. Pure. */
import { z } from 'zod';

/** This machine itself, where nobody is on the way. */
const isLoopback = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);

/**
 * `safe` is https, or http to this machine. `plain` is http to another host, where anybody on the way can read and change
 * everything. Null is anything else: no web address, or one with a user name or a password, which hides the real host.
 */
export function judgeAddress(text: string): 'safe' | 'plain' | null {
  // Parsers disagree about backslashes, and some of them remove blanks and control characters.
  if (/[^!-~]|\\/.test(text) || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || text.split('/')[2]?.includes('@')) return null;
  return url.protocol === 'https:' || isLoopback(url) ? 'safe' : 'plain';
}

/** An address that keys are loaded from. */
const keysAddress = 'must be an https address without user name and password (http only to this machine).';

/** Public keys as a JSON Web Key Set, or the address where they are published. */
export function jwksOrAddress<T extends { keys: object[] }>() {
  return z.custom<T | string>(
    (value) => {
      if (typeof value === 'string') return judgeAddress(value) === 'safe';
      return Array.isArray((value as { keys?: unknown } | null | undefined)?.keys);
    },
    {
      error: ({ input }) =>
        typeof input === 'string' ? keysAddress : 'must be an object with keys, or their address.',
    },
  );
}
