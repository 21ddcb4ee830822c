/** The limits of sends and checks: which counters apply to a request, and the problem if one of them is full. The store counts. */
import type { Channel } from '../../protocol/schemas.js';
import type { CounterStatus, Store } from '../store/store.js';
import { checkCounters, proofCounters, verificationCounter } from './check-counters.js';
import { createCounterKeys } from './counter-keys.js';
import { resolveLimits, type LimitOptions } from './limit-options.js';
import type { LimitCounter, LimitName, LimitSubject } from './limit-subject.js';
import { networkCounters, sendCounters } from './send-counters.js';

export type { LimitOptions } from './limit-options.js';
export type { LimitSubject } from './limit-subject.js';

/** A refusal. No counter was changed. */
export interface LimitExceeded {
  granted: false;
  code: 'too-many-sends' | 'resend-too-soon' | 'too-many-attempts';
  /** Seconds until every counter allows the request. Of a check: until a code can be tried, which may have to be a new one. */
  retryIn: number;
  /**
   * The limits that refuse; for `too-many-attempts` only those of checks. `destination` alone: others have used up the wrong
   * codes, and a code of eight digits may still be sent. `verification` alone: a new verification may be sent.
   */
  refusedBy: LimitName[];
}

/** A send that is allowed, and already counted. */
export interface SendReservation {
  granted: true;
  /** Seconds until this person can have the next code sent to this destination. */
  resendIn: number;
  /**
   * Undoes the counting. Call it only if certainly nothing was sent. `reachedTwilio`: a request of this send went to Twilio, which
   * keeps it counted as a try. If nobody knows, it is true.
   */
  refund(reachedTwilio: boolean): Promise<void>;
  /** The id for {@link Limits.refundSend}. */
  reservationId: string;
}

/** An attempt that is allowed. It counts as a wrong code unless one of the two methods is called. */
export interface AttemptReservation {
  granted: true;
  /** Attempts left if this code is wrong: the smallest number over all counters. */
  attemptsLeft: number;
  /** Seconds until the next attempt if this code is wrong. With no attempts left, it needs a new code. */
  retryIn: number;
  /** Undoes the counting. Call it only if Twilio certainly did not look at the code. */
  refund(): Promise<void>;
  /**
   * Call it if the code was right. It clears the counter of the verification, the failures of this subject with this
   * destination from this address (NIST SP 800-63B §5.2.2), and gives the places of the destination back to the network.
   * The failures of others stay: clearing them would give them ten more guesses.
   */
  resetFailures(): Promise<void>;
}

/** What a request would wait for now. Nothing was counted. */
interface Waits {
  /** Seconds until a send would be allowed. */
  resendIn: number;
  /** The limits that `resendIn` comes from. */
  resendRefusedBy: LimitName[];
  /** Seconds until a code could be checked: if a code expires sooner, it is of no use. */
  checkIn: number;
  /** The limits that `checkIn` comes from. */
  checkRefusedBy: LimitName[];
}

/** The limits on a store. Each method makes one call to the store and rejects with its StoreError. `now` is in milliseconds since 1970. */
export interface Limits {
  /** Seconds to the second send to a destination that nobody has sent to. */
  readonly firstResendIn: number;
  /**
   * Reserves one send in all of its counters, or in none. A code that could not be checked is not sent: the send is refused
   * with `too-many-attempts` if a check would have to wait until two minutes before the code expires. Name the `verification`
   * (Twilio's SID) if the send repeats its code: then its own wrong codes are looked at as well. Leave it out for a new one.
   */
  send(subject: LimitSubject, now: number, verification?: string): Promise<SendReservation | LimitExceeded>;
  /** Refunds a send by its id: another request, perhaps in another process, found out that nothing was sent. It stays a try. */
  refundSend(subject: LimitSubject, reservationId: string, now: number): Promise<void>;
  /** What a send and a check would wait for. `verification` as in `send`. For a request that sends nothing, because a code is active. */
  peek(subject: LimitSubject, now: number, verification?: string): Promise<Waits>;
  /** Reserves one attempt. `verification` is Twilio's SID. */
  check(subject: LimitSubject, verification: string, now: number): Promise<AttemptReservation | LimitExceeded>;
  /** Counts one question whether a proof holds, from this address. */
  proof(address: string | null, now: number): Promise<{ granted: true } | LimitExceeded>;
}

/** What the host has besides the limits. */
interface Setup {
  /** Default all. */
  channels?: readonly Channel[];
  /** Whether a Verify service for codes of eight digits is there. Default false. */
  longCodes?: boolean;
}

/** Seconds of a code's life in which it must be possible to check it. */
const TIME_TO_CHECK = 120;

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
  { channels, longCodes = false }: Setup = {},
): Limits {
  const { sends, checks, proofs } = resolveLimits(options, channels);
  const keys = createCounterKeys(hash);
  const latestCheck = Math.max(0, verificationLifetime - TIME_TO_CHECK);

  const ofCodes = (subject: LimitSubject): LimitCounter[] => checkCounters(keys, checks, subject, longCodes);
  const ofVerification = (subject: LimitSubject, verification: string): LimitCounter =>
    verificationCounter(keys, checks.verification, verificationLifetime, subject, verification);
  /** The counters of a check, which a send only looks at. Those of a verification have no backoff: they refuse for good. */
  const observed = (subject: LimitSubject, verification: string | undefined): LimitCounter[] => [
    ...ofCodes(subject).map((one) => observe(one, latestCheck)),
    ...(verification === undefined ? [] : [observe(ofVerification(subject, verification), 0)]),
  ];
  /** Leaves out what does not bind the next code: the tries of this one and, where one of eight digits may be sent, those of six. */
  const untilNextTry = (
    { purpose, longCode, test }: LimitSubject,
    guesses: readonly LimitCounter[],
    statuses: readonly CounterStatus[],
  ): number => {
    const mayBeLong = longCodes && purpose === 'contact' && !longCode && !test;
    const binding = statuses.filter(({ retryIn }, i) => {
      const { limit } = guesses[i]!;
      return limit !== 'verification' && !(mayBeLong && limit === 'destination' && retryIn > latestCheck);
    });
    return longestWait(binding);
  };
  const refundable = (counters: readonly LimitCounter[], reachedTwilio: boolean) =>
    counters.filter(({ countsTries }) => !(reachedTwilio && countsTries)).map(({ counter }) => counter);

  return {
    firstResendIn: sends.backoff[0] ?? 0,
    async send(subject, now, verification) {
      const own = sendCounters(keys, sends, subject);
      const counters = [...own, ...observed(subject, verification)];
      const { granted, statuses, reservationId } = await store.reserve(countersOf(counters), now);
      const ofSend = statuses.slice(0, own.length);
      if (granted)
        return {
          granted: true,
          resendIn: longestWait(ofSend),
          reservationId,
          refund: (reachedTwilio) => store.refund(refundable(own, reachedTwilio), reservationId, now),
        };
      const retryIn = longestWait(statuses);
      const uncheckable = waiting(counters.slice(own.length), statuses.slice(own.length));
      if (uncheckable.length > 0) return { granted: false, code: 'too-many-attempts', retryIn, refusedBy: uncheckable };
      // The send is too soon if the backoff alone refuses it.
      const tooSoon = ofSend.every(({ count, retryIn: wait }, i) => {
        const { backoff, limit } = own[i]!.counter;
        return backoff ? count < limit : wait === 0;
      });
      const code = tooSoon ? 'resend-too-soon' : 'too-many-sends';
      return { granted: false, code, retryIn: longestWait(ofSend), refusedBy: waiting(own, ofSend) };
    },
    refundSend: (subject, reservationId, now) =>
      store.refund(refundable(sendCounters(keys, sends, subject), true), reservationId, now),
    async peek(subject, now, verification) {
      const own = sendCounters(keys, sends, subject);
      const ofCheck = observed(subject, verification).map((one) => observe(one, 0));
      const statuses = await store.peek(countersOf([...own, ...ofCheck]), now);
      const checkStatuses = statuses.slice(own.length);
      return {
        resendIn: longestWait(statuses.slice(0, own.length)),
        resendRefusedBy: waiting(own, statuses.slice(0, own.length)),
        checkIn: longestWait(checkStatuses),
        checkRefusedBy: waiting(ofCheck, checkStatuses),
      };
    },
    async check(subject, verification, now) {
      const guesses = [ofVerification(subject, verification), ...ofCodes(subject)];
      const counters = countersOf(guesses);
      const { granted, statuses, reservationId } = await store.reserve(counters, now);
      if (!granted)
        return {
          granted: false,
          code: 'too-many-attempts',
          retryIn: untilNextTry(subject, guesses, statuses),
          refusedBy: waiting(guesses, statuses),
        };
      return {
        granted: true,
        attemptsLeft: Math.min(...counters.map(({ limit }, i) => limit - (statuses[i]?.count ?? limit))),
        retryIn: untilNextTry(subject, guesses, statuses),
        refund: () => store.refund(counters, reservationId, now),
        resetFailures: () => store.clear([...counters, ...countersOf(networkCounters(keys, sends, subject))], now),
      };
    },
    async proof(address, now) {
      const { granted, statuses } = await store.reserve(countersOf(proofCounters(keys, proofs, address)), now);
      if (granted) return { granted: true };
      return { granted: false, code: 'too-many-attempts', retryIn: longestWait(statuses), refusedBy: ['address'] };
    },
  };
}

const observe = ({ counter, ...rest }: LimitCounter, seconds: number): LimitCounter => ({
  ...rest,
  counter: { ...counter, observed: seconds },
});

const countersOf = (counters: readonly LimitCounter[]) => counters.map(({ counter }) => counter);

/** The limits of the counters that refuse: each once. */
function waiting(counters: readonly LimitCounter[], statuses: readonly CounterStatus[]): LimitName[] {
  const names = counters.flatMap(({ limit, counter }, i) =>
    (statuses[i]?.retryIn ?? 0) > (counter.observed ?? 0) ? [limit] : [],
  );
  return [...new Set(names)];
}

function longestWait(statuses: readonly CounterStatus[]): number {
  return Math.max(0, ...statuses.map(({ retryIn }) => retryIn));
}
