/** HMAC-SHA-256 (RFC 2104) for the keys of counters and records, by Node's one-shot hash, cut to 132 bits. Pure. */
import { hash } from 'node:crypto';

/** Bytes that SHA-256 works on at once. */
const BLOCK = 64;
const DIGEST = 32;
/** Characters of base64url, six bits each: RFC 2104 section 5 asks for half of the hash at least. What a store holds is mostly names. */
const LENGTH = 22;
/** Bytes of text that need no buffer of their own. */
const USUAL = 1024;

/**
 * Makes the function from text to base64url under a key of 64 bytes at most. `createHmac` makes an object outside of the heap for
 * each text, twice as dear (measured on Node 20) and again as much to collect; a start needs a dozen.
 */
export function hmac(key: Buffer): (text: string) => string {
  if (key.length > BLOCK) throw new RangeError('The key of an HMAC has 64 bytes at most.');
  const padded = Buffer.alloc(BLOCK);
  key.copy(padded);
  const masked = (mask: number) => padded.map((byte) => byte ^ mask);
  const inside = Buffer.concat([masked(0x36), Buffer.alloc(USUAL)]);
  const outside = Buffer.concat([masked(0x5c), Buffer.alloc(DIGEST)]);
  return (text) => {
    // Three bytes are the most that UTF-8 needs for one unit of a string.
    const whole = text.length * 3 <= USUAL;
    const message = whole
      ? inside.subarray(0, BLOCK + inside.write(text, BLOCK))
      : Buffer.concat([inside.subarray(0, BLOCK), Buffer.from(text)]);
    outside.write(hash('sha256', message, 'hex'), BLOCK, 'hex');
    return hash('sha256', outside, 'base64url').slice(0, LENGTH);
  };
}
