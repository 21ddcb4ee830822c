/** The limits of sends and checks: which counters apply to a request, and the problem if one of them is full. The store counts. */
import type { Contact, Purpose } from '../../protocol/schemas.js';
import { rateLimitForm } from '../contacts/format-contact.js';
import { resolveLimits, type Quota, type LimitOptions } from './limit-options.js';
import type { Counter, CounterStatus, Store } from '../store/store.js';

export type { LimitOptions } from './limit-options.js';

/** What a request is limited by. The keys of its counters are made from it. */
export interface LimitSubject {
  purpose: Purpose;
  /** The signed-in user. If null, the limits of the address apply instead. */
  subject: string | null;
  /** The normalized client address, IPv6 as its /64. All requests with null share one set of counters. */
  address: string | null;
  contact: Contact;
  /** ISO 3166-1 alpha-2, of a phone number. */
  country?: string;
}

/** A refusal. No counter was changed. */
export interface LimitExceeded {
  granted: false;
  code: 'too-many-sends' | 'resend-too-soon' | 'too-many-attempts';
  /** Seconds until every counter allows the request. */
  retryIn: number;
}

/** A send that is allowed, and already counted. */
export interface SendReservation {
  granted: true;
  /** Seconds until this person can have the next code sent to this destination. */
  resendIn: number;
  /** Undoes the counting. Call it only if Twilio certainly sent nothing. */
  refund(): Promise<void>;
  /** The id for {@link Limits.refundSend}. */
  reservationId: string;
}

/** An attempt that is allowed. It counts as a wrong code unless one of the two methods is called. */
export interface AttemptReservation {
  granted: true;
  /** Attempts left if this code is wrong: the smallest number over all counters. */
  attemptsLeft: number;
  /** Seconds until the next attempt if this code is wrong. */
  retryIn: number;
  /** Undoes the counting. Call it only if Twilio certainly did not look at the code. */
  refund(): Promise<void>;
  /**
   * Call it if the code was right. It clears the counter of the verification, and the failures of this subject with this
   * destination from this address (NIST SP 800-63B §5.2.2). The failures of others stay: clearing them would give them ten more guesses.
   */
  resetFailures(): Promise<void>;
}

/** The limits on a store. Each method makes one call to the store and rejects with its StoreError. `now` is in milliseconds since 1970. */
export interface Limits {
  /** Reserves one send in all of its counters, or in none. */
  send(subject: LimitSubject, now: number): Promise<SendReservation | LimitExceeded>;
  /** Refunds a send by its id: another request, perhaps in another process, found out that nothing was sent. */
  refundSend(subject: LimitSubject, reservationId: string, now: number): Promise<void>;
  /** Seconds until a send would be allowed. Counts nothing. */
  resendIn(subject: LimitSubject, now: number): Promise<number>;
  /** Reserves one attempt. `verification` is Twilio's SID. */
  check(subject: LimitSubject, verification: string, now: number): Promise<AttemptReservation | LimitExceeded>;
}

const HOUR = 3600;
const DAY = 86_400;

/**
 * Makes the limits on a store. `hash` makes the keys; it must be an HMAC under a secret, because phone numbers have too little
 * entropy for a hash without one. `verificationLifetime` is in seconds: the counter of a verification lasts as long as the
 * verification does at Twilio. Throws as {@link resolveLimits} does.
 */
export function createRateLimits(
  store: Store,
  hash: (text: string) => string,
  verificationLifetime: number,
  options?: LimitOptions,
): Limits {
  const { sends, checks } = resolveLimits(options);
  /** Hashes the use together with the name, so that a leaked store does not show which counters belong to one person. */
  const key = (use: string, ...name: (string | null)[]): string => hash(JSON.stringify([use, ...name]));
  const sharedKeys = new Map<string, string>();
  /** As `key`, hashed once per name: for the few hundred names that belong to no person. */
  const sharedKey = (use: string, ...name: string[]): string => {
    const text = `${use} ${name.join(' ')}`;
    const cached = sharedKeys.get(text) ?? key(use, ...name);
    sharedKeys.set(text, cached);
    return cached;
  };
  const contactName = (contact: Contact): string[] => ['contact', contact.type, rateLimitForm(contact)];

  function sendCounters({ purpose, subject, address, contact, country }: LimitSubject): Counter[] {
    const use = `send.${purpose}`;
    const destination = contactName(contact);
    const addressKey = key(use, 'address', address);
    const requesterKey = subject === null ? addressKey : key(use, 'subject', subject);
    const counters: Counter[] = [
      { key: key(use, ...destination), limit: sends.destination, window: DAY, backoff: sends.backoff },
    ];
    const addQuota = (quota: Quota | false, name: string): void => {
      const { perHour, perDay }: Quota = quota || {};
      // One HMAC serves both: it does no harm to show that the two counters belong together.
      if (perHour !== undefined) counters.push({ key: `${name}.hour`, limit: perHour, window: HOUR });
      if (perDay !== undefined) counters.push({ key: `${name}.day`, limit: perDay, window: DAY });
    };
    if (subject !== null && sends.subject !== false)
      counters.push({ key: requesterKey, limit: sends.subject, window: DAY });
    const destinations = subject === null ? sends.addressDestinations : sends.subjectDestinations;
    if (destinations !== false)
      counters.push({
        key: `${requesterKey}.destinations`,
        limit: destinations,
        window: DAY,
        member: key(`${use}.member`, requesterKey, ...destination),
      });
    addQuota(sends.address, addressKey);
    if (contact.type === 'phone') addQuota(sends.prefix, key(use, 'prefix', contact.value.slice(1, 8)));
    if (country !== undefined) addQuota(sends.country, sharedKey(use, 'country', country));
    addQuota(sends.total, sharedKey(use, 'total'));
    return counters;
  }

  function checkCounters({ purpose, subject, address, contact }: LimitSubject, verification: string): Counter[] {
    const use = `check.${purpose}`;
    const owner = key(`${use}.by`, subject, address, ...contactName(contact));
    const { backoff } = checks;
    return [
      {
        key: key(`${use}.verification`, 'verification', verification),
        limit: checks.verification,
        window: verificationLifetime,
      },
      {
        key: key(`${use}.destination`, ...contactName(contact)),
        limit: checks.destination,
        window: DAY,
        backoff,
        owner,
      },
      // An address has no backoff: three people of one office who mistype must not block the fourth.
      subject === null
        ? { key: key(`${use}.address`, 'address', address), limit: checks.address, window: DAY, owner }
        : { key: key(`${use}.subject`, 'subject', subject), limit: checks.subject, window: DAY, backoff, owner },
    ];
  }

  return {
    async send(subject, now) {
      const counters = sendCounters(subject);
      const { granted, statuses, reservationId } = await store.reserve(counters, now);
      if (granted)
        return {
          granted: true,
          resendIn: longestWait(statuses),
          reservationId,
          refund: () => store.refund(counters, reservationId, now),
        };
      // Only the first counter, the destination's, has a backoff. The send is too soon if the backoff alone refuses it.
      const tooSoon = statuses.every(({ count, retryIn }, i) => (i === 0 ? count < sends.destination : retryIn === 0));
      return { granted: false, code: tooSoon ? 'resend-too-soon' : 'too-many-sends', retryIn: longestWait(statuses) };
    },
    refundSend: (subject, reservationId, now) => store.refund(sendCounters(subject), reservationId, now),
    async resendIn(subject, now) {
      return longestWait(await store.peek(sendCounters(subject), now));
    },
    async check(subject, verification, now) {
      const counters = checkCounters(subject, verification);
      const { granted, statuses, reservationId } = await store.reserve(counters, now);
      if (!granted) return { granted: false, code: 'too-many-attempts', retryIn: longestWait(statuses) };
      return {
        granted: true,
        attemptsLeft: Math.min(...counters.map(({ limit }, i) => limit - (statuses[i]?.count ?? limit))),
        retryIn: longestWait(statuses),
        refund: () => store.refund(counters, reservationId, now),
        resetFailures: () => store.clear(counters, now),
      };
    },
  };
}

function longestWait(statuses: readonly CounterStatus[]): number {
  return Math.max(0, ...statuses.map(({ retryIn }) => retryIn));
}
