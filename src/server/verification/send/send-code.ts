/** Sends a code to a contact: one request at a time for each destination, counted, and followed up if Twilio gives no answer. */
import { ProblemError } from '../../../protocol/problem-error.js';
import type { Channel } from '../../../protocol/schemas.js';
import { maskContact } from '../../contacts/format-contact.js';
import type { SendReservation } from '../../limits/rate-limits.js';
import type { BackendContext } from '../../setup/context.js';
import { ttl, type ActiveVerification, type UnconfirmedSend } from '../../store/records.js';
import type { TwilioError } from '../../twilio/errors.js';
import { twilioLocale } from '../../twilio/locale.js';
import type { SentVerification } from '../../twilio/responses.js';
import { pollUntil } from '../poll-until.js';
import { problemFromTwilio } from '../twilio-problem.js';
import { runBeforeSendHook } from './before-send-hook.js';
import { withLookedUpLineType } from './line-type.js';
import { acquireSendLock, peekSendLock, releaseSendLock, type LockedByOther, type SendLock } from './send-lock.js';
import {
  MAX_SENDS_PER_VERIFICATION,
  needsRenewal,
  nextState,
  remainingMs,
  resendIn,
  resultOfExisting,
  secondsUntilRenewal,
  type CodeClock,
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
  >;
type EventSink = Pick<BackendContext, 'emit'>;

/** Sends a code, or finds the one that was sent. Simultaneous requests for one contact cause one call to Twilio. */
export async function sendCode(context: SendContext, sendRequest: SendRequest): Promise<SendResult> {
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
    if (failed) throw new ProblemError(failed.problem, failed.retryIn === undefined ? {} : { retryIn: failed.retryIn });
    const { active } = latest.known;
    if (active?.sendId === holderId && (await unlessConsumed(context, active)))
      return await resultOfExisting(context, sendRequest, active);
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
    if (error instanceof ProblemError) emitCodeNotSent(context, sendRequest, error);
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
  context: CodeClock & Pick<BackendContext, 'limits'>,
  sendRequest: SendRequest,
  active: ActiveVerification,
): Promise<SendResult | null> {
  const { mode } = sendRequest;
  if (mode === 'resend' || needsRenewal(context, active)) return null;
  const existing = await resultOfExisting(context, sendRequest, active);
  return mode === 'switch' || existing.resendIn > 0 ? existing : null;
}

/** Asks Twilio whether an earlier send without an answer went out. If it did not, its reservation is refunded. */
async function recoverUnconfirmed(
  context: CodeClock & Pick<BackendContext, 'limits' | 'verifyClient' | 'emit'>,
  sendRequest: SendRequest,
  lock: SendLock,
  { sends, channel, reservationId }: UnconfirmedSend,
): Promise<SendResult | null> {
  const { limitSubject } = sendRequest;
  let found: SentVerification | null;
  try {
    found = await context.verifyClient.findPending(limitSubject.purpose, limitSubject.contact.value);
  } catch (error) {
    throw problemFromTwilio(context, error, 'send', context.codeLifetimeMs);
  }
  delete lock.known.unconfirmed;
  if (!found || found.sends <= sends) {
    await context.limits.refundSend(limitSubject, reservationId, context.now());
    return null;
  }
  emitCodeSent(context, sendRequest, channel, found.sends);
  return await resultOfExisting(context, sendRequest, updateLock(context, sendRequest, lock, found, channel));
}

async function reserveAndSend(context: SendContext, wanted: SendRequest, lock: SendLock): Promise<SendResult> {
  const { options, limits, verifyClient, now } = context;
  const known = lock.known.active ?? wanted.fallback;
  const renews = known !== undefined && needsRenewal(context, known);
  if (known && known.sends >= MAX_SENDS_PER_VERIFICATION && !renews)
    throw new ProblemError('resend-too-soon', { retryIn: secondsUntilRenewal(context, known) });
  const reservation = await limits.send(wanted.limitSubject, now());
  if (!reservation.granted) throw new ProblemError(reservation.code, { retryIn: reservation.retryIn });
  if (options.beforeSend) await runBeforeSendHook(context, wanted, reservation);
  const sendRequest = options.twilio.lookup
    ? await withLookedUpLineType(context, wanted, reservation).catch((error: unknown) => failSend(context, lock, error))
    : wanted;
  if (renews && remainingMs(context, known) > 0) await cancel(context, sendRequest, known, reservation);
  const { limitSubject, to, channel } = sendRequest;
  const locale = twilioLocale(sendRequest.locale, channel);
  const more = context.sendParameters(limitSubject, channel);
  let sent: SentVerification;
  try {
    sent = await verifyClient.send(limitSubject.purpose, limitSubject.contact.value, channel, locale, more);
  } catch (error) {
    sent = await handleSendFailure(context, sendRequest, { error, lock, reservation, known });
  }
  // Before anything else can fail: the message costs money, whatever happens next.
  emitCodeSent(context, sendRequest, channel, sent.sends);
  const active = updateLock(context, sendRequest, lock, sent, channel);
  return { active, resendIn: resendIn(context, active, reservation.resendIn), to };
}

/** Has the release of the lock record what Twilio sent. */
function updateLock(
  clock: CodeClock,
  { fallback }: SendRequest,
  lock: SendLock,
  sent: SentVerification,
  channel: Channel,
): ActiveVerification {
  return (lock.updates.active = nextState(clock, sent, channel, lock.id, lock.known.active ?? fallback));
}

/** Cancels a verification that is about to expire, so that the next send makes a new one with its full lifetime. */
async function cancel(
  context: CodeClock & Pick<BackendContext, 'verifyClient' | 'emit'>,
  { limitSubject }: SendRequest,
  known: ActiveVerification,
  reservation: SendReservation,
): Promise<void> {
  try {
    await context.verifyClient.cancel(limitSubject.purpose, known.verification);
  } catch (error) {
    // Nothing was sent, whether Twilio cancelled it or not.
    await reservation.refund(true);
    throw problemFromTwilio(context, error, 'send', remainingMs(context, known));
  }
}

/**
 * Refunds what certainly was not sent. After an indeterminate outcome it asks Twilio what is pending at the destination.
 * If the code was not sent after all, the problem also goes to the requests that wait for this send.
 */
async function handleSendFailure(
  context: CodeClock & Pick<BackendContext, 'records' | 'verifyClient' | 'emit'>,
  { limitSubject: { purpose, contact }, channel }: SendRequest,
  failure: { error: unknown; lock: SendLock; reservation: SendReservation; known: ActiveVerification | undefined },
): Promise<SentVerification> {
  const { error, lock, reservation, known } = failure;
  const { verifyClient, now, codeLifetimeMs } = context;
  const problem = problemFromTwilio(context, error, 'send', known ? remainingMs(context, known) : codeLifetimeMs);
  const { hadNoEffect, kind } = error as TwilioError;
  if (kind === 'indeterminate') {
    const sends = known && !needsRenewal(context, known) ? known.sends : 0;
    const found = await verifyClient.findPending(purpose, contact.value).catch(() => undefined);
    if (found && found.sends > sends) return found;
    if (found === undefined) {
      const { reservationId } = reservation;
      lock.updates.unconfirmed = { sends, reservationId, channel, until: now() + codeLifetimeMs };
    } else {
      await reservation.refund(true);
    }
  } else if (hadNoEffect) {
    await reservation.refund(kind !== 'not-sent');
  }
  return await failSend(context, lock, problem);
}

/** Throws the problem, and records it for the requests that wait for this send. */
async function failSend(
  { records, now }: Pick<BackendContext, 'records' | 'now'>,
  { id }: SendLock,
  problem: unknown,
): Promise<never> {
  if (problem instanceof ProblemError) {
    const { retryIn } = problem.details;
    const failed = { problem: problem.code, ...(retryIn === undefined ? {} : { retryIn }) };
    await records.failedSend(id).set(failed, ttl.failedSend, now());
  }
  throw problem;
}

function emitCodeNotSent({ emit }: EventSink, { limitSubject, channel }: SendRequest, { code }: ProblemError): void {
  const { purpose, country } = limitSubject;
  emit({ type: 'code-not-sent', purpose, channel, ...(country === undefined ? {} : { country }), problem: code });
}

function emitCodeSent({ emit }: EventSink, { limitSubject }: SendRequest, channel: Channel, sends: number): void {
  const { purpose, contact, country } = limitSubject;
  const where = { to: maskContact(contact), ...(country === undefined ? {} : { country }) };
  emit({ type: 'code-sent', purpose, channel, ...where, resent: sends > 1 });
}
