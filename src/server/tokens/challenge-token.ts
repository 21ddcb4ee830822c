/** Seals and opens the challenge token with AES-256-GCM, so that the browser can neither read nor make one. No clock, no store. */
import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { z } from 'zod';
import { Channel, Contact, Purpose } from '../../protocol/schemas.js';
import type { KeyRing } from './key-ring.js';

const Payload = z.strictObject({
  id: z.string().min(1),
  purpose: Purpose,
  subject: z.string().nullable(),
  contact: Contact,
  channel: Channel,
  verification: z.string(),
  firstSentAt: z.number(),
  expiresAt: z.number(),
  codeLength: z.int(),
  longCode: z.literal(true).optional(),
  test: z.literal(true).optional(),
  locale: z.string().optional(),
  context: z.string().optional(),
  country: z.string().optional(),
  attempt: z.string().optional(),
});

/** The content of a challenge. `verification` is Twilio's SID (VE…); times are milliseconds since 1970; `country` is the number's; `longCode`: the code came from the long-code service; `test`: the contact is a test contact; `attempt` is the SID (VL…) of the message that the challenge's own request sent, if it sent one. */
export type ChallengePayload = z.infer<typeof Payload>;

/** Characters. The schema of the requests has the same limit for `token`. */
const MAX_LENGTH = 4096;
const NONCE = 12;
const TAG = 16;
const shape = /^(([A-Za-z0-9_-]{8})\.(?:contact|two-factor))\.([A-Za-z0-9_-]{38,})$/;
type ShapeMatch = [token: string, head: string, keyId: string, sealed: string];

/** Seals a challenge with the current key. Throws a `RangeError` beyond 4,096 characters; only a subject of several hundred characters leads there. */
export function sealChallenge(keyRing: KeyRing, payload: ChallengePayload): string {
  const [current] = keyRing.sealing;
  const head = `${current.id}.${payload.purpose}`;
  const nonce = nextNonce();
  const cipher = createCipheriv('aes-256-gcm', current.key, nonce).setAAD(aad(head));
  // 'utf8' is Node's default, but other runtimes have none.
  const text = cipher.update(encode(payload), 'utf8');
  // In GCM this adds no text; it makes the tag.
  cipher.final();
  const token = `${head}.${Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url')}`;
  if (token.length > MAX_LENGTH)
    throw new RangeError('The challenge is longer than 4096 characters: the user id is too long.');
  return token;
}

/**
 * Opens a challenge that was sealed with the current, the previous or the next key. Returns null for anything else and
 * never throws. It does not look at `expiresAt`: the caller does.
 */
export function openChallenge(keyRing: KeyRing, token: string): ChallengePayload | null {
  const match = shape.exec(token) as ShapeMatch | null;
  if (!match) return null;
  const [, head, keyId, text] = match;
  const key = keyRing.sealing.find((one) => one.id === keyId)?.key;
  if (!key) return null;
  const sealed = Buffer.from(text, 'base64url');
  // Node ignores stray bits in the last character: without this check, one challenge would have several spellings.
  if (sealed.toString('base64url') !== text) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG });
  try {
    decipher.setAAD(aad(head)).setAuthTag(sealed.subarray(-TAG));
    return decode(Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]).toString());
  } catch {
    return null;
  }
}

const nonces = Buffer.alloc(NONCE * 256);
let unusedBytes = 0;

/** Returns twelve fresh random bytes. They are drawn from the system 256 nonces at a time, as `randomUUID` does, because a call costs more than the bytes. */
function nextNonce(): Buffer {
  if (unusedBytes === 0) unusedBytes = randomFillSync(nonces).length;
  unusedBytes -= NONCE;
  return nonces.subarray(unusedBytes, unusedBytes + NONCE);
}

const aad = (head: string): Buffer => Buffer.from(`verify-contact 1 challenge ${head}`);

/** What the length of a challenge must not tell: its destination, which two-factor hides, and whether its request sent a message. */
type Hidden = Pick<ChallengePayload, 'contact' | 'channel' | 'country' | 'attempt'>;

const hiddenBytes = ({ contact, channel, country, attempt }: Hidden): number =>
  Buffer.byteLength(JSON.stringify({ contact, channel, country, attempt }));

/** The longest address has 254 bytes (RFC 5321 section 4.5.3.1.3). */
const MAX_HIDDEN_BYTES = hiddenBytes({
  contact: { type: 'email', value: 'x'.repeat(254) },
  channel: 'whatsapp',
  country: 'XX',
  attempt: `VL${'x'.repeat(32)}`,
});

/**
 * Pads the JSON with blanks, so that its length depends on nothing that is hidden. Puts the context after it, unescaped:
 * JSON's escapes may turn its 512 characters into 3,072.
 */
function encode(payload: ChallengePayload): string {
  const { context, ...rest } = payload;
  const padding = ' '.repeat(Math.max(0, MAX_HIDDEN_BYTES - hiddenBytes(payload)));
  const padded = JSON.stringify(rest) + padding;
  return context === undefined ? padded : `${padded}\n${context}`;
}

/** Throws for anything that `encode` did not write. */
function decode(text: string): ChallengePayload {
  const end = text.indexOf('\n');
  if (end === -1) return Payload.parse(JSON.parse(text));
  return { ...Payload.parse(JSON.parse(text.slice(0, end))), context: text.slice(end + 1) };
}
