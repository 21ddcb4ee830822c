/** One code on its way to one contact: who sends it among many who ask at once, what is counted, and what is known afterwards. */
import type { Channel } from '../../../protocol/schemas.js';
import { runBeforeSendHook } from './before-send-hook.js';
import { maskContact } from '../../contacts/format-contact.js';
import type { SendReservation } from '../../limits/rate-limits.js';
import { withLookedUpLineType } from './line-type.js';
import {
  limitSubject,
  needsRenewal,
  remainingMs,
  nextState,
  resendIn,
  resultOfExisting,
  MAX_SENDS_PER_VERIFICATION,
  secondsUntilRenewal,
  type SendRequest,
  type SendResult,
} from './verification-state.js';
import type { BackendContext } from '../../setup/context.js';
import { ProblemError } from '../../../protocol/problem-error.js';
import { ttl, type ActiveVerification, type UnconfirmedSend } from '../../store/records.js';
import { problemFromTwilio } from '../twilio-problem.js';
import type { TwilioError } from '../../twilio/errors.js';
import { releaseSendLock, peekSendLock, acquireSendLock, type SendLock } from './send-lock.js';
import type { SentVerification } from '../../twilio/responses.js';

/** A bounded wait for another request's send: longer than Twilio may take, shorter than a person stays. */
const TURN = 50;
const TURNS = 300;

/** Sends, or finds that a code is on its way already. However many ask at once for one contact, Twilio is asked once. */
export async function sendCode(backend: BackendContext, sendRequest: SendRequest): Promise<SendResult> {
  for (let wait = 0; wait < TURNS; wait += 1) {
    // The turn is taken before anything is looked up: who has it learns from the same record what is known.
    const lock = await acquireSendLock(backend, sendRequest);
    if ('entry' in lock) return await sendWithLock(backend, sendRequest, lock);
    const there = lock.known.active && (await reuseActive(backend, sendRequest, lock.known.active));
    if (there) return there;
    let after = await peekSendLock(backend, sendRequest);
    for (; wait < TURNS && after.holderId === lock.holderId; wait += 1) {
      await backend.wait(TURN);
      after = await peekSendLock(backend, sendRequest);
    }
    const problem = (await backend.records.failedSend(lock.holderId).get(backend.now()))?.value;
    if (problem)
      throw new ProblemError(problem.problem, problem.retryIn === undefined ? {} : { retryIn: problem.retryIn });
    const { active } = after.known;
    if (active?.sendId === lock.holderId) return await resultOfExisting(backend, sendRequest, active);
  }
  throw new ProblemError('unavailable');
}

/** The send of the one whose turn it is. What Twilio refused is left for those who wait; what concerns this asker alone is not. */
async function sendWithLock(backend: BackendContext, sendRequest: SendRequest, lock: SendLock): Promise<SendResult> {
  const { active, unconfirmed } = lock.known;
  try {
    return (
      (active && (await reuseActive(backend, sendRequest, active))) ??
      (unconfirmed && (await recoverUnconfirmed(backend, sendRequest, lock, unconfirmed))) ??
      (await reserveAndSend(backend, sendRequest, lock))
    );
  } catch (error) {
    if (error instanceof ProblemError) emitCodeNotSent(backend, sendRequest, error);
    throw error;
  } finally {
    await releaseSendLock(backend, lock);
  }
}

/** The code that is on its way already, unless another message is wanted and can be had. */
async function reuseActive(
  backend: BackendContext,
  sendRequest: SendRequest,
  active: ActiveVerification,
): Promise<SendResult | null> {
  if (sendRequest.mode === 'resend' || needsRenewal(backend, active)) return null;
  if (await backend.records.consumed(active.verification).get(backend.now())) return null;
  const sent = await resultOfExisting(backend, sendRequest, active);
  return sendRequest.mode === 'switch' || sent.resendIn > 0 ? sent : null;
}

/** A send before this one got no answer: Twilio is asked by destination before anything is sent again. */
async function recoverUnconfirmed(
  backend: BackendContext,
  sendRequest: SendRequest,
  lock: SendLock,
  unconfirmed: UnconfirmedSend,
): Promise<SendResult | null> {
  let found: SentVerification | null;
  try {
    found = await backend.verifyClient.findPending(sendRequest.purpose, sendRequest.to.contact.value);
  } catch (error) {
    throw problemFromTwilio(backend, error, 'send', backend.codeLifetimeMs);
  }
  delete lock.known.unconfirmed;
  if (!found || found.sends <= unconfirmed.sends) {
    await backend.limits.refundSend(limitSubject(sendRequest), unconfirmed.reservationId, backend.now());
    return null;
  }
  emitCodeSent(backend, sendRequest, unconfirmed.channel, found.sends);
  return await resultOfExisting(
    backend,
    sendRequest,
    rememberVerification(backend, sendRequest, lock, found, unconfirmed.channel),
  );
}

async function reserveAndSend(backend: BackendContext, wanted: SendRequest, lock: SendLock): Promise<SendResult> {
  const known = lock.known.active ?? wanted.fallback;
  const replaces = known !== undefined && needsRenewal(backend, known);
  if (known && known.sends >= MAX_SENDS_PER_VERIFICATION && !replaces) {
    throw new ProblemError('resend-too-soon', { retryIn: secondsUntilRenewal(backend, known) });
  }
  const reservation = await backend.limits.send(limitSubject(wanted), backend.now());
  if (!reservation.granted) throw new ProblemError(reservation.code, { retryIn: reservation.retryIn });
  if (backend.options.beforeSend) await runBeforeSendHook(backend, wanted, reservation);
  const sendRequest = backend.options.twilio.lookup
    ? await withLookedUpLineType(backend, wanted, reservation).catch((error: unknown) => failSend(backend, lock, error))
    : wanted;
  const { purpose, to, channel, locale } = sendRequest;
  let sent: SentVerification;
  try {
    if (replaces && remainingMs(backend, known) > 0) await cancel(backend, sendRequest, known, reservation);
    const more = backend.sendParameters(limitSubject(sendRequest), channel);
    sent = await backend.verifyClient.send(purpose, to.contact.value, channel, locale, more);
  } catch (error) {
    sent = await handleSendFailure(backend, sendRequest, { error, lock, reservation, known });
  }
  // Before anything else that can fail: a message that went out costs money, whatever becomes of the rest.
  emitCodeSent(backend, sendRequest, channel, sent.sends);
  const active = rememberVerification(backend, sendRequest, lock, sent, channel);
  return { active, resendIn: resendIn(backend, active, reservation.resendIn), to };
}

/** Takes note of what lives at the destination now. */
function rememberVerification(
  backend: BackendContext,
  { fallback }: SendRequest,
  lock: SendLock,
  sent: SentVerification,
  channel: Channel,
): ActiveVerification {
  return (lock.updates.active = nextState(backend, sent, channel, lock.id, lock.known.active ?? fallback));
}

/** Ends the verification whose time runs out, so that the next send makes a new one with all its time. */
async function cancel(
  backend: BackendContext,
  { purpose }: SendRequest,
  known: ActiveVerification,
  reservation: SendReservation,
): Promise<void> {
  try {
    await backend.verifyClient.cancel(purpose, known.verification);
  } catch (error) {
    // Nothing was sent, whatever became of the cancelling.
    await reservation.refund();
    throw new CancelFailedError(problemFromTwilio(backend, error, 'send', remainingMs(backend, known)));
  }
}

/** Carries the problem of a failed cancelling past the handling of a failed send. */
class CancelFailedError extends Error {
  readonly problem: ProblemError;
  constructor(problem: ProblemError) {
    super('The old verification could not be ended.');
    this.problem = problem;
  }
}

interface Failed {
  error: unknown;
  lock: SendLock;
  reservation: SendReservation;
  known: ActiveVerification | undefined;
}

/** Gives back what certainly did not happen; asks by destination where nobody knows; else answers the problem, to those who wait as well. */
async function handleSendFailure(
  backend: BackendContext,
  sendRequest: SendRequest,
  { error, lock, reservation, known }: Failed,
): Promise<SentVerification> {
  if (error instanceof CancelFailedError) throw error.problem;
  const problem = problemFromTwilio(
    backend,
    error,
    'send',
    known ? remainingMs(backend, known) : backend.codeLifetimeMs,
  );
  const { hadNoEffect, kind } = error as TwilioError;
  if (kind === 'indeterminate') {
    const before = known && !needsRenewal(backend, known) ? known.sends : 0;
    const found = await backend.verifyClient
      .findPending(sendRequest.purpose, sendRequest.to.contact.value)
      .catch(() => undefined);
    if (found && found.sends > before) return found;
    if (found === undefined) {
      const until = backend.now() + backend.codeLifetimeMs;
      lock.updates.unconfirmed = {
        sends: before,
        reservationId: reservation.reservationId,
        channel: sendRequest.channel,
        until,
      };
    } else {
      await reservation.refund();
    }
  } else if (hadNoEffect) {
    await reservation.refund();
  }
  return await failSend(backend, lock, problem);
}

/** Throws the problem, and leaves it for those who wait for the same send. */
async function failSend(backend: BackendContext, { id }: SendLock, problem: unknown): Promise<never> {
  if (problem instanceof ProblemError) {
    const { retryIn } = problem.details;
    const failed = { problem: problem.code, ...(retryIn === undefined ? {} : { retryIn }) };
    await backend.records.failedSend(id).set(failed, ttl.failedSend, backend.now());
  }
  throw problem;
}

function emitCodeNotSent(backend: BackendContext, { purpose, channel, to }: SendRequest, { code }: ProblemError): void {
  const country = to.country === undefined ? {} : { country: to.country };
  backend.emit({ type: 'code-not-sent', purpose, channel, ...country, problem: code });
}

function emitCodeSent(backend: BackendContext, { purpose, to }: SendRequest, channel: Channel, sends: number): void {
  const country = to.country === undefined ? {} : { country: to.country };
  backend.emit({ type: 'code-sent', purpose, channel, to: maskContact(to.contact), ...country, resent: sends > 1 });
}
