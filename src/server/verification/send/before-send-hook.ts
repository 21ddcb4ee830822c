/** The host's word before a send: yes, no, or nothing that can be understood. */
import { reasonOf } from '../../setup/events.js';
import type { SendGrant } from '../../limits/rate-limits.js';
import type { Order } from './verification-state.js';
import type { Parts } from '../../setup/context.js';
import { ProblemError } from '../../http/problem-response.js';

/** Asks the hook, if there is one. What it refuses, or fails at, was not sent: `grant` is given back. */
export async function askHost(
  parts: Parts,
  { asker, to, channel, purpose, extra }: Order,
  grant: SendGrant,
): Promise<void> {
  const { beforeSend } = parts.options;
  if (!beforeSend) return;
  const { subject, address, request } = asker;
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
    parts.emit({ type: 'unavailable', part: 'beforeSend', reason: reasonOf(error) });
    await grant.giveBack();
    throw new ProblemError('unavailable');
  }
  if (admitted !== false) return;
  await grant.giveBack();
  throw new ProblemError('blocked');
}
