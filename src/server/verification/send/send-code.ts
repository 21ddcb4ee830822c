/** Sends a code to a contact: one request at a time for each destination, counted, and followed up if Twilio gives no answer. */
import { ProblemError } from '../../../protocol/problem-error.js';
import type { Channel } from '../../../protocol/schemas.js';
import { maskContact } from '../../contacts/format-contact.js';
import type { LimitExceeded, SendReservation } from '../../limits/rate-limits.js';
import type { BackendContext } from '../../setup/context.js';
import type { ActiveVerification, UnconfirmedSend } from '../../store/records.js';
import { twilioLocale } from '../../twilio/locale.js';
import type { SentVerification } from '../../twilio/responses.js';
import { pollUntil } from '../poll-until.js';
import { problemFromTwilio } from '../twilio-problem.js';
import { verifyServiceOf } from '../verify-service.js';
import { runBeforeSendHook } from './before-send-hook.js';
import { asCall, withLookedUpLineType } from './line-type.js';
import { failSend, handleSendFailure } from './send-failure.js';
import { acquireSendLock, peekSendLock, releaseSendLock, type LockedByOther, type SendLock } from './send-lock.js';
import {
  describeResult,
  MAX_SENDS_PER_VERIFICATION,
  needsRenewal,
  nextState,
  remainingMs,
  resultOfExisting,
  secondsUntilRenewal,
  starterOf,
  UncheckableError,
  type CodeClock,
  type SendFigures,
  type SendRequest,
  type SendResult,
} from './verification-state.js';

/** What sending takes of the backend's context. */
type SendContext = CodeClock &
  Pick<
    BackendContext,
    | 'options'
    | 'channels'
    | 'records'
    | 'limits'
    | 'verifyClient'
    | 'sendParameters'
    | 'callDeadlineMs'
    | 'emit'
    | 'wait'
    | 'keyRing'
    | 'longCodes'
    | 'testContacts'
  >;
type EventSink = Pick<BackendContext, 'emit'>;

/** Sends a code, or finds the one that was sent. Simultaneous requests for one contact cause one call to Twilio. */
export async function sendCode(context: SendContext, sendRequest: SendRequest): Promise<SendResult> {
  try {
    return await sendOnce(context, sendRequest);
  } catch (error) {
    const longer = longCodeRequest(context, sendRequest, error);
    if (!longer) throw error;
    return await sendOnce(context, longer);
  }
}

/**
 * The same request for a code of eight digits, if no code of six could be checked: strangers have used up the wrong codes of the
 * destination. Guessing such a code is hopeless, and the person who has the phone is not barred. Who is at their own limit is
 * refused again, with their own wait.
 */
function longCodeRequest(
  { longCodes }: Pick<BackendContext, 'longCodes'>,
  { fallback: _, ...sendRequest }: SendRequest,
  error: unknown,
): SendRequest | null {
  const { limitSubject } = sendRequest;
  if (!longCodes || limitSubject.purpose !== 'contact' || limitSubject.longCode || limitSubject.test) return null;
  if (!(error instanceof UncheckableError)) return null;
  return { ...sendRequest, mode: 'start', limitSubject: { ...limitSubject, longCode: true } };
}

async function sendOnce(context: SendContext, sendRequest: SendRequest): Promise<SendResult> {
  // The lock comes before any other read: its record also says what is known of the destination.
  const lock = await acquireSendLock(context, sendRequest.limitSubject);
  return 'entry' in lock
    ? await sendWithLock(context, sendRequest, lock)
    : await awaitHolder(context, sendRequest, lock);
}

/** Waits while another request sends to the destination, and takes over its result. If it left no result, sends. */
async function awaitHolder(context: SendContext, sendRequest: SendRequest, first: LockedByOther): Promise<SendResult> {
  const { records, now } = context;
  const { limitSubject } = sendRequest;
  let { holderId } = first;
  const reuseKnown = async ({ known }: LockedByOther) => {
    const active = await unlessConsumed(context, known.active);
    return active ? await reuseActive(context, sendRequest, active) : null;
  };
  const existing = await reuseKnown(first);
  if (existing) return existing;
  return await pollUntil(context, async () => {
    const latest = await peekSendLock(context, limitSubject);
    if (latest.holderId === holderId) return null;
    const failed = (await records.failedSend(holderId).get(now()))?.value;
    if (failed) throw new ProblemError(failed.problem, { retryIn: failed.retryIn });
    const { active } = latest.known;
    const sent = active?.sendId === holderId ? await unlessConsumed(context, active) : undefined;
    const result = sent && (await resultOfExisting(context, sendRequest, sent));
    if (result) return result;
    const lock = await acquireSendLock(context, limitSubject);
    if ('entry' in lock) return await sendWithLock(context, sendRequest, lock);
    ({ holderId } = lock);
    return await reuseKnown(lock);
  });
}

/** Finds the active code or sends one, then releases the lock. */
async function sendWithLock(context: SendContext, sendRequest: SendRequest, lock: SendLock): Promise<SendResult> {
  const { unconfirmed } = lock.known;
  try {
    const active = await unlessConsumed(context, lock.known.active);
    if (!active) delete lock.known.active;
    return (
      (active && (await reuseActive(context, sendRequest, active))) ??
      (unconfirmed && (await recoverUnconfirmed(context, sendRequest, lock, unconfirmed))) ??
      (await reserveAndSend(context, sendRequest, lock))
    );
  } catch (error) {
    if (error instanceof ProblemError && !longCodeRequest(context, sendRequest, error))
      emitCodeNotSent(context, sendRequest, error);
    throw error;
  } finally {
    await releaseSendLock(context, lock);
  }
}

/** The active verification, unless it was consumed. A check does not update the record of the destination. */
async function unlessConsumed(
  { records, now }: Pick<BackendContext, 'records' | 'now'>,
  active: ActiveVerification | undefined,
): Promise<ActiveVerification | undefined> {
  return active && !(await records.isConsumed(active.verification, now())) ? active : undefined;
}

/** The active code, unless the request is for another message and the limits allow one. */
async function reuseActive(
  context: SendFigures,
  sendRequest: SendRequest,
  active: ActiveVerification,
): Promise<SendResult | null> {
  const { mode } = sendRequest;
  if (mode === 'resend' || needsRenewal(context, active)) return null;
  const existing = await resultOfExisting(context, sendRequest, active);
  return mode === 'switch' || (existing?.resendIn ?? 0) > 0 ? existing : null;
}

/** Asks Twilio whether an earlier send without an answer went out. If it did not, its reservation is refunded. */
async function recoverUnconfirmed(
  context: SendFigures & Pick<BackendContext, 'verifyClient' | 'emit'>,
  sendRequest: SendRequest,
  lock: SendLock,
  { sends, channel, reservationId }: UnconfirmedSend,
): Promise<SendResult | null> {
  const { limitSubject } = sendRequest;
  let found: SentVerification | null;
  try {
    found = await context.verifyClient.findPending(verifyServiceOf(limitSubject), limitSubject.contact.value);
  } catch (error) {
    throw problemFromTwilio(context, error, 'send', context.codeLifetimeMs);
  }
  delete lock.known.unconfirmed;
  if (!found || found.sends <= sends) {
    await context.limits.refundSend(limitSubject, reservationId, context.now());
    return null;
  }
  emitCodeSent(context, sendRequest, channel, found.sends);
  const active = updateLock(context, sendRequest, lock, found, channel);
  const { resendIn } = await context.limits.peek(limitSubject, context.now());
  return describeResult(context, sendRequest, active, resendIn);
}

async function reserveAndSend(context: SendContext, wanted: SendRequest, lock: SendLock): Promise<SendResult> {
  const { options, limits, now } = context;
  const known = lock.known.active ?? wanted.fallback;
  const renews = known !== undefined && (await mustRenew(context, wanted, known));
  if (known && known.sends >= MAX_SENDS_PER_VERIFICATION && !renews)
    throw new ProblemError('resend-too-soon', { retryIn: secondsUntilRenewal(context, known) });
  const reservation = await limits.send(wanted.limitSubject, now(), renews ? undefined : known?.verification);
  if (!reservation.granted) throw refusal(reservation);
  if (options.beforeSend) await runBeforeSendHook(context, options.beforeSend, wanted, reservation);
  const sendRequest = options.twilio.lookup
    ? await withLookedUpLineType(context, wanted, reservation).catch((error: unknown) => failSend(context, lock, error))
    : wanted;
  if (renews) await cancel(context, sendRequest, known, reservation);
  return await submitSend(context, sendRequest, lock, { reservation, known, renews });
}

/** Has Twilio send the code. A number that turns out to take no text messages is called. */
async function submitSend(
  context: SendContext,
  sendRequest: SendRequest,
  lock: SendLock,
  counted: { reservation: SendReservation; known: ActiveVerification | undefined; renews: boolean },
): Promise<SendResult> {
  const { limitSubject, channel } = sendRequest;
  const service = verifyServiceOf(limitSubject);
  const locale = twilioLocale(sendRequest.locale, channel);
  const more = context.sendParameters(limitSubject, channel);
  let sent: SentVerification;
  try {
    sent = await context.verifyClient.send(service, limitSubject.contact.value, channel, locale, more);
  } catch (error) {
    const call = asCall(context, sendRequest, error);
    if (call) return await submitSend(context, call, lock, counted);
    sent = await handleSendFailure(context, sendRequest, { error, lock, ...counted });
  }
  // Before anything else can fail: the message costs money, whatever happens next.
  emitCodeSent(context, sendRequest, channel, sent.sends);
  const active = updateLock(context, sendRequest, lock, sent, channel);
  const result = describeResult(context, sendRequest, active, counted.reservation.resendIn);
  return sent.attempt === undefined ? result : { ...result, attempt: sent.attempt };
}

/**
 * Whether the next code must be a new one: this one is about to expire, or its wrong codes are used up, by whomever. Throws if the
 * code would expire before it can be checked: then the person waits, and a code that others may be typing stays valid.
 */
async function mustRenew(
  context: CodeClock & Pick<BackendContext, 'limits'>,
  { limitSubject }: SendRequest,
  known: ActiveVerification,
): Promise<boolean> {
  if (needsRenewal(context, known)) return true;
  const { checkIn, checkRefusedBy } = await context.limits.peek(limitSubject, context.now(), known.verification);
  if (checkRefusedBy.includes('verification')) return true;
  if (checkIn * 1000 >= remainingMs(context, known)) throw new UncheckableError(checkIn);
  return false;
}

const refusal = ({ code, retryIn }: LimitExceeded): ProblemError =>
  code === 'too-many-attempts' ? new UncheckableError(retryIn) : new ProblemError(code, { retryIn });

/** Has the release of the lock record what Twilio sent. */
function updateLock(
  context: CodeClock & Pick<BackendContext, 'keyRing'>,
  { fallback, limitSubject }: SendRequest,
  lock: SendLock,
  sent: SentVerification,
  channel: Channel,
): ActiveVerification {
  const by = { id: lock.id, starter: starterOf(context, limitSubject) };
  return (lock.updates.active = nextState(context, sent, channel, by, lock.known.active ?? fallback));
}

/** Cancels a verification that must be renewed, so that the next send makes a new one with its full lifetime. */
async function cancel(
  context: CodeClock & Pick<BackendContext, 'verifyClient' | 'emit'>,
  { limitSubject }: SendRequest,
  known: ActiveVerification,
  reservation: SendReservation,
): Promise<void> {
  try {
    await context.verifyClient.cancel(verifyServiceOf(limitSubject), known.verification);
  } catch (error) {
    // Nothing was sent, whether Twilio cancelled it or not.
    await reservation.refund(true);
    throw problemFromTwilio(context, error, 'send', remainingMs(context, known));
  }
}

function emitCodeNotSent({ emit }: EventSink, { limitSubject, channel }: SendRequest, { code }: ProblemError): void {
  const { purpose, country } = limitSubject;
  emit({ type: 'code-not-sent', purpose, channel, ...(country === undefined ? {} : { country }), problem: code });
}

function emitCodeSent({ emit }: EventSink, { limitSubject }: SendRequest, channel: Channel, sends: number): void {
  const { purpose, contact, country, test } = limitSubject;
  const where = { to: maskContact(contact), ...(country === undefined ? {} : { country }) };
  if (test) emit({ type: 'test-contact', use: 'sent', purpose, channel, ...where });
  else emit({ type: 'code-sent', purpose, channel, ...where, resent: sends > 1 });
}
