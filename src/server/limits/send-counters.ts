/** The counters of one send, in the sequence of the options. Counts nothing. */
import type { Counter } from '../store/store.js';
import { contactName, type CounterKeys } from './counter-keys.js';
import type { Quota, ResolvedLimits } from './limit-options.js';
import type { LimitCounter, LimitName, LimitSubject } from './limit-subject.js';
import { countedMailDomain } from './mail-domain.js';
import { networkOf } from './network.js';

const HOUR = 3600;
const DAY = 86_400;

/** Accounts that may have the same second factor and use their whole budget. The next one waits. */
export const ACCOUNTS_PER_FACTOR = 3;

/** Lists the counters of a send: first those of the destination, then of the requester, of the network, and those that all share. */
export function sendCounters(
  { key, sharedKey }: CounterKeys,
  sends: ResolvedLimits['sends'],
  limitSubject: LimitSubject,
): LimitCounter[] {
  const { purpose, subject, address, contact, country } = limitSubject;
  const use = `send.${purpose}`;
  const counters: LimitCounter[] = [];
  const add = (limit: LimitName, counter: Counter): void =>
    void counters.push({ limit, counter, countsTries: limit === 'tries' });
  // One HMAC serves both: it does no harm to show that the two counters belong together.
  const addQuota = (limit: LimitName, quota: Quota | false, name: string, factor = 1): void => {
    const { perHour, perDay }: Quota = quota || {};
    if (perHour !== undefined) add(limit, { key: `${name}.hour`, limit: scaled(perHour, factor), window: HOUR });
    if (perDay !== undefined) add(limit, { key: `${name}.day`, limit: scaled(perDay, factor), window: DAY });
  };

  const destination = contactName(contact);
  const { destination: limit, backoff } = sends;
  if (purpose === 'contact') {
    add('destination', { key: key(use, ...destination), limit, window: DAY, backoff });
  } else {
    add('destination', { key: key(`${use}.pair`, subject, ...destination), limit, window: DAY, backoff });
    add('destination', { key: key(use, ...destination), limit: limit * ACCOUNTS_PER_FACTOR, window: DAY });
  }

  const addressKey = key(use, 'address', address);
  const requesterKey = subject === null ? addressKey : key(use, 'subject', subject);
  if (subject !== null && sends.subject !== false) {
    add('subject', { key: requesterKey, limit: sends.subject, window: DAY });
    add('tries', { key: `${requesterKey}.tries`, limit: sends.subject * sends.tries, window: DAY });
  }
  const destinations = subject === null ? 'addressDestinations' : 'subjectDestinations';
  if (sends[destinations] !== false)
    add(destinations, {
      key: `${requesterKey}.destinations`,
      limit: sends[destinations],
      window: DAY,
      member: key(`${use}.member`, requesterKey, ...destination),
    });
  addQuota('address', sends.address, addressKey);
  addQuota('tries', sends.address, `${addressKey}.tries`, sends.tries);

  counters.push(...networkCounters({ key, sharedKey }, sends, limitSubject));
  if (contact.type === 'phone') addQuota('prefix', sends.prefix, key(use, 'prefix', contact.value.slice(1, 8)));
  if (country !== undefined) addQuota('country', sends.country, sharedKey(use, 'country', country));
  const domain = contact.type === 'email' ? countedMailDomain(contact.value) : null;
  if (domain !== null) addQuota('mailDomain', sends.mailDomain, key(use, 'mailDomain', domain));
  const share = sends.contactType && sends.contactType[contact.type];
  if (share) addQuota('contactType', sends.total, sharedKey(use, 'contactType', contact.type), share);
  addQuota('total', sends.total, sharedKey(use, 'total'));
  return counters;
}

/**
 * The counters of the client's network. Their events belong to the contact, so that `clear` gives back the places of a
 * contact that was verified. A network that is unknown has none: the quota of the unknown address is narrower.
 */
export function networkCounters(
  { key }: CounterKeys,
  { network }: ResolvedLimits['sends'],
  { purpose, address, contact }: LimitSubject,
): LimitCounter[] {
  if (network === false || address === null) return [];
  const use = `send.${purpose}`;
  const name = key(use, 'network', networkOf(address));
  // Eight characters, since a log may have hundreds of owners. Whoever shares an owner by chance gives back one place more.
  const owner = key(`${use}.in`, networkOf(address), ...contactName(contact)).slice(-8);
  const { perHour, perDay } = network;
  const windows = [
    { key: `${name}.hour`, limit: perHour, window: HOUR },
    { key: `${name}.day`, limit: perDay, window: DAY },
  ];
  return windows.flatMap(({ limit, ...rest }): LimitCounter[] =>
    limit === undefined ? [] : [{ limit: 'network', counter: { ...rest, limit, owner }, countsTries: true }],
  );
}

/** A part or a multiple of a limit. Whoever may use a part may use it at least once, if the limit allows anything. */
function scaled(limit: number, factor: number): number {
  return limit === 0 ? 0 : Math.max(1, Math.round(limit * factor));
}
