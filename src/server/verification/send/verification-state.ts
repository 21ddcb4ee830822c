/** The verification that lives at a destination: what is known of it, and what an order for another code makes of that. It sends nothing. */
import type { Channel, Purpose } from '../../../protocol/schemas.js';
import type { Asker } from '../requester.js';
import type { ReadContact } from '../../contacts/parse-contact.js';
import type { Asked } from '../../limits/rate-limits.js';
import type { Parts } from '../../setup/context.js';
import type { Living } from '../../store/records.js';
import type { Verification } from '../../twilio/responses.js';

/** What is to be sent. `known` is the verification that the challenge at hand speaks of, in case the store has forgotten it. */
export interface Order {
  /** `start` and `switch` are content with a code that is on its way; `resend` wants another message. */
  act: 'start' | 'switch' | 'resend';
  purpose: Purpose;
  to: ReadContact;
  channel: Channel;
  locale: string | undefined;
  asker: Asker;
  extra: Record<string, unknown> | undefined;
  /** The channel that the person asked for; left out, any that reaches the contact will do. */
  wanted?: Channel | undefined;
  known?: Living;
}

/** The verification that now lives at the destination, and the seconds until another send is admitted. */
export interface Sent {
  living: Living;
  resendIn: number;
  /** The destination, with what a look-up has told of it. */
  to: ReadContact;
}

/** Twilio's limit for one verification; the sixth is refused (error 60203). */
export const TWILIO_SENDS = 5;
/** Milliseconds. A message takes its time, and so do people: a code with no more left is replaced, not sent again. */
const TOO_SHORT = 120_000;

/** That verification as an answer to this order. */
export async function standing(parts: Parts, order: Order, living: Living): Promise<Sent> {
  const limit = await parts.limits.resendIn(asked(order), parts.now());
  return { living, resendIn: resendIn(parts, living, limit), to: order.to };
}

/**
 * Seconds until another message can be had, where the limits alone would say `limit`. After Twilio's fifth send the code goes
 * out no more; but two minutes before it expires it is replaced by another, so that is when the wait ends.
 */
export function resendIn(parts: Parts, living: Living, limit: number): number {
  return living.sends < TWILIO_SENDS ? limit : Math.max(limit, untilReplaced(parts, living));
}

/** Seconds until a code has so little time left that the next send makes another one. */
export function untilReplaced(parts: Parts, living: Living): number {
  return Math.max(0, Math.ceil((left(parts, living) - TOO_SHORT) / 1000));
}

/** Whether the next send makes another code instead of sending this one again. */
export const dueForReplacement = (parts: Parts, living: Living): boolean => left(parts, living) <= TOO_SHORT;

/** When its code expires, in milliseconds since 1970: Twilio counts from the first send. */
export const endOf = ({ lifetime }: Parts, { firstSentAt }: Living): number => firstSentAt + lifetime;

/** Milliseconds that its code still lives. */
export const left = (parts: Parts, living: Living): number => endOf(parts, living) - parts.now();

/** The order as the limits count it. */
export function asked({ purpose, to, asker }: Order): Asked {
  const country = to.country === undefined ? {} : { country: to.country };
  return { purpose, subject: asker.subject, address: asker.address, contact: to.contact, ...country };
}

/** What lives at the destination from now on, after `before`. Its time counts from the first send of its code, which Twilio does not prolong. */
export function livingAfter(
  parts: Parts,
  sent: Verification,
  channel: Channel,
  id: string,
  before: Living | undefined,
): Living {
  const same = before?.verification === sent.sid ? before : undefined;
  const firstSentAt = same?.firstSentAt ?? parts.now() - Math.min(sent.age, parts.lifetime);
  return {
    verification: sent.sid,
    firstSentAt,
    channel,
    sends: Math.max(sent.sends, same ? same.sends : 0),
    by: id,
  };
}
