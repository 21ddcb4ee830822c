/** How a check ends: approved, rejected or indeterminate. What is recorded here is what a repeated request gets. */
import { ProblemError } from '../../../protocol/problem-error.js';
import { maskContact } from '../../contacts/format-contact.js';
import type { AttemptReservation } from '../../limits/rate-limits.js';
import type { BackendContext } from '../../setup/context.js';
import {
  asStored,
  ttl,
  type AttemptRecord,
  type CheckLockRecord,
  type CheckOutcome,
  type Rejection,
} from '../../store/records.js';
import type { ChallengePayload } from '../../tokens/challenge-token.js';
import { consumeVerification, lockTtl, markAttempt, wasApproved, type Attempt, type CheckLock } from './idempotency.js';
import { accountsToNotify, type CheckedChallenge } from './issue-proof.js';

/** What every status of a check but `approved` means. */
export function outcomeForStatus(
  { now }: BackendContext,
  status: string,
  expiresAt: number,
  { attemptsLeft, retryIn }: AttemptReservation,
): Rejection {
  switch (status) {
    case 'pending':
      return {
        problem: 'wrong-code',
        attemptsLeft: Math.max(0, attemptsLeft),
        ...(retryIn > 0 ? { until: now() + retryIn * 1000 } : {}),
      };
    case 'max_attempts_reached':
      return { problem: 'too-many-attempts', until: expiresAt };
    default:
      return { problem: 'code-expired' };
  }
}

/** The problem of a check whose outcome nobody knows yet. */
export class IndeterminateError extends ProblemError {}

/** Marks attempt and lock as indeterminate, so that the next request need not wait to find out. */
export async function markIndeterminate(
  backend: BackendContext,
  challenge: ChallengePayload,
  attempt: Attempt,
  lock: CheckLock,
  error: unknown,
): Promise<never> {
  await markAttempt(backend, attempt);
  const indeterminate: CheckLockRecord = { ...lock.found.value, state: 'indeterminate' };
  await lock.entry.compareAndSet(lock.found, indeterminate, lockTtl(backend, challenge), backend.now());
  throw error instanceof ProblemError ? new IndeterminateError(error.code, error.details) : error;
}

/** Whether an earlier request of this attempt was approved. If Twilio does not say, the check stays indeterminate. */
export async function inheritsApproval(
  backend: BackendContext,
  challenge: ChallengePayload,
  attempt: Attempt,
  lock: CheckLock,
): Promise<boolean> {
  if (lock.found.value.state === 'consumed') return true;
  if (!lock.mayInherit) return false;
  return await wasApproved(backend, challenge).catch((error: unknown) =>
    markIndeterminate(backend, challenge, attempt, lock, error),
  );
}

/**
 * Records that Twilio approved the code: from now on the verification is consumed, by this attempt alone. `meanwhile` runs once
 * that is certain, beside the record of the outcome: a store over the network gets both at once.
 */
export async function recordApproval(
  backend: BackendContext,
  submission: CheckedChallenge,
  attempt: Attempt,
  lock: CheckLock,
  meanwhile?: () => Promise<void>,
): Promise<Attempt | null> {
  await consumeVerification(backend, submission.challenge, lock);
  const [approved] = await Promise.all([recordOutcome(backend, submission, attempt, 'approved'), meanwhile?.()]);
  // The request that took the attempt over records the approval, and says so.
  if (approved) emitCodeChecked(backend, submission.challenge, true);
  return approved;
}

/** Records the outcome in the attempt; null if another request took the attempt over. */
export async function recordOutcome(
  backend: BackendContext,
  submission: CheckedChallenge,
  attempt: Attempt,
  result: 'approved' | Rejection,
): Promise<Attempt | null> {
  const now = backend.now();
  const notified = accountsToNotify(backend, submission) === null;
  const outcome: CheckOutcome = result === 'approved' ? { iat: now, jti: crypto.randomUUID(), notified } : result;
  // An approval waits a day for the accounts to be notified. Everything else is repeated for two minutes.
  const seconds = result === 'approved' && !notified ? ttl.attempt : ttl.outcome;
  const value: AttemptRecord = { ...attempt.found.value, outcome };
  const written = await attempt.entry.compareAndSet(attempt.found, value, seconds, now);
  return written ? { ...attempt, found: asStored(value) } : null;
}

/** Tells the host how a check ended. */
export function emitCodeChecked({ emit }: BackendContext, challenge: ChallengePayload, approved: boolean): void {
  const { purpose, channel, contact, country, test } = challenge;
  const what = { purpose, channel, to: maskContact(contact), ...(country === undefined ? {} : { country }) };
  if (test) emit({ type: 'test-contact', use: approved ? 'approved' : 'wrong', ...what });
  else emit({ type: 'code-checked', ...what, approved });
}
