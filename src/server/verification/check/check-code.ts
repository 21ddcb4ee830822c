/**
 * The route `POST /check`: checks the code that a person entered. It reads from top to bottom as a checklist.
 *
 * The order of the steps matters. An approval is recorded before anybody hears of it, so that no failure loses a verified
 * contact and no code proves anything twice. idempotency.ts has a table of what the records say wherever a request breaks off.
 */
import { ProblemError } from '../../../protocol/problem-error.js';
import type { CheckRequest, CheckResult } from '../../../protocol/schemas.js';
import { parseCode } from '../../contacts/normalize-text.js';
import { isFactor, loadSecondFactor } from '../../identity/eligible-factors.js';
import type { AttemptReservation, LimitSubject } from '../../limits/rate-limits.js';
import type { BackendContext } from '../../setup/context.js';
import type { Rejection } from '../../store/records.js';
import { openChallenge, type ChallengePayload } from '../../tokens/challenge-token.js';
import type { TwilioError } from '../../twilio/errors.js';
import {
  authorizeContact,
  requireSecondFactorPassed,
  requireUser,
  resolveSubject,
  type Requester,
} from '../requester.js';
import { problemFromTwilio } from '../twilio-problem.js';
import { requireService, verifyServiceOf } from '../verify-service.js';
import {
  emitCodeChecked,
  IndeterminateError,
  inheritsApproval,
  markIndeterminate,
  outcomeForStatus,
  recordApproval,
  recordOutcome,
} from './check-outcome.js';
import {
  acquireCheckLock,
  beginAttempt,
  dropAttempt,
  findAbandonedAttempt,
  markAttempt,
  releaseCheckLock,
  tooManyAttempts,
  type AbandonedAttempt,
  type Attempt,
  type CheckLock,
  type Fingerprint,
} from './idempotency.js';
import { issueProof, notifyAccounts } from './issue-proof.js';

/** A code that was submitted for a challenge, and by whom. */
interface Submission {
  challenge: ChallengePayload;
  requester: Requester;
  subject: string | null;
  code: string;
  fingerprint: Fingerprint;
  limitSubject: LimitSubject;
}

/** What a check needs before its code may go to Twilio: the attempt, the check lock and a reserved guess. */
interface Guess {
  attempt: Attempt;
  lock: CheckLock;
  reservation: AttemptReservation;
}

/** An attempt of this request, then perhaps an abandoned one, then this request's own again. */
const MAX_ROUNDS = 3;

/** `POST /check`. `key` is the idempotency key: with the same challenge and code it gets the same answer for two minutes. */
export async function checkCode(
  backend: BackendContext,
  requester: Requester,
  body: CheckRequest,
  key: string,
): Promise<CheckResult> {
  // Open the challenge: it names the verification, the contact and the person.
  const challenge = openChallenge(backend.keyRing, body.challenge);
  if (!challenge) throw new ProblemError('invalid-challenge');

  // Authorize the requester.
  if (challenge.purpose === 'contact') authorizeContact(backend, requester);
  else requireUser(requester);

  // Check that the challenge belongs to the requester.
  const subject = resolveSubject(challenge, requester);

  // Parse the code. Anything that cannot be a code costs neither a guess nor a call.
  const code = parseCode(body.code, challenge.codeLength);
  if (code === null) throw new ProblemError('wrong-code');

  const submission = describeSubmission(backend, { challenge, requester, subject, code });
  const own = backend.records.attempt(challenge.id, key);
  let entry = own;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    // Begin the attempt, or find it: the same key is the same attempt.
    const attempt = await beginAttempt(backend, entry, submission.fingerprint);

    // Check the code, unless an earlier request did.
    const checked = attempt.found.value.outcome ? attempt : await performCheck(backend, submission, attempt);
    if (checked && 'abandoned' in checked) {
      entry = checked.abandoned;
      continue;
    }

    // Notify the accounts of an approval, and sign the proof. A rejection is thrown as its problem.
    const approval = checked && (await notifyAccounts(backend, submission, checked));
    if (approval) return issueProof(backend, submission, approval);

    // Another request ended the attempt first, and has its proof. Find out what this request's own attempt comes to.
    entry = own;
  }
  throw new ProblemError('unavailable');
}

function describeSubmission(
  { keyRing }: BackendContext,
  submitted: Pick<Submission, 'challenge' | 'requester' | 'subject' | 'code'>,
): Submission {
  const { challenge, requester, subject, code } = submitted;
  const { id, purpose, contact, longCode, test } = challenge;
  return {
    ...submitted,
    fingerprint: { code: keyRing.hmac(`code\n${id}\n${code}`), subject: keyRing.hmac(`subject\n${subject}`) },
    limitSubject: {
      ...{ purpose, subject, address: requester.address, contact },
      ...(longCode ? { longCode } : {}),
      ...(test ? { test } : {}),
    },
  };
}

/**
 * Checks the code of an attempt that has no outcome yet, and records the outcome. Null if another request took the attempt
 * over. A check that is refused before it reaches Twilio leaves no attempt behind, but may find one to resume.
 */
async function performCheck(
  backend: BackendContext,
  submission: Submission,
  attempt: Attempt,
): Promise<Attempt | AbandonedAttempt | null> {
  const { challenge, requester } = submission;
  let lock: CheckLock | null = null;
  let guess: Guess;
  try {
    // Check that the requester is still allowed: the account may have changed since the code was sent.
    await assertStillAllowed(backend, requester, challenge);

    // An earlier request of this attempt may have been approved. Twilio knows, and asking costs no guess.
    if (attempt.resumed) {
      const taken = await acquireCheckLock(backend, challenge, attempt);
      if (await inheritsApproval(backend, challenge, attempt, taken))
        return await recordApproval(backend, submission, attempt, taken);
      lock = taken;
    }

    guess = await prepareGuess(backend, submission, attempt, lock);
  } catch (error) {
    // The attempt and the lock stay, so that the same request can find out.
    if (error instanceof IndeterminateError) throw error;
    if (lock) await releaseCheckLock(backend, challenge, lock);
    // Unless Twilio has just said no, an earlier request of this attempt may have been approved.
    if (attempt.resumed && !lock) await markAttempt(backend, attempt);
    else await dropAttempt(backend, attempt);
    if (!(error instanceof ProblemError)) throw error;
    return await findAbandonedAttempt(backend, submission, attempt, error);
  }
  return await submitToTwilio(backend, submission, guess);
}

async function prepareGuess(
  backend: BackendContext,
  { challenge, limitSubject }: Submission,
  attempt: Attempt,
  lock: CheckLock | null,
): Promise<Guess> {
  // Check that the code has not expired, and that its service is still there.
  if (challenge.expiresAt <= backend.now()) throw new ProblemError('code-expired');
  requireService(backend, challenge);

  // Reserve a guess: it counts as wrong until Twilio says otherwise.
  const reservation = await backend.limits.check(limitSubject, challenge.verification, backend.now());
  if (!reservation.granted) throw tooManyAttempts(reservation);

  // Take the check lock: one check of a verification at a time, and none once it is consumed.
  try {
    return { attempt, reservation, lock: lock ?? (await acquireCheckLock(backend, challenge, attempt)) };
  } catch (error) {
    // A request that waited for the lock and found the verification consumed has not guessed.
    await reservation.refund();
    throw error;
  }
}

/** Throws unless the requester may still use the challenge: the account may have changed since the code was sent. */
export async function assertStillAllowed(
  backend: BackendContext,
  requester: Requester,
  { purpose, contact }: ChallengePayload,
): Promise<void> {
  if (purpose === 'contact') return await requireSecondFactorPassed(backend, requester);
  // A phone that was removed from the account meanwhile is no longer a factor.
  const { factors } = await loadSecondFactor(backend, requireUser(requester));
  if (!isFactor(backend, factors, contact)) throw new ProblemError('invalid-challenge');
}

async function submitToTwilio(backend: BackendContext, submission: Submission, guess: Guess): Promise<Attempt | null> {
  const { challenge, code } = submission;
  const { verification, contact, expiresAt } = challenge;
  let status: string;
  try {
    status = await backend.verifyClient.check(verifyServiceOf(challenge), verification, contact.value, code);
  } catch (error) {
    return await handleCheckFailure(backend, submission, guess, error);
  }
  if (status === 'approved') return await approve(backend, submission, guess);
  emitCodeChecked(backend, challenge, false);
  return await reject(backend, submission, guess, outcomeForStatus(backend, status, expiresAt, guess.reservation));
}

/** Lets the next attempt be checked, and records why this one was rejected. A store over the network gets both at once. */
async function reject(
  backend: BackendContext,
  submission: Submission,
  { attempt, lock }: Guess,
  rejection: Rejection,
): Promise<Attempt | null> {
  const [recorded] = await Promise.all([
    recordOutcome(backend, submission, attempt, rejection),
    releaseCheckLock(backend, submission.challenge, lock),
  ]);
  return recorded;
}

/** Records the approval and forgets earlier failures. If the store cannot forget them now, the code is still right. */
async function approve(
  backend: BackendContext,
  submission: Submission,
  { attempt, lock, reservation }: Guess,
): Promise<Attempt | null> {
  return await recordApproval(backend, submission, attempt, lock, () =>
    reservation
      .resetFailures()
      .catch(() => backend.emit({ type: 'unavailable', component: 'store', reason: 'failures could not be forgiven' })),
  );
}

/** Twilio did not answer, or answered with an error. */
async function handleCheckFailure(
  backend: BackendContext,
  submission: Submission,
  guess: Guess,
  error: unknown,
): Promise<Attempt | null> {
  const { challenge } = submission;
  const { verification, expiresAt } = challenge;
  const { attempt, lock, reservation } = guess;
  const problem = problemFromTwilio(backend, error, 'check', expiresAt - backend.now());
  const { kind, hadNoEffect } = error as TwilioError;

  // No answer: ask Twilio at once whether the code was approved. Only an uncontended attempt may inherit an approval.
  if (kind === 'indeterminate') {
    const { uncontended } = lock.found.value;
    if (
      uncontended &&
      (await backend.verifyClient.wasConverted(verifyServiceOf(challenge), verification).catch(() => undefined))
    )
      return await approve(backend, submission, guess);
    return await markIndeterminate(backend, challenge, attempt, lock, problem);
  }

  // Gone from Twilio: an earlier request of this attempt may have been slow, and approved since.
  if (problem.code === 'code-expired' && (await inheritsApproval(backend, challenge, attempt, lock)))
    return await approve(backend, submission, guess);

  if (hadNoEffect) await reservation.refund();
  const { code, details } = problem;
  if (code !== 'code-expired' && code !== 'too-many-attempts') {
    await releaseCheckLock(backend, challenge, lock);
    // It may go better the next time, so it is not recorded.
    await dropAttempt(backend, attempt);
    throw problem;
  }
  return await reject(backend, submission, guess, {
    problem: code,
    ...(details.retryIn === undefined ? {} : { until: backend.now() + details.retryIn * 1000 }),
  });
}
