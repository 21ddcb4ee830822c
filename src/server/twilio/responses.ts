/** Twilio's bodies, read and written: a verification, an error, a form. Pure. */
import { stringify } from 'node:querystring';
import type { HttpResult } from './transport.js';
import { TwilioError } from './errors.js';

/** A verification as Twilio knows it. `age` in milliseconds counts from the first send, by Twilio's own clock. */
export interface SentVerification {
  sid: string;
  sends: number;
  age: number;
}

/** What the SDK makes of a verification; nothing in it is sure to be there. */
interface VerificationResource {
  sid: string;
  serviceSid: string;
  to: string;
  dateUpdated: Date;
  sendCodeAttempts: unknown;
}

/** Reads a verification, and makes sure that it is the one that was asked for. */
export function parseVerification(answer: VerificationResource, service: string, to: string): SentVerification {
  const ours = /^VE[0-9a-f]{32}$/i.test(answer.sid) && answer.serviceSid === service && answer.to === to;
  if (!ours) throw new TwilioError('mismatched', 'a verification of another service or destination');
  const attempts = Array.isArray(answer.sendCodeAttempts) ? (answer.sendCodeAttempts as { time?: unknown }[]) : [];
  const first = Math.min(...attempts.map((one) => Date.parse(String(one.time))));
  // `date_updated` is the time of this very answer, so that the difference needs no clock of ours.
  const age = answer.dateUpdated.getTime() - first;
  return { sid: answer.sid, sends: Math.max(1, attempts.length), age: Number.isFinite(age) ? Math.max(0, age) : 0 };
}

/** Parameters as Twilio takes them: texts, or a list of texts, which repeats its name. At a third of what `URLSearchParams` costs. */
export const encodeForm = (data: Record<string, unknown>): string =>
  stringify(data as Record<string, string | string[]>);

/** Reads an error ourselves, since the SDK's exception loses `Retry-After` and keeps a message that quotes the number. */
export function toTwilioError({ status, retryAfter, rateLimit, body }: HttpResult): TwilioError {
  const error = parsed(body);
  const code = Number.isInteger(error?.code) ? (error?.code as number) : undefined;
  const [, parameter] = /^Invalid parameter:? `?([A-Za-z]{1,40})\b/.exec(String(error?.message)) ?? [];
  const seconds = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  // A name that the owner gave, but on its way into a log.
  const limit = rateLimit !== null && /^[\w.-]{1,64}$/.test(rateLimit) ? rateLimit : undefined;
  const kind = status >= 400 && status < 500 ? 'rejected' : 'indeterminate';
  return new TwilioError(kind, `HTTP ${status}`, { status, code, retryAfter: seconds, parameter, limit });
}

function parsed(body: string): { code?: unknown; message?: unknown } | null {
  try {
    return JSON.parse(body) as { code?: unknown; message?: unknown } | null;
  } catch {
    // A proxy's page; the status says enough.
    return null;
  }
}
