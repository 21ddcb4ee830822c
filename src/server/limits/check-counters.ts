/** The counters of one attempt at a code: of the verification, of the destination and of the requester. Counts nothing. */
import { contactName, type CounterKeys } from './counter-keys.js';
import type { ResolvedLimits } from './limit-options.js';
import type { LimitCounter, LimitSubject } from './limit-subject.js';
import { ACCOUNTS_PER_FACTOR } from './send-counters.js';

const DAY = 86_400;

/**
 * How many times as many wrong codes of eight digits as of six are allowed at a destination. 100 guesses at eight digits succeed
 * with p ≤ 10⁻⁶ a day, a tenth of what ten guesses at six digits do: together 1.1 × 10⁻⁵.
 */
const LONG_CODE_FACTOR = 10;

/** The counter of one verification, which lasts as long as the verification does at Twilio. */
export function verificationCounter(
  { key }: CounterKeys,
  limit: number,
  window: number,
  { purpose }: LimitSubject,
  verification: string,
): LimitCounter {
  const use = `check.${purpose}.verification`;
  return {
    limit: 'verification',
    counter: { key: key(use, 'verification', verification), limit, window },
    countsTries: false,
  };
}

/** The counters of wrong codes over all verifications. */
export function checkCounters(
  { key }: CounterKeys,
  checks: ResolvedLimits['checks'],
  { purpose, subject, address, contact, longCode }: LimitSubject,
): LimitCounter[] {
  const use = `check.${purpose}`;
  const name = contactName(contact);
  const owner = key(`${use}.by`, subject, address, ...name);
  const { backoff } = checks;
  // Strangers who share a second factor must not make its user wait. A contact is guessed at by anybody, so all wait.
  const shared =
    purpose === 'contact'
      ? { limit: checks.destination, backoff }
      : { limit: checks.destination * ACCOUNTS_PER_FACTOR };
  const destination = longCode
    ? { key: key(`${use}.long`, ...name), limit: checks.destination * LONG_CODE_FACTOR }
    : { key: key(`${use}.destination`, ...name), ...shared };
  return [
    { limit: 'destination', counter: { ...destination, window: DAY, owner }, countsTries: false },
    // An address has no backoff: three people of one office who mistype must not block the fourth.
    subject === null
      ? {
          limit: 'address',
          counter: { key: key(`${use}.address`, 'address', address), limit: checks.address, window: DAY, owner },
          countsTries: false,
        }
      : {
          limit: 'subject',
          counter: {
            key: key(`${use}.subject`, 'subject', subject),
            limit: checks.subject,
            window: DAY,
            backoff,
            owner,
          },
          countsTries: false,
        },
  ];
}
