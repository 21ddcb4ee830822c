/** What follows a send that failed: refunds, a look-up of what became of it, and the problem for the requests that wait for it. */
import { ProblemError } from '../../../protocol/problem-error.js';
import type { SendReservation } from '../../limits/rate-limits.js';
import type { BackendContext } from '../../setup/context.js';
import { ttl, type ActiveVerification } from '../../store/records.js';
import type { TwilioError } from '../../twilio/errors.js';
import type { SentVerification } from '../../twilio/responses.js';
import { problemFromTwilio } from '../twilio-problem.js';
import { verifyServiceOf } from '../verify-service.js';
import type { SendLock } from './send-lock.js';
import { remainingMs, type CodeClock, type SendRequest } from './verification-state.js';

/**
 * Refunds what certainly was not sent. After an indeterminate outcome it asks Twilio what is pending at the destination.
 * If the code was not sent after all, the problem also goes to the requests that wait for this send.
 */
export async function handleSendFailure(
  context: CodeClock & Pick<BackendContext, 'records' | 'verifyClient' | 'emit'>,
  { limitSubject, channel }: SendRequest,
  failure: {
    error: unknown;
    lock: SendLock;
    reservation: SendReservation;
    known: ActiveVerification | undefined;
    renews: boolean;
  },
): Promise<SentVerification> {
  const { error, lock, reservation, known, renews } = failure;
  const { verifyClient, now, codeLifetimeMs } = context;
  const problem = problemFromTwilio(context, error, 'send', known ? remainingMs(context, known) : codeLifetimeMs);
  const { hadNoEffect, kind } = error as TwilioError;
  if (kind === 'indeterminate') {
    const sends = known && !renews ? known.sends : 0;
    const found = await verifyClient
      .findPending(verifyServiceOf(limitSubject), limitSubject.contact.value)
      .catch(() => undefined);
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
export async function failSend(
  { records, now }: Pick<BackendContext, 'records' | 'now'>,
  { id }: SendLock,
  problem: unknown,
): Promise<never> {
  if (problem instanceof ProblemError) {
    const { code, details } = problem;
    await records.failedSend(id).set({ problem: code, retryIn: details.retryIn }, ttl.failedSend, now());
  }
  throw problem;
}
