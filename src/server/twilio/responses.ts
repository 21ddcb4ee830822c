/** Parses Twilio's responses and encodes its forms. Pure. */
import { stringify } from 'node:querystring';
import { z } from 'zod';
import type { DeliveryResult } from '../../protocol/schemas.js';
import type { HttpResult } from './transport.js';
import { TwilioError } from './errors.js';

/** A verification at Twilio. `age` is the milliseconds since the first send, by Twilio's clock. */
export interface SentVerification {
  sid: string;
  sends: number;
  age: number;
  /** The SID (VL…) of the latest message, if Twilio names it. */
  attempt?: string;
}

/** What a response must be about: our account, and what the call named. The names are the SDK's. */
interface ExpectedResource {
  accountSid: string;
  verificationSid?: string;
  serviceSid?: string;
  sid?: string;
  to?: string;
}

// The resources as the SDK returns them. Only the fields that are read; Twilio may add others.
const text = z.string();
const verification = z.object({
  sid: text.regex(/^VE[0-9a-f]{32}$/i),
  accountSid: text,
  serviceSid: text,
  to: text,
  status: text,
  dateUpdated: z.date(),
  sendCodeAttempts: z.array(z.object({ time: text, attempt_sid: z.unknown().optional() })),
});
const check = z.object({
  sid: text,
  accountSid: text,
  serviceSid: text,
  to: text,
  status: text,
  valid: z.boolean().optional(),
});
const attempt = z.object({ accountSid: text, serviceSid: text, verificationSid: text, conversionStatus: text });
// Twilio's reference names the statuses of a call, but not the field that has them.
const sentAttempt = z.object({
  sid: text,
  accountSid: text,
  serviceSid: text,
  verificationSid: text,
  channelData: z.object({ message_status: text.nullish(), call_status: text.nullish() }),
});
const lineTypeLookup = z.object({
  phoneNumber: text,
  valid: z.boolean(),
  lineTypeIntelligence: z.object({ type: text.nullable() }).nullable(),
});
// The SDK leaves nested objects as Twilio spells them.
const whatsapp = z.object({ from: text.nullish(), msg_service_sid: text.nullish() });
const service = z.object({
  sid: text,
  accountSid: text,
  friendlyName: text,
  codeLength: z.int(),
  psd2Enabled: z.boolean(),
  customCodeEnabled: z.boolean(),
  whatsapp: whatsapp.nullish(),
});

/** The statuses of a verification whose code no longer works (https://www.twilio.com/docs/verify/api/verification). */
const endedStatuses = ['approved', 'canceled', 'max_attempts_reached', 'deleted', 'failed', 'expired'];

/**
 * Reads a verification. Null if its code no longer works. Like all that follow, it throws a `TwilioError` of the kind
 * `mismatched` if the response is about another resource, and a `ZodError` if a field has another type than Twilio says.
 */
export function parseVerification(response: unknown, expected: ExpectedResource): SentVerification | null {
  const { sid, status, dateUpdated, sendCodeAttempts, ...found } = verification.parse(response);
  assertExpected({ sid, ...found }, expected);
  if (endedStatuses.includes(status)) return null;
  if (status !== 'pending') throw new TwilioError('mismatched', 'a status that no verification has');
  // `date_updated` is the time of this response. So both times are from Twilio's clock.
  const age = dateUpdated.getTime() - Math.min(...sendCodeAttempts.map(({ time }) => Date.parse(time)));
  const latest = latestAttempt(sendCodeAttempts);
  return {
    sid,
    sends: Math.max(1, sendCodeAttempts.length),
    age: Number.isFinite(age) ? Math.max(0, age) : 0,
    ...(latest === undefined ? {} : { attempt: latest }),
  };
}

/** The SID of the last message in time; of two in one second, the one that is listed later. */
function latestAttempt(attempts: readonly { time: string; attempt_sid?: unknown }[]): string | undefined {
  const latest = attempts.reduce<(typeof attempts)[number] | undefined>(
    (found, one) => (found && Date.parse(one.time) < Date.parse(found.time) ? found : one),
    undefined,
  )?.attempt_sid;
  return typeof latest === 'string' && /^VL[0-9a-f]{32}$/i.test(latest) ? latest : undefined;
}

type Delivery = DeliveryResult['delivery'];

/** The statuses of a message and of a call (https://www.twilio.com/docs/verify/api/list-verification-attempts). */
const deliveries: Record<Exclude<Delivery, 'unknown'>, readonly string[]> = {
  'under-way': ['queued', 'accepted', 'scheduled', 'sending', 'sent', 'ringing', 'in-progress'],
  delivered: ['delivered', 'read', 'received', 'completed'],
  undelivered: ['undelivered', 'failed', 'canceled', 'busy', 'no-answer'],
};

/** Reads what became of one message. A status that no message has is `unknown`. */
export function parseDelivery(response: unknown, expected: Required<Omit<ExpectedResource, 'to'>>): Delivery {
  const { channelData, ...found } = sentAttempt.parse(response);
  assertExpected(found, expected);
  const status = channelData.message_status ?? channelData.call_status ?? '';
  const known = Object.entries(deliveries).find(([, statuses]) => statuses.includes(status.toLowerCase()));
  return known ? (known[0] as Delivery) : 'unknown';
}

/** Reads the status of a check: `pending` after a wrong code. An approval that is not valid is none, and so is an unknown status. */
export function parseCheck(response: unknown, expected: ExpectedResource): string {
  const { status, valid, ...found } = check.parse(response);
  assertExpected(found, expected);
  if (status === 'approved' && valid === false) throw new TwilioError('mismatched', 'an approval that is not valid');
  if (status !== 'pending' && !endedStatuses.includes(status))
    throw new TwilioError('mismatched', 'a status that no check has');
  return status;
}

/** Reads a list of attempts: whether one of that verification was converted. The others count for nothing. */
export function parseConversion(
  response: unknown,
  { accountSid, serviceSid, sid }: Required<Pick<ExpectedResource, 'accountSid' | 'serviceSid' | 'sid'>>,
): boolean {
  return z
    .array(attempt)
    .parse(response)
    .filter((one) => one.accountSid === accountSid && one.serviceSid === serviceSid && one.verificationSid === sid)
    .some(({ conversionStatus }) => conversionStatus.toLowerCase() === 'converted');
}

/** Reads the line type of a number: `unknown` if Lookup has none, `invalid` if the number does not exist. */
export function parseLineType(response: unknown, to: string): string {
  const { phoneNumber, valid, lineTypeIntelligence } = lineTypeLookup.parse(response);
  if (phoneNumber !== to) throw new TwilioError('mismatched', 'a look-up of another number');
  return valid ? (lineTypeIntelligence?.type ?? 'unknown') : 'invalid';
}

/** What Twilio's API says of a Verify service. It says nothing of its channels, its mailer and its geo permissions. */
export interface ServiceSettings {
  friendlyName: string;
  codeLength: number;
  psd2: boolean;
  customCodes: boolean;
  /** Whether a WhatsApp sender is set. */
  whatsapp: boolean;
}

/** Reads how a service is set up. */
export function parseService(response: unknown, expected: ExpectedResource): ServiceSettings {
  const {
    friendlyName,
    codeLength,
    psd2Enabled,
    customCodeEnabled,
    whatsapp: sender,
    ...found
  } = service.parse(response);
  assertExpected(found, expected);
  return {
    friendlyName,
    codeLength,
    psd2: psd2Enabled,
    customCodes: customCodeEnabled,
    whatsapp: Boolean(sender?.from) || Boolean(sender?.msg_service_sid),
  };
}

function assertExpected(found: Partial<ExpectedResource>, expected: ExpectedResource): void {
  for (const [name, value] of Object.entries(expected)) {
    if (found[name as keyof ExpectedResource] !== value)
      throw new TwilioError('mismatched', `a response with another ${name}`);
  }
}

/** Encodes the parameters of a call. A list repeats its name. This costs a third of what `URLSearchParams` costs. */
export const encodeForm = (data: Record<string, unknown>): string =>
  stringify(data as Record<string, string | string[]>);

/** Makes our own error, since the SDK's exception drops `Retry-After` and has a message that quotes the number. */
export function toTwilioError({ status, retryAfter, rateLimit, body }: HttpResult, now: number): TwilioError {
  const error = parseError(body);
  const code = Number.isInteger(error?.code) ? (error?.code as number) : undefined;
  const [, parameter] = /^Invalid parameter:? `?([A-Za-z]{1,40})\b/.exec(String(error?.message)) ?? [];
  // The owner chose the name, but it goes into a log, so check it.
  const limit = rateLimit !== null && /^[\w.-]{1,64}$/.test(rateLimit) ? rateLimit : undefined;
  const kind = status >= 400 && status < 500 ? 'rejected' : 'indeterminate';
  return new TwilioError(kind, `HTTP ${status}`, {
    status,
    code,
    retryAfter: parseRetryAfter(retryAfter, now),
    parameter,
    limit,
  });
}

/** In seconds. Nobody is told to wait longer, whatever Twilio or a proxy says. */
const LONGEST_WAIT = 86_400;
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** The seconds to wait, from 1 to a day: a number, or a date compared with `now` (RFC 9110, section 10.2.3). Undefined if it is neither. */
function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  let seconds = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
  if (httpDate.test(value)) seconds = Math.ceil((Date.parse(value) - now) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(1, seconds), LONGEST_WAIT);
}

function parseError(body: string): { code?: unknown; message?: unknown } | null {
  try {
    return JSON.parse(body) as { code?: unknown; message?: unknown } | null;
  } catch {
    // A proxy's page. The status says enough.
    return null;
  }
}
