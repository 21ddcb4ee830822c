/** The names of counters and records: the HMAC-SHA-256 that others know. */
import { createHmac, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { hmac } from '../../../../src/server/tokens/hmac.js';

/** Long ones first: nothing of them may stay behind for the short ones. At 341 characters of three bytes a buffer of its own begins. */
const texts = [5000, 1000, 342, 341, 1, 0].flatMap((length) => ['漢', 'é', 'a'].map((one) => one.repeat(length)));

it.each([1, 32, 63, 64])('under a key of %i bytes every text has 132 bits of the HMAC of RFC 2104', (length) => {
  const key = randomBytes(length);
  const ours = hmac(key);
  const theirs = (text: string) => createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);
  expect(texts.map(ours)).toEqual(texts.map(theirs));
});

it('a key longer than the block, which would have to be hashed first, is refused', () => {
  expect(() => hmac(randomBytes(65))).toThrow(new RangeError('The key of an HMAC has 64 bytes at most.'));
});
