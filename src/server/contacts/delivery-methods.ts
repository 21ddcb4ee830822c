/** Which channels reach a contact, and which of them a person is offered. Pure. */
import { ProblemError } from '../../protocol/problem-error.js';
import type { Channel, DeliveryMethod, Purpose } from '../../protocol/schemas.js';
import { formatContact, maskContact } from './format-contact.js';
import type { ParsedContact } from './parse-contact.js';

/** Twilio recommends offering a call from the third attempt on (https://www.twilio.com/docs/verify/developer-best-practices). */
const SENDS_BEFORE_CALL = 2;

/** The enabled channels that reach this contact. A landline can only be called. */
function channelsFor({ contact, landline }: ParsedContact, channels: readonly Channel[]): Channel[] {
  if (contact.type === 'email') return channels.filter((channel) => channel === 'email');
  return channels.filter((channel) => (landline ? channel === 'call' : channel !== 'email'));
}

/**
 * The requested channel. If undefined, the first that is not a call, or else the call. A landline is called also where a text
 * message is requested: pages name their best channel before anybody knows the number. Throws `unsupported-channel` if the
 * requested channel does not reach the contact, and `unsupported-contact` if none does.
 */
export function chooseChannel(
  to: ParsedContact,
  requested: Channel | undefined,
  channels: readonly Channel[],
): Channel {
  const available = channelsFor(to, channels);
  const preferred = available.find((channel) => channel !== 'call') ?? available[0];
  if (preferred === undefined) throw new ProblemError('unsupported-contact');
  if (requested === undefined || (requested === 'sms' && to.landline)) return preferred;
  if (!available.includes(requested)) throw new ProblemError('unsupported-channel');
  return requested;
}

/** What the person may choose from after `sends` sends, the current destination first. */
export function deliveryMethods(
  destinations: readonly ParsedContact[],
  channels: readonly Channel[],
  purpose: Purpose,
  sends: number,
): DeliveryMethod[] {
  return destinations.flatMap((to) => {
    const available = channelsFor(to, channels);
    const offered = available.filter(
      (channel) => channel !== 'call' || available.length === 1 || sends >= SENDS_BEFORE_CALL,
    );
    return offered.map((channel) => ({ channel, to: displayDestination(to, purpose) }));
  });
}

/** The destination as the person sees it: masked in two-factor, where a thief with the password could read it. */
export function displayDestination({ contact }: ParsedContact, purpose: Purpose): string {
  return purpose === 'two-factor' ? maskContact(contact) : formatContact(contact);
}
