/** The challenge token: sealed by AES-256-GCM, so that the browser can neither read nor make one. Pure but for its random nonce: no clock, no store. */
import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { z } from 'zod';
import { Channel, Contact, Purpose } from '../../protocol/schemas.js';
import type { KeyRing } from './key-ring.js';

const Data = z.strictObject({
  id: z.string().min(1),
  purpose: Purpose,
  subject: z.string().nullable(),
  contact: Contact,
  channel: Channel,
  verification: z.string(),
  firstSentAt: z.number(),
  expiresAt: z.number(),
  codeLength: z.int(),
  locale: z.string().optional(),
  context: z.string().optional(),
  country: z.string().optional(),
});

/** What a challenge holds. `verification` is Twilio's SID (VE…); times are milliseconds since 1970; `country` is that of the number. */
export type ChallengePayload = z.infer<typeof Data>;

/** What the wire admits; `token` in the request schema says the same. */
const MAX_LENGTH = 4096;
const NONCE = 12;
const TAG = 16;
const shape = /^(([A-Za-z0-9_-]{8})\.(?:contact|two-factor))\.([A-Za-z0-9_-]{38,})$/;
type Shape = [whole: string, head: string, id: string, text: string];

/** Seals a challenge by the current key. Throws a `RangeError` if it gets longer than 4,096 characters, which only a subject of several hundred does. */
export function sealChallenge(keyRing: KeyRing, data: ChallengePayload): string {
  const [current] = keyRing.sealing;
  const head = `${current.id}.${data.purpose}`;
  const nonce = nextNonce();
  const cipher = createCipheriv('aes-256-gcm', current.key, nonce).setAAD(aad(head));
  // In this mode the last step adds nothing to the text but makes the tag.
  // The encoding is Node's default, and other runtimes have none.
  const text = cipher.update(encode(data), 'utf8');
  cipher.final();
  const token = `${head}.${Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url')}`;
  if (token.length > MAX_LENGTH)
    throw new RangeError('The challenge is longer than 4096 characters: its subject is too long.');
  return token;
}

/**
 * Opens a challenge that this backend sealed, by the current key or its predecessor; null for anything else, whatever
 * is wrong with it, and it never throws. Whether it has expired is the caller's question.
 */
export function openChallenge(keyRing: KeyRing, token: string): ChallengePayload | null {
  const found = shape.exec(token) as Shape | null;
  if (!found) return null;
  const [, head, id, text] = found;
  const key = keyRing.sealing.find((one) => one.id === id)?.key;
  if (!key) return null;
  const sealed = Buffer.from(text, 'base64url');
  // Node ignores stray bits in the last character: without this, one challenge would have several spellings.
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
let unused = 0;

/** Twelve random bytes, never the same ones again; drawn from the system many at a time, as `randomUUID` does. */
function nextNonce(): Buffer {
  if (unused === 0) unused = randomFillSync(nonces).length;
  unused -= NONCE;
  return nonces.subarray(unused, unused + NONCE);
}

const aad = (head: string): Buffer => Buffer.from(`verify-contact 1 challenge ${head}`);

/** The context stands behind the JSON as it is: with JSON's escapes 512 characters may become 3,072. */
function encode(data: ChallengePayload): string {
  const { context } = data;
  return context === undefined
    ? JSON.stringify(data)
    : `${JSON.stringify({ ...data, context: undefined })}\n${context}`;
}

/** Throws at anything that `write` did not write. */
function decode(text: string): ChallengePayload {
  const end = text.indexOf('\n');
  if (end === -1) return Data.parse(JSON.parse(text));
  return { ...Data.parse(JSON.parse(text.slice(0, end))), context: text.slice(end + 1) };
}
