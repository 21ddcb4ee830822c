/** The end of a check: the accounts are told, and the proof is signed; or the problem is told again. */
import type { CheckResult } from '../../../protocol/schemas.js';
import { ContactInUseError } from '../../accounts/accounts.js';
import type { ChallengePayload } from '../../tokens/challenge-token.js';
import type { BackendContext } from '../../setup/context.js';
import { ProblemError } from '../../../protocol/problem-error.js';
import { signProof } from '../../tokens/sign-proof.js';
import { ttl, type CheckOutcome, type AttemptRecord, type Versioned, type RecordEntry } from '../../store/records.js';
import { describeError } from '../../setup/events.js';

type Approval = Extract<CheckOutcome, { jti: string }>;
type Refusal = Exclude<CheckOutcome, { jti: string }>;

/** An approved check and its claim. */
export interface ApprovedAttempt {
  data: ChallengePayload;
  subject: string | null;
  entry: RecordEntry<AttemptRecord>;
  attempt: Versioned<AttemptRecord>;
  outcome: Approval;
}

/** The recorded problem, with what is left of its wait. */
export function problemFromRecord({ problem, attemptsLeft, until }: Refusal, now: number): ProblemError {
  return new ProblemError(problem, {
    ...(attemptsLeft === undefined ? {} : { attemptsLeft }),
    ...(until === undefined ? {} : { retryIn: Math.max(0, Math.ceil((until - now) / 1000)) }),
  });
}

/**
 * Tells the accounts, unless that is done, and signs the proof: the same one for the same claim, by its recorded time and
 * id. Null if another request of the claim was quicker. If the accounts cannot be told, the approval waits for a day.
 */
export async function issueProof(
  backend: BackendContext,
  { data, subject, entry, attempt, outcome }: ApprovedAttempt,
): Promise<CheckResult | null> {
  const { purpose, contact, channel, context } = data;
  let { iat } = outcome;
  if (!outcome.notified) {
    const taken =
      purpose === 'contact' &&
      subject !== null &&
      (await notifyAccounts(backend, subject, data).catch(async (error: unknown) => {
        await entry.compareAndSet(attempt, { ...attempt.value, indeterminate: true }, ttl.attempt, backend.now());
        throw error;
      }));
    iat = backend.now();
    const answer: CheckOutcome = taken ? { problem: 'contact-in-use' } : { iat, jti: outcome.jti, notified: true };
    if (!(await entry.compareAndSet(attempt, { ...attempt.value, outcome: answer }, ttl.outcome, iat))) return null;
    if (taken) throw new ProblemError('contact-in-use');
  }
  const lifetime = backend.proofLifetime[purpose];
  const proof = await signProof(backend.keyRing, {
    issuer: backend.issuer,
    audience: backend.options.audience,
    subject,
    purpose,
    channel,
    lifetime,
    now: iat,
    jti: outcome.jti,
    ...(purpose === 'contact' ? { contact } : {}),
    ...(context === undefined ? {} : { context }),
  });
  const expiresIn = Math.max(0, Math.floor(iat / 1000) + lifetime - Math.floor(backend.now() / 1000));
  return { proof, expiresIn, purpose, ...(purpose === 'contact' ? { contact } : {}) };
}

/** Whether another user has the contact already. Told only here, to somebody who has proven possession. */
async function notifyAccounts(
  backend: BackendContext,
  subject: string,
  { contact }: ChallengePayload,
): Promise<boolean> {
  try {
    await backend.options.accounts?.contactVerified(subject, contact);
    return false;
  } catch (error) {
    if (error instanceof ContactInUseError || (error as { code?: unknown }).code === 'contact-in-use') return true;
    backend.emit({ type: 'unavailable', part: 'accounts', reason: describeError(error) });
    throw new ProblemError('unavailable');
  }
}
