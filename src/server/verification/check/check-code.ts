/**
 * The route `check`: is this the code? Its order is the whole point: claim, count, hold, ask Twilio, write the approval
 * down, tell the accounts, answer. Whatever breaks, a proven contact is not lost and a code proves nothing twice.
 */
import type { CheckRequest, CheckResult } from '../../../protocol/schemas.js';
import {
  authorizeContact,
  requireUser,
  requireSecondFactorPassed,
  resolveSubject,
  type Requester,
} from '../requester.js';
import { openChallenge } from '../../tokens/challenge-token.js';
import {
  recordOutcome,
  recordApproval,
  limitSubject,
  newApproval,
  markIndeterminate,
  IndeterminateError,
  outcomeForStatus,
  releaseCheckLock,
  consumedTtl,
  emitCodeChecked,
  type CheckContext,
} from './check-outcome.js';
import { wasApproved, beginAttempt, acquireCheckLock, type CheckLock, type CheckLockRequest } from './idempotency.js';
import { findAbandonedAttempt } from './resume-check.js';
import type { AttemptReservation } from '../../limits/rate-limits.js';
import { eligibleFactors, loadVerifiedContacts } from '../../identity/eligible-factors.js';
import type { BackendContext } from '../../setup/context.js';
import { parseCode } from '../../contacts/normalize-text.js';
import { ProblemError } from '../../../protocol/problem-error.js';
import { problemFromRecord, issueProof } from './issue-proof.js';
import type { AttemptRecord, Versioned } from '../../store/records.js';
import { problemFromTwilio } from '../twilio-problem.js';
import type { TwilioError } from '../../twilio/errors.js';

/** `POST /check`. `key` is the idempotency key: with the same challenge and code it gets the same answer for two minutes. */
export async function checkCode(
  backend: BackendContext,
  requester: Requester,
  body: CheckRequest,
  key: string,
): Promise<CheckResult> {
  const data = openChallenge(backend.keyRing, body.challenge);
  if (!data) throw new ProblemError('invalid-challenge');
  if (data.purpose === 'contact') authorizeContact(backend, requester);
  else requireUser(requester);
  const subject = resolveSubject(data, requester);
  const code = parseCode(body.code, data.codeLength);
  // Not a guess at all: it costs neither an attempt nor a call.
  if (code === null) throw new ProblemError('wrong-code');
  const fingerprint = {
    code: backend.keyRing.hmac(`code\n${data.id}\n${code}`),
    subject: backend.keyRing.hmac(`subject\n${subject}`),
  };
  const own = backend.records.attempt(data.id, key);
  const check: CheckContext = { backend, requester, data, subject, code, fingerprint, entry: own, submitted: false };
  for (let turn = 0; turn < 3; turn += 1) {
    const { entry } = check;
    const { found, resumed } = await beginAttempt(backend, entry, fingerprint);
    const answered = found.value.outcome ? found : await resolveAttempt(check, found, resumed);
    const result = answered && (await respond(check, answered));
    if (result) return result;
    // Another request has brought the claim to its end that was left behind: there is one proof, and that request has it.
    if (entry !== own) check.entry = own;
  }
  throw new ProblemError('unavailable');
}

/**
 * Brings an unanswered claim to its answer; null if another request took it over meanwhile, or if this one goes on with a
 * claim that was left behind. What was refused before Twilio leaves no claim.
 */
async function resolveAttempt(
  check: CheckContext,
  attempt: Versioned<AttemptRecord>,
  resumed: boolean,
): Promise<Versioned<AttemptRecord> | null> {
  try {
    const consumed = (await check.backend.records.consumed(check.data.verification).get(check.backend.now()))?.value;
    if (resumed && consumed?.attempt === check.entry.key)
      return await recordOutcome(check, attempt, newApproval(check));
    if (consumed) throw new ProblemError(consumed.challenge === check.data.id ? 'invalid-challenge' : 'code-expired');
    await assertStillAllowed(check);
    return await attemptCheck(check, attempt, resumed);
  } catch (error) {
    if (error instanceof IndeterminateError) throw error.problem;
    if (error instanceof ProblemError || !check.submitted)
      await check.entry.compareAndSet(attempt, null, 0, check.backend.now());
    const consumed =
      error instanceof ProblemError && (error.code === 'invalid-challenge' || error.code === 'code-expired');
    const earlier = consumed && !check.submitted ? await findAbandonedAttempt(check) : null;
    if (!earlier) throw error;
    check.entry = earlier;
    return null;
  }
}

async function assertStillAllowed({ backend, requester, data }: CheckContext): Promise<void> {
  if (data.purpose === 'contact') return await requireSecondFactorPassed(backend, requester);
  // A phone that was taken off the account since is no factor any more.
  const usable = eligibleFactors(backend, await loadVerifiedContacts(backend, requireUser(requester)));
  if (!usable.some(({ contact }) => contact.value === data.contact.value)) throw new ProblemError('invalid-challenge');
}

async function attemptCheck(
  check: CheckContext,
  attempt: Versioned<AttemptRecord>,
  resumed: boolean,
): Promise<Versioned<AttemptRecord> | null> {
  const { backend, data, entry } = check;
  const { verification, purpose } = data;
  const wanted = { verification, purpose, seconds: consumedTtl(check), attempt: entry.key, challenge: data.id };
  // Before the count, since it costs no guess: did the check go through whose answer was lost?
  const earlier = resumed ? await acquireCheckLock(backend, wanted) : null;
  if (
    earlier?.before &&
    (await wasApproved(backend, data).catch((error: unknown) => markIndeterminate(check, attempt, earlier, error)))
  ) {
    return await recordApproval(check, attempt, earlier);
  }
  try {
    if (data.expiresAt <= backend.now()) throw new ProblemError('code-expired');
    const reservation = await backend.limits.check(limitSubject(check), verification, backend.now());
    if (!reservation.granted) throw new ProblemError(reservation.code, { retryIn: reservation.retryIn });
    return await submitToTwilio(
      check,
      attempt,
      reservation,
      earlier ?? (await lockOrRefund(check, wanted, reservation)),
    );
  } catch (error) {
    if (earlier && !check.submitted) await releaseCheckLock(check, earlier);
    throw error;
  }
}

/** Whoever waited for the hold and found the code spent by another has not guessed. */
async function lockOrRefund(
  { backend }: CheckContext,
  wanted: CheckLockRequest,
  reservation: AttemptReservation,
): Promise<CheckLock> {
  try {
    return await acquireCheckLock(backend, wanted);
  } catch (error) {
    await reservation.refund();
    throw error;
  }
}

async function submitToTwilio(
  check: CheckContext,
  attempt: Versioned<AttemptRecord>,
  reservation: AttemptReservation,
  lock: CheckLock,
): Promise<Versioned<AttemptRecord> | null> {
  const { backend, data, code } = check;
  const { purpose, verification, contact } = data;
  let status: string;
  check.submitted = true;
  try {
    status = await backend.verifyClient.check(purpose, verification, contact.value, code);
  } catch (error) {
    return await handleCheckFailure(check, attempt, reservation, lock, error);
  }
  if (status === 'approved') return await approveAndResetFailures(check, attempt, reservation, lock);
  emitCodeChecked(check, false);
  await releaseCheckLock(check, lock);
  return await recordOutcome(check, attempt, outcomeForStatus(check, status, reservation));
}

/** Earlier failures are forgiven; if the store cannot forgive now, the person is still right. */
async function approveAndResetFailures(
  check: CheckContext,
  attempt: Versioned<AttemptRecord>,
  reservation: AttemptReservation,
  lock: CheckLock,
): Promise<Versioned<AttemptRecord> | null> {
  const answered = await recordApproval(check, attempt, lock);
  await reservation
    .resetFailures()
    .catch(() => check.backend.emit({ type: 'unavailable', part: 'store', reason: 'failures could not be forgiven' }));
  return answered;
}

async function handleCheckFailure(
  check: CheckContext,
  attempt: Versioned<AttemptRecord>,
  reservation: AttemptReservation,
  lock: CheckLock,
  error: unknown,
): Promise<Versioned<AttemptRecord> | null> {
  const { backend, data } = check;
  const problem = problemFromTwilio(backend, error, 'check', data.expiresAt - backend.now());
  const { kind, hadNoEffect } = error as TwilioError;
  if (kind === 'indeterminate') {
    const sole = lock.found.value.uncontended;
    if (sole && (await backend.verifyClient.wasConverted(data.purpose, data.verification).catch(() => false)))
      return await approveAndResetFailures(check, attempt, reservation, lock);
    return await markIndeterminate(check, attempt, lock, problem);
  }
  // The request whose place this one took may only have been slow, and approved since: to Twilio the code is gone then.
  const gone = problem.code === 'code-expired' && lock.before;
  if (
    gone &&
    (await wasApproved(backend, data).catch((failure: unknown) => markIndeterminate(check, attempt, lock, failure)))
  )
    return await approveAndResetFailures(check, attempt, reservation, lock);
  if (hadNoEffect) await reservation.refund();
  await releaseCheckLock(check, lock);
  const { code, details } = problem;
  if (code !== 'code-expired' && code !== 'too-many-attempts') throw problem;
  return await recordOutcome(check, attempt, {
    problem: code,
    ...(details.retryIn === undefined ? {} : { until: backend.now() + details.retryIn * 1000 }),
  });
}

/** Tells the accounts if they have not been told, and answers; null if another request did it meanwhile. */
async function respond(
  { backend, data, subject, entry }: CheckContext,
  attempt: Versioned<AttemptRecord>,
): Promise<CheckResult | null> {
  const outcome = attempt.value.outcome;
  if (!outcome) return null;
  if (!('jti' in outcome)) throw problemFromRecord(outcome, backend.now());
  return await issueProof(backend, { data, subject, entry, attempt, outcome });
}
