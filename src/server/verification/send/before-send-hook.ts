/** The host's word before a send: yes, no, or nothing that can be understood. */
import { describeError } from '../../setup/events.js';
import type { SendReservation } from '../../limits/rate-limits.js';
import type { SendRequest } from './verification-state.js';
import type { BackendContext } from '../../setup/context.js';
import { ProblemError } from '../../../protocol/problem-error.js';

/** Asks the hook, if there is one. What it refuses, or fails at, was not sent: `grant` is given back. */
export async function runBeforeSendHook(
  backend: BackendContext,
  { requester, to, channel, purpose, extra }: SendRequest,
  reservation: SendReservation,
): Promise<void> {
  const { beforeSend } = backend.options;
  if (!beforeSend) return;
  const { subject, address, request } = requester;
  let admitted: boolean | void;
  try {
    admitted = await beforeSend({
      contact: to.contact,
      channel,
      purpose,
      subject,
      address,
      request: request(),
      ...(extra ? { extra } : {}),
    });
  } catch (error) {
    backend.emit({ type: 'unavailable', part: 'beforeSend', reason: describeError(error) });
    await reservation.refund();
    throw new ProblemError('unavailable');
  }
  if (admitted !== false) return;
  await reservation.refund();
  throw new ProblemError('blocked');
}
