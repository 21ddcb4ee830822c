/**
 * Which of many requests asks Twilio about a code. The claim makes one request of all that carry the same idempotency key;
 * the hold makes sure that one check of a verification is under way at a time. Only so can a check that got no answer be
 * cleared up: Twilio says later whether a verification was approved, and with one check outstanding it says whose.
 */
import type { BackendContext } from '../../setup/context.js';
import { ProblemError } from '../../../protocol/problem-error.js';
import {
  ttl,
  asStored,
  type AttemptRecord,
  type Versioned,
  type CheckLockRecord,
  type RecordEntry,
} from '../../store/records.js';
import { problemFromTwilio } from '../twilio-problem.js';

/** A bounded wait for another request's check. */
const POLL_INTERVAL_MS = 50;
const MAX_POLLS = 300;

/** A claim of ours. `resumed`: an earlier request of the same claim went to Twilio and never came back. */
export interface IdempotentAttempt {
  found: Versioned<AttemptRecord>;
  resumed: boolean;
}

/** Claims the check, or finds its answer; waits while another request has it in hand. The same key with another code is `invalid-request`. */
export async function beginAttempt(
  backend: BackendContext,
  entry: RecordEntry<AttemptRecord>,
  fingerprint: Pick<AttemptRecord, 'code' | 'subject'>,
): Promise<IdempotentAttempt> {
  for (let turn = 0; turn < MAX_POLLS; turn += 1) {
    const now = backend.now();
    const fresh: AttemptRecord = { ...fingerprint, at: now, indeterminate: false };
    const there = await entry.setIfAbsent(fresh, ttl.attempt, now);
    if (there === null) return { found: asStored(fresh), resumed: false };
    if (there.value.subject !== fingerprint.subject) throw new ProblemError('invalid-challenge');
    if (there.value.code !== fingerprint.code) throw new ProblemError('invalid-request');
    if (there.value.outcome) return { found: there, resumed: false };
    if (there.value.indeterminate || now - there.value.at > backend.callDeadlineMs) {
      if (await entry.compareAndSet(there, fresh, ttl.attempt, now)) return { found: asStored(fresh), resumed: true };
    }
    await backend.wait(POLL_INTERVAL_MS);
  }
  throw new ProblemError('unavailable');
}

/** The hold on a verification; `before` is true if an earlier request of the same claim had it and nobody else can have been approved. */
export interface CheckLock {
  found: Versioned<CheckLockRecord>;
  before: boolean;
}

/** What names the check that wants to hold: its verification, and for how many seconds nobody else may need it. */
export interface CheckLockRequest {
  verification: string;
  purpose: 'contact' | 'two-factor';
  seconds: number;
  attempt: string;
  challenge: string;
}

/**
 * Takes the hold, when nobody else's check is under way. A hold whose check got no answer is cleared up with Twilio first:
 * if the verification was approved, it was approved for that check, and this one comes too late.
 */
export async function acquireCheckLock(backend: BackendContext, wanted: CheckLockRequest): Promise<CheckLock> {
  const entry = backend.records.checkLock(wanted.verification);
  for (let turn = 0; turn < MAX_POLLS; turn += 1) {
    const now = backend.now();
    const first: CheckLockRecord = {
      attempt: wanted.attempt,
      challenge: wanted.challenge,
      at: now,
      indeterminate: false,
      uncontended: true,
    };
    const there = await entry.setIfAbsent(first, wanted.seconds, now);
    if (there === null) return { found: asStored(first), before: false };
    const own = there.value.attempt === wanted.attempt;
    // Twilio's list of attempts may lag: who comes after a lost check must not be taken for the one that was approved.
    const mine: CheckLockRecord = { ...first, uncontended: own && there.value.uncontended };
    if (!own && (await backend.records.consumed(wanted.verification).get(now))) throw new ProblemError('code-expired');
    const over = there.value.indeterminate || now - there.value.at > backend.callDeadlineMs;
    if (own || (over && !(await wasApproved(backend, wanted)))) {
      if (await entry.compareAndSet(there, mine, wanted.seconds, now))
        return { found: asStored(mine), before: mine.uncontended };
    } else if (over) {
      throw new ProblemError('code-expired');
    }
    await backend.wait(POLL_INTERVAL_MS);
  }
  throw new ProblemError('unavailable');
}

/** Whether Twilio approved the verification, now that nobody else can say. */
export async function wasApproved(
  backend: BackendContext,
  { purpose, verification }: Pick<CheckLockRequest, 'purpose' | 'verification'>,
): Promise<boolean> {
  try {
    return await backend.verifyClient.wasConverted(purpose, verification);
  } catch (error) {
    problemFromTwilio(backend, error, 'check', backend.codeLifetimeMs);
    throw new ProblemError('unavailable');
  }
}
