/** How a check ends: approved and spent, refused, or lost on the way. What is written here is what a repeated request is told. */
import type { Requester } from '../requester.js';
import type { ChallengePayload } from '../../tokens/challenge-token.js';
import type { CheckLock } from './idempotency.js';
import { maskContact } from '../../contacts/format-contact.js';
import type { LimitSubject, AttemptReservation } from '../../limits/rate-limits.js';
import type { BackendContext } from '../../setup/context.js';
import { ProblemError } from '../../../protocol/problem-error.js';
import {
  ttl,
  asStored,
  type CheckOutcome,
  type AttemptRecord,
  type Versioned,
  type RecordEntry,
} from '../../store/records.js';
import { clearActiveVerification } from '../send/send-lock.js';

/** One check on its way. */
export interface CheckContext {
  backend: BackendContext;
  requester: Requester;
  data: ChallengePayload;
  subject: string | null;
  code: string;
  /** HMACs of code and subject, by which a claim knows its own again. */
  fingerprint: Pick<AttemptRecord, 'code' | 'subject'>;
  entry: RecordEntry<AttemptRecord>;
  /** Whether Twilio has been asked: from then on a claim is dropped only for an answer. */
  submitted: boolean;
}

/** The check as the limits count it. */
export function limitSubject({ data, subject, requester }: CheckContext): LimitSubject {
  const country = data.country === undefined ? {} : { country: data.country };
  return { purpose: data.purpose, subject, address: requester.address, contact: data.contact, ...country };
}

/** What any word but `approved` means; a word that we do not know is no success. */
export function outcomeForStatus(
  { backend, data }: CheckContext,
  status: string,
  reservation: AttemptReservation,
): CheckOutcome {
  const now = backend.now();
  switch (status) {
    case 'pending': {
      const wait = reservation.retryIn > 0 ? { until: now + reservation.retryIn * 1000 } : {};
      return { problem: 'wrong-code', attemptsLeft: Math.max(0, reservation.attemptsLeft), ...wait };
    }
    case 'max_attempts_reached':
      return { problem: 'too-many-attempts', until: data.expiresAt };
    case 'canceled':
    case 'expired':
    case 'deleted':
    case 'failed':
      return { problem: 'code-expired' };
    default:
      backend.emit({ type: 'unavailable', part: 'twilio', reason: 'a status that no check has' });
      throw new ProblemError('unavailable');
  }
}

/** The problem of a check whose end nobody knows: claim and hold stay, so that the same request can find out. */
export class IndeterminateError extends Error {
  readonly problem: ProblemError;
  constructor(problem: ProblemError) {
    super('Twilio gave no answer.');
    this.problem = problem;
  }
}

/** Marks claim and hold as lost. */
export async function markIndeterminate(
  check: CheckContext,
  attempt: Versioned<AttemptRecord>,
  lock: CheckLock,
  error: unknown,
): Promise<never> {
  const { backend, entry, data } = check;
  await entry.compareAndSet(attempt, { ...attempt.value, indeterminate: true }, ttl.attempt, backend.now());
  await backend.records
    .checkLock(data.verification)
    .compareAndSet(lock.found, { ...lock.found.value, indeterminate: true }, consumedTtl(check), backend.now());
  throw error instanceof ProblemError ? new IndeterminateError(error) : error;
}

/** Twilio said yes: from here on the verification is spent, and by this claim alone. */
export async function recordApproval(
  check: CheckContext,
  attempt: Versioned<AttemptRecord>,
  lock: CheckLock,
): Promise<Versioned<AttemptRecord> | null> {
  const { backend, data, entry } = check;
  const now = backend.now();
  const other = await backend.records
    .consumed(data.verification)
    .setIfAbsent({ ...lock.found.value, at: now }, consumedTtl(check), now);
  if (other && other.value.attempt !== entry.key) throw new ProblemError('code-expired');
  const answered = await recordOutcome(check, attempt, newApproval(check));
  emitCodeChecked(check, true);
  await releaseCheckLock(check, lock);
  await clearActiveVerification(backend, data.purpose, data.contact, data.verification);
  return answered;
}

/** Tells the host how a check ended. */
export function emitCodeChecked({ backend, data }: CheckContext, right: boolean): void {
  const { purpose, channel, contact } = data;
  const country = data.country === undefined ? {} : { country: data.country };
  backend.emit({ type: 'code-checked', purpose, channel, to: maskContact(contact), ...country, approved: right });
}

/** An approval of this moment that nobody has been told of. */
export const newApproval = ({ backend }: CheckContext): CheckOutcome => ({
  iat: backend.now(),
  jti: crypto.randomUUID(),
  notified: false,
});

/** Writes the answer into the claim; null if another request had taken the claim over. */
export async function recordOutcome(
  { entry, backend }: CheckContext,
  attempt: Versioned<AttemptRecord>,
  what: CheckOutcome,
): Promise<Versioned<AttemptRecord> | null> {
  const value: AttemptRecord = { ...attempt.value, outcome: what };
  // An approval waits for a day until the accounts have been told; all else is told again for two minutes.
  const seconds = 'jti' in what ? ttl.attempt : ttl.outcome;
  return (await entry.compareAndSet(attempt, value, seconds, backend.now())) ? asStored(value) : null;
}

/** Seconds until no challenge of the verification can come any more, with two minutes for answers told again. */
export const consumedTtl = ({ backend, data }: CheckContext): number =>
  Math.max(0, Math.ceil((data.expiresAt - backend.now()) / 1000)) + ttl.outcome;

/** Lets the next check of the verification go. */
export async function releaseCheckLock({ backend, data }: CheckContext, { found }: CheckLock): Promise<void> {
  await backend.records.checkLock(data.verification).compareAndSet(found, null, 0, backend.now());
}
