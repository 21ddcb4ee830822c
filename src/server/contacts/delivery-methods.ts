/** Which channels can carry a code to a contact, and which of them a person is offered. Pure. */
import type { Channel, DeliveryMethod, Purpose } from '../../protocol/schemas.js';
import { formatContact, maskContact } from './format-contact.js';
import type { ParsedContact } from './parse-contact.js';
import { ProblemError } from '../../protocol/problem-error.js';

/** Twilio advises to offer a call from the third attempt on (https://www.twilio.com/docs/verify/developer-best-practices). */
const SENDS_BEFORE_CALL = 2;

/** The channels that are on and reach this contact; a landline is reached by call alone. */
export function channelsFor({ contact, landline }: ParsedContact, channels: readonly Channel[]): Channel[] {
  if (contact.type === 'email') return channels.filter((channel) => channel === 'email');
  return channels.filter((channel) => (landline ? channel === 'call' : channel !== 'email'));
}

/** The channel asked for, or the usual one: the first that is no call. Throws `unsupported-channel` or, where none is left, `unsupported-contact`. */
export function chooseChannel(to: ParsedContact, asked: Channel | undefined, channels: readonly Channel[]): Channel {
  const open = channelsFor(to, channels);
  const usual = open.find((channel) => channel !== 'call') ?? open[0];
  if (usual === undefined) throw new ProblemError('unsupported-contact');
  if (asked === undefined) return usual;
  if (!open.includes(asked)) throw new ProblemError('unsupported-channel');
  return asked;
}

/** What the person may choose from after `sends` sends, the destination at hand first. */
export function deliveryMethods(
  destinations: readonly ParsedContact[],
  channels: readonly Channel[],
  purpose: Purpose,
  sends: number,
): DeliveryMethod[] {
  return destinations.flatMap((to) => {
    const open = channelsFor(to, channels);
    const offered = open.filter((channel) => channel !== 'call' || open.length === 1 || sends >= SENDS_BEFORE_CALL);
    return offered.map((channel) => ({ channel, to: displayDestination(to, purpose) }));
  });
}

/** The destination as the person gets to see it: masked where it is not theirs to change. */
export function displayDestination({ contact }: ParsedContact, purpose: Purpose): string {
  return purpose === 'two-factor' ? maskContact(contact) : formatContact(contact);
}
