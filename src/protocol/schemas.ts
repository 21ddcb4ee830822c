/** The schemas of requests and responses. The server validates with them; the browser imports only their types. */
import { z } from 'zod';
import { problems, type ProblemCode } from './problems.js';

/** How a code is delivered, with Twilio Verify's names (https://www.twilio.com/docs/verify/api/verification). */
export const Channel = z.enum(['sms', 'call', 'whatsapp', 'email']);
export type Channel = z.infer<typeof Channel>;

/** What a challenge is for. Each purpose has its own Verify service, limits and keys. */
export const Purpose = z.enum(['contact', 'two-factor']);
export type Purpose = z.infer<typeof Purpose>;

/** A contact in normal form: a number in E.164, or an e-mail address with its domain in ASCII. */
export const Contact = z.strictObject({ type: z.enum(['phone', 'email']), value: z.string().max(254) });
export type Contact = z.infer<typeof Contact>;
export type ContactType = Contact['type'];

const token = z.string().min(1).max(4096);
const locale = z.string().max(35);
// No control characters: JSON escapes each with six characters, which would make the proof longer than its limit.
const context = z
  .string()
  .max(512)
  .regex(/^\P{Cc}*$/u);

/** `POST /contact`. `to` is the text as typed. `country` (ISO 3166-1 alpha-2) is for numbers without an international prefix. */
export const ContactRequest = z.strictObject({
  to: z.string().min(1).max(254),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  channel: Channel.optional(),
  locale: locale.optional(),
  context: context.optional(),
  extra: z.record(z.string(), z.unknown()).optional(),
});
export type ContactRequest = z.infer<typeof ContactRequest>;

/** `POST /two-factor`. It has no destination, and unknown fields are refused. */
export const TwoFactorRequest = z.strictObject({
  channel: Channel.optional(),
  locale: locale.optional(),
  context: context.optional(),
  extra: z.record(z.string(), z.unknown()).optional(),
});
export type TwoFactorRequest = z.infer<typeof TwoFactorRequest>;

/** `POST /resend`. The response has a new challenge. */
export const ResendRequest = z.strictObject({
  challenge: token,
  channel: Channel.optional(),
  extra: z.record(z.string(), z.unknown()).optional(),
});
export type ResendRequest = z.infer<typeof ResendRequest>;

/** `POST /delivery`. It sends nothing. */
export const DeliveryRequest = z.strictObject({ challenge: token });
export type DeliveryRequest = z.infer<typeof DeliveryRequest>;

/** `POST /check`, sent with the header `Idempotency-Key`. */
export const CheckRequest = z.strictObject({ challenge: token, code: z.string().min(1).max(32) });
export type CheckRequest = z.infer<typeof CheckRequest>;

/** The header `Idempotency-Key` of a check (draft-ietf-httpapi-idempotency-key-header). */
export const IdempotencyKey = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/);

/** One way to have the code sent. `to` is masked for two-factor. */
export const DeliveryMethod = z.strictObject({ channel: Channel, to: z.string() });
export type DeliveryMethod = z.infer<typeof DeliveryMethod>;

/**
 * A code was sent. `expiresIn` and `resendIn` are whole seconds from now, not times, since a phone's clock may be wrong.
 * `expiresIn` counts from the first send of this code.
 */
export const Challenge = z.strictObject({
  challenge: token,
  purpose: Purpose,
  to: z.string(),
  channel: Channel,
  methods: z.array(DeliveryMethod),
  codeLength: z.int().min(4).max(10),
  expiresIn: z.int().min(0),
  resendIn: z.int().min(0),
});
export type Challenge = z.infer<typeof Challenge>;

/** The response of `POST /two-factor` if this user needs no second factor. */
export const NotRequired = z.strictObject({ required: z.literal(false) });
export type NotRequired = z.infer<typeof NotRequired>;

/**
 * Whether the message of this challenge has arrived. `unknown` also if another request sent it: only who caused a message is
 * told what became of it.
 */
export const DeliveryResult = z.strictObject({
  delivery: z.enum(['under-way', 'delivered', 'undelivered', 'unknown']),
});
export type DeliveryResult = z.infer<typeof DeliveryResult>;

/** The code was right. `proof` is a JWT for the page's own server, and expires in `expiresIn` seconds. Only purpose `contact` has `contact`. */
export const CheckResult = z.strictObject({
  proof: token,
  expiresIn: z.int().min(0),
  purpose: Purpose,
  contact: Contact.optional(),
});
export type CheckResult = z.infer<typeof CheckResult>;

/**
 * `POST /proof`: whether a proof of a contact still holds for this requester and this context. The answer issues nothing and
 * lengthens nothing.
 */
export const ProofRequest = z.strictObject({ proof: token, context: context.optional() });
export type ProofRequest = z.infer<typeof ProofRequest>;

/**
 * The proof holds: the same proof, the seconds that are left of it, and its contact. `to` is the contact as people read it,
 * `country` (ISO 3166-1 alpha-2) that of a phone number.
 */
export const ProofResult = z.strictObject({
  proof: token,
  expiresIn: z.int().min(0),
  purpose: z.literal('contact'),
  contact: Contact,
  to: z.string(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
});
export type ProofResult = z.infer<typeof ProofResult>;

/** `GET /health`: 200 when ready, 503 when not. `testContacts` is there while the backend accepts fixed codes for test contacts. */
export const Health = z.strictObject({
  live: z.literal(true),
  ready: z.boolean(),
  testContacts: z.literal(true).optional(),
});
export type Health = z.infer<typeof Health>;

/** RFC 9457 problem details. `retryIn` is in seconds and equals the header `Retry-After`. */
export const Problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
  attemptsLeft: z.int().min(0).optional(),
  retryIn: z.int().min(0).optional(),
});
export type Problem = z.infer<typeof Problem>;
