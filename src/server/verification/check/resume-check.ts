/**
 * A check that reached no end, and whose page has lost its idempotency key by a reload: whoever brings the same challenge, the
 * same person and the same code goes on with it. So an approval that the accounts were never told of is not lost.
 */
import { limitSubject, type CheckContext } from './check-outcome.js';
import type { BackendContext } from '../../setup/context.js';
import { ProblemError } from '../../../protocol/problem-error.js';
import type { AttemptRecord, RecordEntry } from '../../store/records.js';

/**
 * The claim to go on with, or null. A check that was answered is none, however little of the answer arrived: a code proves
 * something once. To try a code here is a guess and counts as one, unless it is the one that was left behind.
 */
export async function findAbandonedAttempt(check: CheckContext): Promise<RecordEntry<AttemptRecord> | null> {
  const { backend, data, fingerprint, entry } = check;
  const { consumed, checkLock, attemptOf } = backend.records;
  const now = backend.now();
  const { value: holder } =
    (await consumed(data.verification).get(now)) ?? (await checkLock(data.verification).get(now)) ?? {};
  if (holder?.challenge !== data.id || holder.attempt === entry.key) return null;
  const earlier = attemptOf(holder);
  const attempt = (await earlier.get(now))?.value;
  if (!attempt || !isUnanswered(backend, attempt)) return null;
  const reservation = await backend.limits.check(limitSubject(check), data.verification, now);
  if (!reservation.granted) throw new ProblemError(reservation.code, { retryIn: reservation.retryIn });
  if (attempt.code !== fingerprint.code || attempt.subject !== fingerprint.subject) return null;
  await reservation.refund();
  return earlier;
}

/** Whether its request is gone and nobody was answered: what is still under way is its own request's to end. */
function isUnanswered(backend: BackendContext, { outcome, indeterminate, at }: AttemptRecord): boolean {
  const failed = outcome !== undefined && !('jti' in outcome && !outcome.notified);
  return !failed && (indeterminate || backend.now() - at > backend.callDeadlineMs);
}
