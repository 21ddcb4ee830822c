/** The HMAC of counter and record keys equals Node's own HMAC-SHA-256. */
import { createHmac, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { hmac } from '../../../../src/server/tokens/hmac.js';

/** Long texts first, so that rests of them would show in the short ones. Beyond 341 characters a text gets its own buffer. */
const texts = [5000, 1000, 342, 341, 1, 0].flatMap((length) => ['漢', 'é', 'a'].map((one) => one.repeat(length)));

it.each([1, 32, 63, 64])(
  'under a key of %i bytes every text gets the first 132 bits of its HMAC (RFC 2104)',
  (length) => {
    const key = randomBytes(length);
    const ours = hmac(key);
    const theirs = (text: string) => createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);
    expect(texts.map(ours)).toEqual(texts.map(theirs));
  },
);

it('a key longer than a block, which would have to be hashed first, is refused', () => {
  expect(() => hmac(randomBytes(65))).toThrow(new RangeError('The key of an HMAC must have at most 64 bytes.'));
});
