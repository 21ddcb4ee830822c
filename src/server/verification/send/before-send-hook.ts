/** The host's `beforeSend` hook, which may refuse a send. */
import { ProblemError } from '../../../protocol/problem-error.js';
import type { SendReservation } from '../../limits/rate-limits.js';
import type { BackendContext } from '../../setup/context.js';
import { describeError } from '../../setup/events.js';
import type { HandlerOptions } from '../../setup/options.js';
import type { SendRequest } from './verification-state.js';

/** Runs the hook. If it refuses or fails, the reservation is refunded, since nothing was sent. */
export async function runBeforeSendHook(
  { emit }: Pick<BackendContext, 'emit'>,
  beforeSend: NonNullable<HandlerOptions['beforeSend']>,
  { limitSubject, channel, requester, extra }: SendRequest,
  reservation: SendReservation,
): Promise<void> {
  const { contact, purpose, subject, address } = limitSubject;
  let allowed: boolean | void;
  try {
    allowed = await beforeSend({
      contact,
      channel,
      purpose,
      subject,
      address,
      request: requester.request(),
      ...(extra ? { extra } : {}),
    });
  } catch (error) {
    emit({ type: 'unavailable', component: 'beforeSend', reason: describeError(error) });
    await reservation.refund(false);
    throw new ProblemError('unavailable');
  }
  if (allowed !== false) return;
  await reservation.refund(false);
  throw new ProblemError('blocked');
}
