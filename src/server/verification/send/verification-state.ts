/** A request to send a code, and the state of the verification that is active at its destination. Sends nothing. */
import { ProblemError } from '../../../protocol/problem-error.js';
import type { Channel, Purpose } from '../../../protocol/schemas.js';
import type { ParsedContact } from '../../contacts/parse-contact.js';
import type { LimitSubject } from '../../limits/rate-limits.js';
import type { BackendContext } from '../../setup/context.js';
import type { ActiveVerification } from '../../store/records.js';
import type { SentVerification } from '../../twilio/responses.js';
import type { Requester } from '../requester.js';

/** What to send, where, and for whom. */
export interface SendRequest {
  /** `start` and `switch` accept a code that was sent already; `resend` wants another message. */
  mode: 'start' | 'switch' | 'resend';
  /** Purpose, contact and user, as the limits count them. */
  limitSubject: LimitSubject;
  /** The same contact, with what is known of its line. */
  to: ParsedContact;
  channel: Channel;
  /** The channel that the person chose; undefined if any channel that reaches the contact will do. */
  requestedChannel: Channel | undefined;
  /** The language of the person, as the page gave it. */
  locale: string | undefined;
  requester: Requester;
  extra: Record<string, unknown> | undefined;
  /** The verification that the challenge names, used if the store has no record of it. */
  fallback?: ActiveVerification;
}

/** The verification that is active at the destination after the request. */
export interface SendResult {
  active: ActiveVerification;
  /** Seconds until another send is allowed. */
  resendIn: number;
  /** What the person is told of it. */
  shown: { channel: Channel; sends: number; expiresIn: number; resendIn: number };
  /** Whether the code came from the long-code service. */
  longCode: boolean;
  /** The SID of the message, if this very request sent it and Twilio named it. */
  attempt?: string;
  /** The destination, with what a look-up found out about its line. */
  to: ParsedContact;
}

/** What the figures of a result are made from. */
export type SendFigures = CodeClock & Pick<BackendContext, 'limits' | 'keyRing'>;

/** The clock, and the lifetime of a code in milliseconds. */
export type CodeClock = Pick<BackendContext, 'now' | 'codeLifetimeMs'>;

/** Twilio's limit for one verification; it rejects the sixth send (error 60203). */
export const MAX_SENDS_PER_VERIFICATION = 5;
/** Delivery and typing take time: a code with less time left than this is renewed, not sent again. */
const MIN_REMAINING_MS = 120_000;

/** What the limits count a request as. */
export function limitSubject(
  { testContacts }: Pick<BackendContext, 'testContacts'>,
  purpose: Purpose,
  { subject, address }: Requester,
  { contact, country }: ParsedContact,
): LimitSubject {
  return { purpose, subject, address, contact, country, ...(testContacts.find(contact) ? { test: true } : {}) };
}

/** The refusal of a send whose code could not be checked in time. */
export class UncheckableError extends ProblemError {
  constructor(retryIn: number) {
    super('too-many-attempts', { retryIn });
  }
}

/**
 * The result of a request that sends nothing, because this verification is active. Null if that would not do: its code cannot
 * be checked before it expires, or a stranger has used up the sends that the limits grant them.
 */
export async function resultOfExisting(
  context: SendFigures,
  sendRequest: SendRequest,
  active: ActiveVerification,
): Promise<SendResult | null> {
  const waits = await context.limits.peek(sendRequest.limitSubject, context.now(), active.verification);
  if (waits.checkIn * 1000 >= remainingMs(context, active)) return null;
  // A number that nobody is verifying would be refused to them, too.
  const usedUp = waits.resendRefusedBy.some((limit) => limit !== 'destination');
  if (usedUp && isForeign(context, sendRequest, active)) return null;
  return describeResult(context, sendRequest, active, waits.resendIn);
}

/**
 * What the person is told. Whoever starts at a destination where somebody else has started is told what they would be told if
 * nobody had: not since when, how often and by which channel. The challenge holds what is true.
 */
export function describeResult(
  context: SendFigures,
  sendRequest: SendRequest,
  active: ActiveVerification,
  limit: number,
): SendResult {
  const { to, channel, limitSubject } = sendRequest;
  const wait = resendIn(context, active, limit);
  const expiresIn = Math.max(0, Math.floor(remainingMs(context, active) / 1000));
  const fresh = { expiresIn: Math.floor(context.codeLifetimeMs / 1000), resendIn: context.limits.firstResendIn };
  const shown = isForeign(context, sendRequest, active)
    ? { channel, sends: 1, ...fresh }
    : { channel: active.channel, sends: active.sends, expiresIn, resendIn: wait };
  return { active, resendIn: wait, shown, to, longCode: limitSubject.longCode === true };
}

const isForeign = (
  context: SendFigures,
  { mode, limitSubject }: SendRequest,
  { starter }: ActiveVerification,
): boolean => mode !== 'resend' && starter !== starterOf(context, limitSubject);

/** An HMAC of who starts a verification: the user, or the address of a visitor who is not signed in. */
export const starterOf = (
  { keyRing }: Pick<BackendContext, 'keyRing'>,
  { subject, address }: Pick<LimitSubject, 'subject' | 'address'>,
): string => keyRing.hmac(JSON.stringify(['starter', subject, subject === null ? address : null]));

/**
 * Seconds until another message can be sent, given the wait that the limits demand. Twilio sends one code at most five
 * times; then the wait lasts until the code can be renewed.
 */
function resendIn(clock: CodeClock, active: ActiveVerification, limit: number): number {
  return active.sends < MAX_SENDS_PER_VERIFICATION ? limit : Math.max(limit, secondsUntilRenewal(clock, active));
}

/** Seconds until the next send makes a new code. */
export function secondsUntilRenewal(clock: CodeClock, active: ActiveVerification): number {
  return Math.max(0, Math.ceil((remainingMs(clock, active) - MIN_REMAINING_MS) / 1000));
}

/** Whether the next send makes a new code instead of sending this one again. */
export const needsRenewal = (clock: CodeClock, active: ActiveVerification): boolean =>
  remainingMs(clock, active) <= MIN_REMAINING_MS;

/** When the code expires, in milliseconds since 1970. Twilio counts from the first send. */
export const expiresAt = ({ codeLifetimeMs }: Pick<CodeClock, 'codeLifetimeMs'>, active: ActiveVerification): number =>
  active.firstSentAt + codeLifetimeMs;

/** Milliseconds until the code expires. */
export const remainingMs = (clock: CodeClock, active: ActiveVerification): number =>
  expiresAt(clock, active) - clock.now();

/** The state after a send. A repeated send does not prolong the code, so its first send stays the start of its lifetime. */
export function nextState(
  { now, codeLifetimeMs }: CodeClock,
  sent: SentVerification,
  channel: Channel,
  { id: sendId, starter }: { id: string; starter: string },
  previous: ActiveVerification | undefined,
): ActiveVerification {
  const same = previous?.verification === sent.sid ? previous : undefined;
  return {
    verification: sent.sid,
    firstSentAt: same?.firstSentAt ?? now() - Math.min(sent.age, codeLifetimeMs),
    channel,
    sends: Math.max(sent.sends, same?.sends ?? 0),
    sendId,
    starter: same?.starter ?? starter,
  };
}
