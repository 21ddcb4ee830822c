/**
 * Which of many requests submits a code to Twilio. Requests with the same idempotency key are one attempt.
 *
 * The check lock lets one attempt of a verification be checked at a time. Only so can an unanswered check be settled later:
 * Twilio says whether a verification was approved, and with one check outstanding that says whose code was right.
 *
 * | broke off after | attempt | check lock | the same attempt again | another attempt |
 * | --- | --- | --- | --- | --- |
 * | a guess was reserved | no outcome | none | starts over | is checked |
 * | the code was submitted | no outcome | checking | asks Twilio if it was approved, else submits again | asks Twilio: approved is `code-expired`, else it is checked |
 * | the verification was consumed | no outcome | consumed | records the approval | resumes this one, or is refused |
 * | the approval was recorded | approval, not notified | consumed | notifies the accounts | resumes this one, or is refused |
 * | the accounts were notified | approval, notified | consumed | gets the same proof | is refused |
 * | the lock was released | no outcome | none | starts over | is checked |
 * | a rejection was recorded | rejection | none | gets the same problem | is checked |
 *
 * Where a check went unanswered, the lock is not removed but stays indeterminate, also after a release or a rejection.
 *
 * Without an outcome, another request goes on once the call deadline is over, or at once if the attempt (or the lock) is marked
 * as indeterminate. Only a request with the same challenge, person and code can resume an attempt under another key.
 */
import { ProblemError } from '../../../protocol/problem-error.js';
import type { LimitExceeded, LimitSubject } from '../../limits/rate-limits.js';
import type { BackendContext } from '../../setup/context.js';
import {
  asStored,
  ttl,
  type AttemptRecord,
  type CheckLockRecord,
  type RecordEntry,
  type Versioned,
} from '../../store/records.js';
import type { ChallengePayload } from '../../tokens/challenge-token.js';
import { pollUntil } from '../poll-until.js';
import { problemFromTwilio } from '../twilio-problem.js';
import { verifyServiceOf } from '../verify-service.js';

/** HMACs of code and subject. An attempt serves no other code and nobody else. */
export type Fingerprint = Pick<AttemptRecord, 'code' | 'subject'>;

/** An attempt, as it was last read. `resumed`: an earlier request of it may have reached Twilio and did not record an outcome. */
export interface Attempt {
  entry: RecordEntry<AttemptRecord>;
  found: Versioned<AttemptRecord>;
  resumed: boolean;
}

/** An earlier attempt with the same challenge, person and code, which this request may resume. */
export interface AbandonedAttempt {
  abandoned: RecordEntry<AttemptRecord>;
}

/** Begins the attempt, or finds its outcome; waits while another request works on it. The same key with another code is `invalid-request`. */
export async function beginAttempt(
  backend: BackendContext,
  entry: RecordEntry<AttemptRecord>,
  fingerprint: Fingerprint,
): Promise<Attempt> {
  return await pollUntil(backend, async () => {
    const now = backend.now();
    const begun: AttemptRecord = { ...fingerprint, at: now, indeterminate: false };
    const found = await entry.setIfAbsent(begun, ttl.attempt, now);
    if (found === null) return { entry, found: asStored(begun), resumed: false };
    if (found.value.subject !== fingerprint.subject) throw new ProblemError('invalid-challenge');
    if (found.value.code !== fingerprint.code) throw new ProblemError('invalid-request');
    if (found.value.outcome) return { entry, found, resumed: false };
    if (isOver(backend, found.value) && (await entry.compareAndSet(found, begun, ttl.attempt, now)))
      return { entry, found: asStored(begun), resumed: true };
    return null;
  });
}

/** Removes an attempt that came to nothing, so that the same request may try again. */
export async function dropAttempt(backend: BackendContext, { entry, found }: Attempt): Promise<void> {
  await entry.compareAndSet(found, null, 0, backend.now());
}

/** Marks an attempt as indeterminate, so that the next request of it need not wait to find out. */
export async function markAttempt(backend: BackendContext, { entry, found }: Attempt): Promise<void> {
  await entry.compareAndSet(found, { ...found.value, indeterminate: true }, ttl.attempt, backend.now());
}

/**
 * Called when a check is refused before it reaches Twilio. After a reload the page has another idempotency key, but the same
 * challenge, person and code: then it resumes the attempt that was abandoned, so that an approval is not lost. Anything else
 * throws the refusal. Trying a code here is a guess and counts as one, unless it is the code of the abandoned attempt.
 */
export async function findAbandonedAttempt(
  { records, limits, now, callDeadlineMs }: BackendContext,
  {
    challenge,
    fingerprint,
    limitSubject,
  }: { challenge: ChallengePayload; fingerprint: Fingerprint; limitSubject: LimitSubject },
  { entry }: Attempt,
  refusal: ProblemError,
): Promise<AbandonedAttempt> {
  const lock = (await records.checkLock(challenge.verification).get(now()))?.value;
  const sameChallenge = lock?.challenge === challenge.id;
  // That the code has been used says more than any other refusal.
  const problem =
    lock?.state === 'consumed' ? new ProblemError(sameChallenge ? 'invalid-challenge' : 'code-expired') : refusal;
  const isGone = problem.code === 'invalid-challenge' || problem.code === 'code-expired';
  if (!isGone || !sameChallenge || lock.attempt === entry.key) throw problem;
  const abandoned = records.attemptOf(lock);
  const attempt = (await abandoned.get(now()))?.value;
  if (!attempt || !isUnanswered(attempt) || !isOver({ now, callDeadlineMs }, attempt)) throw problem;
  const reservation = await limits.check(limitSubject, challenge.verification, now());
  if (!reservation.granted) throw tooManyAttempts(reservation);
  if (attempt.code !== fingerprint.code || attempt.subject !== fingerprint.subject) throw problem;
  await reservation.refund();
  return { abandoned };
}

/** The problem of a check that a limit refuses. Without a wait, a new code can be sent. */
export const tooManyAttempts = ({ code, retryIn }: LimitExceeded): ProblemError =>
  new ProblemError(code, retryIn > 0 ? { retryIn } : {});

/** Whether the attempt has no outcome, or one that the accounts do not know yet. A code proves something once, even if the response was lost. */
const isUnanswered = ({ outcome }: AttemptRecord): boolean =>
  outcome === undefined || ('jti' in outcome && !outcome.notified);

/** Whether the request that wrote this has failed or died. If it is still at work, the outcome is its own to record. */
const isOver = (
  { now, callDeadlineMs }: Pick<BackendContext, 'now' | 'callDeadlineMs'>,
  { indeterminate, at }: Pick<AttemptRecord, 'indeterminate' | 'at'>,
): boolean => indeterminate || now() - at > callDeadlineMs;

/**
 * The check lock of a verification. `isFirst`: no check before this one went unanswered. `mayInherit`: an earlier request of this
 * attempt had the lock, and no other attempt can have been approved.
 */
export interface CheckLock {
  entry: RecordEntry<CheckLockRecord>;
  found: Versioned<CheckLockRecord>;
  isFirst: boolean;
  mayInherit: boolean;
}

/** Seconds until no challenge of the verification can be checked any more, and until no outcome is repeated. */
export const lockTtl = ({ now }: Pick<BackendContext, 'now'>, { expiresAt }: ChallengePayload): number =>
  Math.max(0, Math.ceil((expiresAt - now()) / 1000)) + ttl.outcome;

/**
 * Takes the check lock, when no other attempt is being checked. A consumed verification is `code-expired`. If an earlier
 * check went unanswered, asks Twilio first: if the verification was approved, it was approved for that check.
 */
export async function acquireCheckLock(
  backend: BackendContext,
  challenge: ChallengePayload,
  attempt: Attempt,
): Promise<CheckLock> {
  const entry = backend.records.checkLock(challenge.verification);
  const own = attempt.entry.key;
  return await pollUntil(backend, async () => {
    const now = backend.now();
    const seconds = lockTtl(backend, challenge);
    const fresh: CheckLockRecord = {
      attempt: own,
      challenge: challenge.id,
      at: now,
      state: 'checking',
      uncontended: true,
    };
    const found = await entry.setIfAbsent(fresh, seconds, now);
    if (found === null) return { entry, found: asStored(fresh), isFirst: true, mayInherit: false };
    const holder = found.value;
    const isOwn = holder.attempt === own;
    if (holder.state === 'consumed') {
      // Consumed by the request whose place this one took: the approval is this attempt's.
      if (isOwn && attempt.resumed) return { entry, found, isFirst: false, mayInherit: true };
      throw new ProblemError('code-expired');
    }
    const holderIsOver = isOver(backend, { indeterminate: holder.state === 'indeterminate', at: holder.at });
    if (!isOwn && holderIsOver && (await wasApproved(backend, challenge))) throw new ProblemError('code-expired');
    if (isOwn || holderIsOver) {
      // Twilio's list of attempts may lag: an attempt that follows an unanswered one must not be taken for the approved one.
      const taken: CheckLockRecord = { ...fresh, uncontended: isOwn && holder.uncontended };
      if (await entry.compareAndSet(found, taken, seconds, now))
        return { entry, found: asStored(taken), isFirst: false, mayInherit: taken.uncontended };
    }
    return null;
  });
}

/**
 * Lets the next attempt be checked. Where a check before this one went unanswered, the lock stays and says so: Twilio's list of
 * attempts may lag, and a later attempt must not be taken for the approved one. Does nothing if another attempt has taken the
 * lock over.
 */
export async function releaseCheckLock(
  backend: BackendContext,
  challenge: ChallengePayload,
  { entry, found, isFirst }: CheckLock,
): Promise<void> {
  const rest: CheckLockRecord | null = isFirst ? null : { ...found.value, state: 'indeterminate' };
  await entry.compareAndSet(found, rest, lockTtl(backend, challenge), backend.now());
}

/**
 * Turns the lock into the record of who consumed the verification. If another attempt took the lock over meanwhile, it loses
 * it again: Twilio approves once, and approved this one. Throws `code-expired` if another attempt consumed the verification.
 */
export async function consumeVerification(
  backend: BackendContext,
  challenge: ChallengePayload,
  { entry, found }: CheckLock,
): Promise<void> {
  const now = backend.now();
  const seconds = lockTtl(backend, challenge);
  const consumed: CheckLockRecord = { ...found.value, at: now, state: 'consumed' };
  let current: Versioned<CheckLockRecord> | null = found;
  for (;;) {
    const written = current
      ? await entry.compareAndSet(current, consumed, seconds, now)
      : (await entry.setIfAbsent(consumed, seconds, now)) === null;
    if (written) return;
    current = await entry.get(now);
    if (current?.value.state !== 'consumed') continue;
    if (current.value.attempt === consumed.attempt) return;
    throw new ProblemError('code-expired');
  }
}

/** Asks Twilio whether the verification was approved. */
export async function wasApproved(backend: BackendContext, challenge: ChallengePayload): Promise<boolean> {
  try {
    return await backend.verifyClient.wasConverted(verifyServiceOf(challenge), challenge.verification);
  } catch (error) {
    problemFromTwilio(backend, error, 'check', backend.codeLifetimeMs);
    throw new ProblemError('unavailable');
  }
}
