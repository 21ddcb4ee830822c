/** The challenge token: it opens for this backend and for nobody else, in one spelling only. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { openChallenge, sealChallenge, type ChallengePayload } from '../../../../src/server/tokens/challenge-token.js';
import { parseContact } from '../../../../src/server/contacts/parse-contact.js';
import { loadPhoneMetadata } from '../../../../src/server/contacts/phone-metadata.js';
import { generateKeys, importKeys, type KeyRing, type Keys } from '../../../../src/server/tokens/key-ring.js';
import { signProof } from '../../../../src/server/tokens/sign-proof.js';

const data: ChallengePayload = {
  id: 'c-1',
  purpose: 'contact',
  subject: 'ann',
  contact: { type: 'phone', value: '+14155552671' },
  channel: 'sms',
  verification: `VE${'0a'.repeat(16)}`,
  firstSentAt: 1_700_000_000_000,
  expiresAt: 1_700_000_600_000,
  codeLength: 6,
};
const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

let keys: Keys;
let ring: KeyRing;
beforeAll(async () => {
  keys = await generateKeys();
  ring = await importKeys(keys);
});

describe('challenge', () => {
  test('a challenge opens on every instance', async () => {
    const token = sealChallenge(ring, data);
    expect(openChallenge(await importKeys(keys), token)).toEqual(data);
  });

  test('any challenge opens as it was sealed', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    const any = fc.record(
      {
        id: fc.string({ minLength: 1, maxLength: 40 }),
        purpose: fc.constantFrom('contact' as const, 'two-factor' as const),
        subject: fc.option(text),
        contact: fc.record({
          type: fc.constantFrom('phone' as const, 'email' as const),
          value: fc.string({ maxLength: 254 }),
        }),
        channel: fc.constantFrom('sms' as const, 'call' as const, 'whatsapp' as const, 'email' as const),
        verification: fc.string({ maxLength: 34 }),
        firstSentAt: fc.nat(),
        expiresAt: fc.nat(),
        codeLength: fc.integer({ min: 4, max: 10 }),
        locale: fc.string({ maxLength: 35 }),
        context: fc.string({ unit: 'binary', maxLength: 250 }),
        country: fc.string({ minLength: 2, maxLength: 2 }),
      },
      {
        requiredKeys: [
          'id',
          'purpose',
          'subject',
          'contact',
          'channel',
          'verification',
          'firstSentAt',
          'expiresAt',
          'codeLength',
        ],
      },
    );
    fc.assert(
      fc.property(any, (one) => {
        expect(openChallenge(ring, sealChallenge(ring, one))).toEqual(one);
      }),
      { numRuns: 300 },
    );
  });

  test('its length tells neither contact nor channel: it is one for all two-factor challenges of a subject and a context', async () => {
    await loadPhoneMetadata();
    const rules = { types: ['phone', 'email'], channels: ['sms', 'email'] } as const;
    const labels = fc.array(fc.constantFrom('bücher', '例え', 'shop', 'пример', 'a', 'x'.repeat(63)), {
      minLength: 1,
      maxLength: 6,
    });
    const names = fc.stringMatching(/^[a-z0-9+]{1,64}$/);
    const email = fc.tuple(names, labels).map(([name, parts]) => `${name}@${parts.join('.')}.example`);
    const phone = fc.integer({ min: 400_000, max: 999_999 }).map((n) => `+447400${n}`);
    const longest = `${'n'.repeat(64)}@${`${'d'.repeat(61)}.`.repeat(3)}de`;
    expect(Buffer.byteLength(longest)).toBe(253);
    const lengths = new Set<number>();
    const seen = (value: string, channel: ChallengePayload['channel']) => {
      const parsed = parseContact(value, undefined, rules);
      if ('problem' in parsed) return;
      const { contact, country } = parsed;
      const more = country === undefined ? {} : { country };
      const challenge = { ...data, purpose: 'two-factor' as const, contact, channel, ...more, context: 'cart' };
      lengths.add(sealChallenge(ring, challenge).length);
    };
    for (const value of [`${longest}`, `${'n'.repeat(64)}@${'d'.repeat(60)}.${'d'.repeat(61)}.${'d'.repeat(62)}.com`])
      seen(value, 'email');
    fc.assert(fc.property(fc.oneof(email, phone), fc.constantFrom('sms', 'call', 'whatsapp', 'email'), seen), {
      numRuns: 500,
    });
    expect([...lengths]).toHaveLength(1);
    expect([...lengths][0]).toBeLessThanOrEqual(1024);
  });

  test('the longest context fits into 4,096 characters beside a subject of 255', () => {
    for (const character of ['a', '"', '\u0001', 'é', '漢', '\n']) {
      const long = { ...data, subject: '漢'.repeat(255), context: character.repeat(512) };
      const token = sealChallenge(ring, long);
      expect(token.length).toBeLessThanOrEqual(4096);
      expect(openChallenge(ring, token)).toEqual(long);
    }
  });

  test('a challenge of 4,096 characters opens, and a longer one is a RangeError', () => {
    const short = sealChallenge(ring, { ...data, subject: '' }).length;
    const subject = (more: number) => ({ ...data, subject: 's'.repeat(((4096 - short) * 3) / 4 + more) });
    const token = sealChallenge(ring, subject(0));
    expect(token).toHaveLength(4096);
    expect(openChallenge(ring, token)).toEqual(subject(0));
    expect(() => sealChallenge(ring, subject(1))).toThrow(
      new RangeError('The challenge is longer than 4096 characters: the user id is too long.'),
    );
  });

  // One nonce used twice would give away both texts and the means to forge (NIST SP 800-38D, appendix A).
  test('no nonce is repeated', () => {
    const nonces = Array.from({ length: 1000 }, () => sealChallenge(ring, data).split('.')[2]?.slice(0, 16));
    expect(new Set(nonces).size).toBe(1000);
  });

  test('nothing in it can be read', () => {
    const one = sealChallenge(ring, data);
    const seen = one + Buffer.from(one.split('.')[2] ?? '', 'base64url').toString('latin1');
    for (const hidden of ['4155552671', '"ann"', data.verification]) expect(seen).not.toContain(hidden);
  });

  test('it does not open with any character changed', () => {
    const token = sealChallenge(ring, data);
    for (let index = 0; index < token.length; index += 1) {
      const spot = characters.indexOf(token[index] ?? '');
      // The last characters carry spare bits, so each of the 63 others is tried there.
      const others =
        index > token.length - 3 ? [...characters] : [characters[(spot + 1) % 64] ?? '', '.', '=', ' ', '\n', '+', 'ä'];
      for (const character of others.filter((one) => one !== token[index])) {
        expect(openChallenge(ring, token.slice(0, index) + character + token.slice(index + 1))).toBeNull();
      }
    }
  });

  test('it does not open when cut or extended', () => {
    const token = sealChallenge(ring, data);
    for (let end = 0; end < token.length; end += 1) expect(openChallenge(ring, token.slice(0, end))).toBeNull();
    for (const more of ['=', 'A', '.', '\n', ' ', '\0']) {
      expect(openChallenge(ring, token + more)).toBeNull();
      expect(openChallenge(ring, more + token)).toBeNull();
    }
  });

  test('any other text opens as null and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(openChallenge(ring, text)).toBeNull();
      }),
    );
    for (const odd of [null, undefined, 7, {}, [], 'A'.repeat(100_000)])
      expect(openChallenge(ring, odd as string)).toBeNull();
  });

  test.each([
    { id: '' },
    { subject: undefined },
    { contact: 'ann@example.com' },
    { channel: 'fax' },
    { firstSentAt: null },
    { codeLength: 6.5 },
    { more: 1 },
  ])('a challenge that another version sealed, with %j, does not open', (other) => {
    expect(openChallenge(ring, sealChallenge(ring, { ...data, ...other } as ChallengePayload))).toBeNull();
  });

  test('the purpose cannot be exchanged', () => {
    const token = sealChallenge(ring, data);
    expect(openChallenge(ring, token.replace('.contact.', '.two-factor.'))).toBeNull();
    const second = sealChallenge(ring, { ...data, purpose: 'two-factor' });
    expect(openChallenge(ring, second.replace('.two-factor.', '.contact.'))).toBeNull();
  });

  test('a challenge of the previous secret still opens, one of the secret before that or of another backend does not', async () => {
    const [next, third] = [await generateKeys(), await generateKeys()];
    const token = sealChallenge(ring, data);
    expect(openChallenge(await importKeys({ ...next, previousSecret: keys.secret }), token)).toEqual(data);
    expect(openChallenge(await importKeys({ ...third, previousSecret: next.secret }), token)).toBeNull();
    const rotated = await importKeys({ ...next, previousSecret: keys.secret });
    expect(openChallenge(ring, sealChallenge(rotated, data))).toBeNull();
  });

  test('a proof does not open as a challenge', async () => {
    const content = { issuer: 'us', audience: 'shop', subject: 'ann', purpose: 'contact', channel: 'sms' } as const;
    expect(openChallenge(ring, signProof(ring, { ...content, lifetime: 60, now: 0 }))).toBeNull();
  });
});
