/** The verification that lives at a destination: what is known of it, and what an order for another code makes of that. It sends nothing. */
import type { Channel, Purpose } from '../../../protocol/schemas.js';
import type { Requester } from '../requester.js';
import type { ParsedContact } from '../../contacts/parse-contact.js';
import type { LimitSubject } from '../../limits/rate-limits.js';
import type { BackendContext } from '../../setup/context.js';
import type { ActiveVerification } from '../../store/records.js';
import type { SentVerification } from '../../twilio/responses.js';

/** What is to be sent. `known` is the verification that the challenge at hand speaks of, in case the store has forgotten it. */
export interface SendRequest {
  /** `start` and `switch` are content with a code that is on its way; `resend` wants another message. */
  mode: 'start' | 'switch' | 'resend';
  purpose: Purpose;
  to: ParsedContact;
  channel: Channel;
  locale: string | undefined;
  requester: Requester;
  extra: Record<string, unknown> | undefined;
  /** The channel that the person asked for; left out, any that reaches the contact will do. */
  requestedChannel?: Channel | undefined;
  fallback?: ActiveVerification;
}

/** The verification that now lives at the destination, and the seconds until another send is admitted. */
export interface SendResult {
  active: ActiveVerification;
  resendIn: number;
  /** The destination, with what a look-up has told of it. */
  to: ParsedContact;
}

/** Twilio's limit for one verification; the sixth is refused (error 60203). */
export const MAX_SENDS_PER_VERIFICATION = 5;
/** Milliseconds. A message takes its time, and so do people: a code with no more left is replaced, not sent again. */
const MIN_REMAINING_MS = 120_000;

/** That verification as an answer to this order. */
export async function resultOfExisting(
  backend: BackendContext,
  sendRequest: SendRequest,
  active: ActiveVerification,
): Promise<SendResult> {
  const limit = await backend.limits.resendIn(limitSubject(sendRequest), backend.now());
  return { active, resendIn: resendIn(backend, active, limit), to: sendRequest.to };
}

/**
 * Seconds until another message can be had, where the limits alone would say `limit`. After Twilio's fifth send the code goes
 * out no more; but two minutes before it expires it is replaced by another, so that is when the wait ends.
 */
export function resendIn(backend: BackendContext, active: ActiveVerification, limit: number): number {
  return active.sends < MAX_SENDS_PER_VERIFICATION ? limit : Math.max(limit, secondsUntilRenewal(backend, active));
}

/** Seconds until a code has so little time left that the next send makes another one. */
export function secondsUntilRenewal(backend: BackendContext, active: ActiveVerification): number {
  return Math.max(0, Math.ceil((remainingMs(backend, active) - MIN_REMAINING_MS) / 1000));
}

/** Whether the next send makes another code instead of sending this one again. */
export const needsRenewal = (backend: BackendContext, active: ActiveVerification): boolean =>
  remainingMs(backend, active) <= MIN_REMAINING_MS;

/** When its code expires, in milliseconds since 1970: Twilio counts from the first send. */
export const expiresAt = ({ codeLifetimeMs }: BackendContext, { firstSentAt }: ActiveVerification): number =>
  firstSentAt + codeLifetimeMs;

/** Milliseconds that its code still lives. */
export const remainingMs = (backend: BackendContext, active: ActiveVerification): number =>
  expiresAt(backend, active) - backend.now();

/** The order as the limits count it. */
export function limitSubject({ purpose, to, requester }: SendRequest): LimitSubject {
  const country = to.country === undefined ? {} : { country: to.country };
  return { purpose, subject: requester.subject, address: requester.address, contact: to.contact, ...country };
}

/** What lives at the destination from now on, after `before`. Its time counts from the first send of its code, which Twilio does not prolong. */
export function nextState(
  backend: BackendContext,
  sent: SentVerification,
  channel: Channel,
  id: string,
  before: ActiveVerification | undefined,
): ActiveVerification {
  const same = before?.verification === sent.sid ? before : undefined;
  const firstSentAt = same?.firstSentAt ?? backend.now() - Math.min(sent.age, backend.codeLifetimeMs);
  return {
    verification: sent.sid,
    firstSentAt,
    channel,
    sends: Math.max(sent.sends, same ? same.sends : 0),
    sendId: id,
  };
}
