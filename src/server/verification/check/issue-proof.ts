/** The end of an approved check: the accounts are notified, and the proof is signed. */
import { ProblemError } from '../../../protocol/problem-error.js';
import type { CheckResult } from '../../../protocol/schemas.js';
import type { Accounts, ContactInUseError } from '../../accounts/accounts.js';
import type { BackendContext } from '../../setup/context.js';
import { describeError } from '../../setup/events.js';
import { ttl, type Approval, type CheckOutcome, type Rejection } from '../../store/records.js';
import type { ChallengePayload } from '../../tokens/challenge-token.js';
import { signProof } from '../../tokens/sign-proof.js';
import { markAttempt, type Attempt } from './idempotency.js';

/** A challenge whose code was checked, and the subject that it belongs to. */
export interface CheckedChallenge {
  challenge: ChallengePayload;
  subject: string | null;
}

/** The accounts that must learn of an approval, with the user's id; null if the contact is nobody's, is only a second factor, or is a test contact that is not to be recorded. */
export function accountsToNotify(
  { options, testContacts }: BackendContext,
  { challenge, subject }: CheckedChallenge,
): { accounts: Accounts; subject: string } | null {
  const { accounts } = options;
  if (challenge.test && testContacts.find(challenge.contact)?.record !== true) return null;
  return accounts && subject !== null && challenge.purpose === 'contact' ? { accounts, subject } : null;
}

/**
 * Notifies the accounts of an approval, unless that is done. Throws the problem of a rejection. Null if another request of
 * the attempt was quicker. If the accounts cannot be notified, the approval waits for a day.
 */
export async function notifyAccounts(
  backend: BackendContext,
  checked: CheckedChallenge,
  attempt: Attempt,
): Promise<Approval | null> {
  const { entry, found } = attempt;
  const { outcome } = found.value;
  if (!outcome) return null;
  if (!('jti' in outcome)) throw problemFromRecord(outcome, backend.now());
  if (outcome.notified) return outcome;
  const inUse = await isContactInUse(backend, checked, outcome.iat).catch(async (error: unknown) => {
    await markAttempt(backend, attempt);
    throw error;
  });
  const now = backend.now();
  const approval: Approval = { iat: now, jti: outcome.jti, notified: true };
  const final: CheckOutcome = inUse ? { problem: 'contact-in-use' } : approval;
  if (!(await entry.compareAndSet(found, { ...found.value, outcome: final }, ttl.outcome, now))) return null;
  if (inUse) throw new ProblemError('contact-in-use');
  return approval;
}

/** Notifies the accounts. Only a person who has proven possession learns here that another user has the contact. */
async function isContactInUse(
  backend: BackendContext,
  checked: CheckedChallenge,
  verifiedAt: number,
): Promise<boolean> {
  const notification = accountsToNotify(backend, checked);
  try {
    const { contact, test } = checked.challenge;
    const more = test ? [{ test }] : [];
    await notification?.accounts.contactVerified(notification.subject, contact, verifiedAt, ...more);
    return false;
  } catch (error) {
    // The host's own error will do, and the class may be of another copy of this package. A host can throw anything.
    if ((error as Partial<ContactInUseError> | null | undefined)?.code === 'contact-in-use') return true;
    backend.emit({ type: 'unavailable', component: 'accounts', reason: describeError(error) });
    throw new ProblemError('unavailable');
  }
}

/** The recorded problem, with the rest of its wait. */
function problemFromRecord({ problem, attemptsLeft, until }: Rejection, now: number): ProblemError {
  return new ProblemError(problem, {
    ...(attemptsLeft === undefined ? {} : { attemptsLeft }),
    ...(until === undefined ? {} : { retryIn: Math.max(0, Math.ceil((until - now) / 1000)) }),
  });
}

/** Signs the proof. The same approval gives the same proof: its time and its id are recorded. */
export function issueProof(
  { options, keyRing, issuer, proofLifetime, now }: BackendContext,
  { challenge, subject }: CheckedChallenge,
  { iat, jti }: Approval,
): CheckResult {
  const { purpose, channel, context, test } = challenge;
  const contact = purpose === 'contact' ? { contact: challenge.contact } : {};
  const lifetime = proofLifetime[purpose];
  const proof = signProof(keyRing, {
    issuer,
    audience: options.audience,
    subject,
    purpose,
    channel,
    lifetime,
    now: iat,
    jti,
    test,
    ...contact,
    ...(context === undefined ? {} : { context }),
  });
  const expiresIn = Math.max(0, Math.floor(iat / 1000) + lifetime - Math.floor(now() / 1000));
  return { proof, expiresIn, purpose, ...contact };
}
