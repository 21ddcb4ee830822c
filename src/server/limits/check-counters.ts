/** The counters of one attempt at a code: of the verification, of the destination and of the requester; and those of a question about a proof. Counts nothing. */
import { contactName, type CounterKeys } from './counter-keys.js';
import type { ResolvedLimits } from './limit-options.js';
import type { LimitCounter, LimitSubject } from './limit-subject.js';
import { ACCOUNTS_PER_FACTOR } from './send-counters.js';

const HOUR = 3600;
const DAY = 86_400;

/**
 * With a service for codes of eight digits, a destination has one guess at six digits fewer, and in its place 100 at eight digits,
 * which succeed as rarely. So all guesses at a contact succeed with p ≤ 10⁻⁵ a day, with and without that service.
 */
const LONG_CODE_GUESSES = 100;

/**
 * The counter of one verification, which lasts as long as the verification does at Twilio. After the fifth wrong code, Twilio
 * refuses checks and sends until then (https://www.twilio.com/docs/api/errors/60202), and so a stranger could bar everybody else.
 */
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

/** The counters of wrong codes over all verifications. `longCodes`: whether there is a service for codes of eight digits. */
export function checkCounters(
  { key }: CounterKeys,
  checks: ResolvedLimits['checks'],
  { purpose, subject, address, contact, longCode }: LimitSubject,
  longCodes: boolean,
): LimitCounter[] {
  const use = `check.${purpose}`;
  const name = contactName(contact);
  const owner = key(`${use}.by`, subject, address, ...name);
  const { backoff } = checks;
  const exchanged = longCodes && checks.destination > 0 ? 1 : 0;
  // Strangers who share a second factor must not make its user wait. A contact is guessed at by anybody, so all wait.
  const shared =
    purpose === 'contact'
      ? { limit: checks.destination - exchanged, backoff }
      : { limit: checks.destination * ACCOUNTS_PER_FACTOR };
  const destination = longCode
    ? { key: key(`${use}.long`, ...name), limit: exchanged * LONG_CODE_GUESSES }
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

/** The counters of the question whether a proof holds. A proof cannot be guessed: they bound only the work. */
export function proofCounters(
  { key }: CounterKeys,
  { address: { perHour, perDay } }: ResolvedLimits['proofs'],
  address: string | null,
): LimitCounter[] {
  const name = key('proof', 'address', address);
  const windows = [
    { key: `${name}.hour`, limit: perHour, window: HOUR },
    { key: `${name}.day`, limit: perDay, window: DAY },
  ];
  return windows.flatMap(({ limit, ...rest }): LimitCounter[] =>
    limit === undefined ? [] : [{ limit: 'address', counter: { ...rest, limit }, countsTries: false }],
  );
}
