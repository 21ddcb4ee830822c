/** Parses Twilio's responses and encodes its forms. Pure. */
import { stringify } from 'node:querystring';
import type { HttpResult } from './transport.js';
import { TwilioError } from './errors.js';

/** A verification at Twilio. `age` is the milliseconds since the first send, by Twilio's clock. */
export interface SentVerification {
  sid: string;
  sends: number;
  age: number;
}

/** A verification as the SDK returns it. Any field may be missing at runtime. */
interface VerificationResource {
  sid: string;
  serviceSid: string;
  to: string;
  dateUpdated: Date;
  sendCodeAttempts: unknown;
}

/** Parses a verification, and checks that it is the requested one. */
export function parseVerification(resource: VerificationResource, service: string, to: string): SentVerification {
  const ours = /^VE[0-9a-f]{32}$/i.test(resource.sid) && resource.serviceSid === service && resource.to === to;
  if (!ours) throw new TwilioError('mismatched', 'a verification of another service or destination');
  const attempts = Array.isArray(resource.sendCodeAttempts) ? (resource.sendCodeAttempts as { time?: unknown }[]) : [];
  const first = Math.min(...attempts.map((one) => Date.parse(String(one.time))));
  // `date_updated` is the time of this response. So both times are from Twilio's clock.
  const age = resource.dateUpdated.getTime() - first;
  return { sid: resource.sid, sends: Math.max(1, attempts.length), age: Number.isFinite(age) ? Math.max(0, age) : 0 };
}

/** Encodes the parameters of a call. A list repeats its name. This costs a third of what `URLSearchParams` costs. */
export const encodeForm = (data: Record<string, unknown>): string =>
  stringify(data as Record<string, string | string[]>);

/** Makes our own error, since the SDK's exception drops `Retry-After` and has a message that quotes the number. */
export function toTwilioError({ status, retryAfter, rateLimit, body }: HttpResult): TwilioError {
  const error = parseError(body);
  const code = Number.isInteger(error?.code) ? (error?.code as number) : undefined;
  const [, parameter] = /^Invalid parameter:? `?([A-Za-z]{1,40})\b/.exec(String(error?.message)) ?? [];
  const seconds = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  // The owner chose the name, but it goes into a log, so check it.
  const limit = rateLimit !== null && /^[\w.-]{1,64}$/.test(rateLimit) ? rateLimit : undefined;
  const kind = status >= 400 && status < 500 ? 'rejected' : 'indeterminate';
  return new TwilioError(kind, `HTTP ${status}`, { status, code, retryAfter: seconds, parameter, limit });
}

function parseError(body: string): { code?: unknown; message?: unknown } | null {
  try {
    return JSON.parse(body) as { code?: unknown; message?: unknown } | null;
  } catch {
    // A proxy's page. The status says enough.
    return null;
  }
}
