/**
 * What Twilio Lookup knows of a number before the first code goes there, where the host pays for it: the metadata on this
 * machine cannot tell a landline from a mobile in North America, nor see that a number was given to a voice-over-IP provider.
 */
import { usualTypes, type NumberType, type ReadContact } from '../../contacts/parse-contact.js';
import type { SendGrant } from '../../limits/rate-limits.js';
import { asked, type Order } from './verification-state.js';
import { chooseChannel } from '../../contacts/delivery-methods.js';
import type { Parts } from '../../setup/context.js';
import { ProblemError } from '../../http/problem-response.js';
import { ttl } from '../../store/records.js';
import { refusalOf } from '../twilio-problem.js';
import { twilioLocale } from '../../twilio/locale.js';
import { TwilioFailure } from '../../twilio/errors.js';

/** Lookup's words (https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence) in ours; `null` is a line that is as it was taken for. */
const lines = new Map<string, NumberType | null>([
  ['mobile', null],
  ['unknown', null],
  ['landline', 'landline'],
  ['fixedVoip', 'voip'],
  ['nonFixedVoip', 'voip'],
  ['personal', 'personal'],
]);

/** The destination as an earlier look-up knows it. A second factor is never looked up: it was, when it was verified. */
export async function knownLine(parts: Parts, to: ReadContact): Promise<ReadContact> {
  if (!parts.options.twilio.lookup || to.contact.type !== 'phone') return to;
  const known = await parts.records.line(to.contact).get(parts.now());
  return known ? judged(parts, to, known.value.type) : to;
}

/**
 * The order as it is to be carried out, after a look-up if the number has not been looked up before. A look-up costs money, so
 * it comes after the limits and the host's hook, and what was counted for it stays counted.
 */
export async function afterLookUp(parts: Parts, order: Order, grant: SendGrant): Promise<Order> {
  const { purpose, to } = order;
  if (!parts.options.twilio.lookup || purpose !== 'contact' || to.contact.type !== 'phone') return order;
  const slot = parts.records.line(to.contact);
  if (await slot.get(parts.now())) return order;
  const type = await lookUp(parts, order, grant);
  await slot.put({ type }, ttl.line, parts.now());
  const settled = judged(parts, to, type);
  const channel = chooseChannel(
    settled,
    order.wanted ?? (settled.landline ? undefined : order.channel),
    parts.channels,
  );
  return { ...order, to: settled, channel, locale: twilioLocale(order.locale, channel) };
}

async function lookUp(parts: Parts, order: Order, grant: SendGrant): Promise<string> {
  try {
    return await parts.verify.lineType(asked(order).contact.value);
  } catch (error) {
    if (error instanceof TwilioFailure && error.nothingHappened) await grant.giveBack();
    throw refusalOf(parts, error, 'send', parts.lifetime);
  }
}

/** Throws `unsupported-contact` for a line that no code goes to: toll-free, premium, pagers and whatever word is new. */
function judged(parts: Parts, to: ReadContact, type: string): ReadContact {
  const line = lines.get(type);
  if (line === null) return to;
  if (line === undefined || !(parts.options.numberTypes ?? usualTypes).includes(line))
    throw new ProblemError(type === 'invalid' ? 'invalid-contact' : 'unsupported-contact');
  return line === 'landline' ? { ...to, landline: true } : to;
}
