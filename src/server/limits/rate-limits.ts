/** The policy of sends and checks: which counters a request meets, and what a refusal is called. It counts nothing itself: the store does. */
import type { Contact, Purpose } from '../../protocol/schemas.js';
import { rateLimitForm } from '../contacts/format-contact.js';
import { resolveLimits, type Quota, type LimitOptions } from './limit-options.js';
import type { Counter, CounterStatus, Store, Reservation } from '../store/store.js';

export type { LimitOptions } from './limit-options.js';

/** Who asks for what; the counters' keys are made of it. */
export interface LimitSubject {
  purpose: Purpose;
  /** The signed-in user; null falls to the address. */
  subject: string | null;
  /** The client address in canonical form, IPv6 as its /64; null falls to one bucket that all such requests share. */
  address: string | null;
  contact: Contact;
  /** ISO 3166-1 alpha-2; for phones. */
  country?: string;
}

/** What was not granted; nothing was counted. `retryIn`, in seconds, is the longest of the counters that refused. */
export interface LimitExceeded {
  granted: false;
  code: 'too-many-sends' | 'resend-too-soon' | 'too-many-attempts';
  retryIn: number;
}

/** A code may be sent, and is counted as sent. */
export interface SendReservation {
  granted: true;
  /** Seconds until the same person may have another code sent to this destination. */
  resendIn: number;
  /** Where Twilio certainly sent nothing. */
  refund(): Promise<void>;
  /** Names this send for `giveBackSend`. */
  reservationId: string;
}

/** A code may be checked, and is counted as wrong until one of the two methods says otherwise. */
export interface AttemptReservation {
  granted: true;
  /** If this one is wrong: the fewest that any counter leaves. */
  attemptsLeft: number;
  /** If this one is wrong: seconds until the next may be tried. */
  retryIn: number;
  /** Where Twilio certainly did not look at the code. */
  refund(): Promise<void>;
  /**
   * The code was right: forgets this attempt, the verification's, and the failures that the same subject had with this destination
   * from this address (as NIST SP 800-63B §5.2.2 has it). What others failed at remains, or a success would hand them ten more guesses.
   */
  resetFailures(): Promise<void>;
}

/** Each method is one question to the store and rejects with its StoreError; `now` is in milliseconds. */
export interface Limits {
  send(asked: LimitSubject, now: number): Promise<SendReservation | LimitExceeded>;
  /** As a grant's `giveBack`, for the request that finds out later, perhaps in another process, that nothing was sent. */
  refundSend(asked: LimitSubject, reservationId: string, now: number): Promise<void>;
  /** Seconds until a send would be granted; counts nothing. */
  resendIn(asked: LimitSubject, now: number): Promise<number>;
  /** `verification` is Twilio's SID of the verification that the code is for. */
  check(asked: LimitSubject, verification: string, now: number): Promise<AttemptReservation | LimitExceeded>;
}

const HOUR = 3600;
const DAY = 86_400;

/** `hash` makes keys of texts: an HMAC under a secret, since numbers have too little entropy for a bare hash. */
export function createRateLimits(store: Store, hash: (text: string) => string, options?: LimitOptions): Limits {
  const { sends, checks } = resolveLimits(options);
  /** The use is hashed with the name, so that a leaked store does not show which counters belong to one person. */
  const key = (use: string, ...name: (string | null)[]): string => hash(JSON.stringify([use, ...name]));
  const sharedKeys = new Map<string, string>();
  /** The same for names that belong to nobody, of which there are a few hundred: they are hashed once. */
  const shared = (use: string, ...name: string[]): string => {
    const text = `${use} ${name.join(' ')}`;
    const there = sharedKeys.get(text) ?? key(use, ...name);
    sharedKeys.set(text, there);
    return there;
  };
  const named = (contact: Contact): string[] => ['contact', contact.type, rateLimitForm(contact)];

  function sendCounters({ purpose, subject, address, contact, country }: LimitSubject): Counter[] {
    const use = `send.${purpose}`;
    const to = named(contact);
    const from = key(use, 'address', address);
    const requester = subject === null ? from : key(use, 'subject', subject);
    const counters: Counter[] = [
      { key: key(use, ...to), limit: sends.destination, window: DAY, backoff: sends.backoff },
    ];
    const within = (allowed: Quota | false, name: string): void => {
      const { perHour, perDay }: Quota = allowed || {};
      // One HMAC for both: that an hour and a day belong together tells nobody anything.
      if (perHour !== undefined) counters.push({ key: `${name}.hour`, limit: perHour, window: HOUR });
      if (perDay !== undefined) counters.push({ key: `${name}.day`, limit: perDay, window: DAY });
    };
    if (subject !== null && sends.subject !== false)
      counters.push({ key: requester, limit: sends.subject, window: DAY });
    const others = subject === null ? sends.addressDestinations : sends.subjectDestinations;
    if (others !== false)
      counters.push({
        key: `${requester}.destinations`,
        limit: others,
        window: DAY,
        member: key(`${use}.member`, requester, ...to),
      });
    within(sends.address, from);
    if (contact.type === 'phone') within(sends.prefix, key(use, 'prefix', contact.value.slice(1, 8)));
    if (country !== undefined) within(sends.country, shared(use, 'country', country));
    within(sends.total, shared(use, 'total'));
    return counters;
  }

  function checkCounters({ purpose, subject, address, contact }: LimitSubject, verification: string): Counter[] {
    const use = `check.${purpose}`;
    const owner = key(`${use}.by`, subject, address, ...named(contact));
    const { backoff } = checks;
    return [
      {
        key: key(`${use}.verification`, 'verification', verification),
        limit: checks.verification,
        window: checks.verificationLife,
      },
      { key: key(`${use}.destination`, ...named(contact)), limit: checks.destination, window: DAY, backoff, owner },
      // No waits for an address: three people of one office who mistype must not stop the fourth.
      subject === null
        ? { key: key(`${use}.address`, 'address', address), limit: checks.address, window: DAY, owner }
        : { key: key(`${use}.subject`, 'subject', subject), limit: checks.subject, window: DAY, backoff, owner },
    ];
  }

  return {
    async send(asked, now) {
      const counters = sendCounters(asked);
      const { granted, statuses, reservationId: reservationId } = await store.reserve(counters, now);
      if (granted)
        return {
          granted: true,
          resendIn: longestWait(statuses),
          reservationId,
          refund: () => store.refund(counters, reservationId, now),
        };
      // The destination comes first: it alone has waits, and says no by them as long as its day is not used up.
      const waiting = statuses.every(({ count, retryIn }, i) => (i === 0 ? count < sends.destination : retryIn === 0));
      return { granted: false, code: waiting ? 'resend-too-soon' : 'too-many-sends', retryIn: longestWait(statuses) };
    },
    refundSend: (asked, reservationId, now) => store.refund(sendCounters(asked), reservationId, now),
    async resendIn(asked, now) {
      return longestWait(await store.peek(sendCounters(asked), now));
    },
    async check(asked, verification, now) {
      const counters = checkCounters(asked, verification);
      const { granted, statuses, reservationId }: Reservation = await store.reserve(counters, now);
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

function longestWait(standings: readonly CounterStatus[]): number {
  return Math.max(0, ...standings.map(({ retryIn }) => retryIn));
}
