/** The routes that read, approve or cancel a verification, and check a code. */
import { checkBody, verificationBody } from './verification-body.js';
import { validateFormat, throwForMagicNumber } from './destination-rules.js';
import { formField } from './route.js';
import { invalidParameter, notFound, ApiError } from './errors.js';
import { serviceOf } from './services.js';
import { markConverted, recordCheck, finish } from '../model/verification.js';
import type { Account } from '../model/account.js';
import type { RouteResult, RouteRequest } from './route.js';
import type { Verification } from '../model/verification.js';

/** `GET …/Verifications/{sid or destination}`. An approved or expired one is not found. */
export function fetchVerification(request: RouteRequest): RouteResult {
  const { account } = request;
  const service = serviceOf(request);
  const verification = verificationOf(request, request.params.verification ?? '');
  if (account.assume.pollLimits) countRead(verification, account.clock.now());
  return { status: 200, body: verificationBody(verification, service, account) };
}

/** `POST …/Verifications/{sid}`. `Status=approved` is for codes that the application made and checked itself. */
export function updateVerification(request: RouteRequest): RouteResult {
  const { account, form } = request;
  const service = serviceOf(request);
  const verification = verificationOf(request, request.params.verification ?? '');
  const status = formField(form, 'Status');
  if (status !== 'approved' && status !== 'canceled') throw invalidParameter('Status');
  const cancelsLocked = account.assume.cancelWhileLocked === 'allow';
  if (!finish(verification, status, account.clock.now(), cancelsLocked)) throw notFound(request.path);
  if (status === 'approved') markApproved(account, verification);
  return { status: 200, body: verificationBody(verification, service, account) };
}

/** `POST …/VerificationCheck`. A wrong code gets a 200 with the status `pending`. */
export function checkVerification(request: RouteRequest): RouteResult {
  const { account, form } = request;
  const service = serviceOf(request);
  const to = formField(form, 'To');
  if (to === undefined && formField(form, 'VerificationSid') === undefined) throw new ApiError(60221);
  if (to !== undefined) validateFormat(account, to);
  if (service.psd2Enabled && !(formField(form, 'Amount') && formField(form, 'Payee'))) throw new ApiError(60206);
  const code = formField(form, 'Code') ?? '';
  const isMalformed = code.length < 4 || code.length > 10;
  if (isMalformed && !account.assume.malformedCodeCounts) throw invalidParameter('Code');

  const verification = checkedVerification(request);
  if (account.options.magicNumbers) throwForMagicNumber(verification.to, [60202]);
  const isRight = code === verification.code && isSamePayment(verification, form);
  const outcome = recordCheck(verification, isRight, account.clock.now());
  const { checkWhileLockedCode, checkAfterCancel } = account.assume;
  if (outcome === 'gone' || (outcome === 'canceled' && checkAfterCancel === 20404)) throw notFound(request.path);
  if (outcome === 'locked') throw checkWhileLockedCode === 20404 ? notFound(request.path) : new ApiError(60202);
  if (isMalformed) throw invalidParameter('Code');
  if (outcome === 'approved') markApproved(account, verification);
  return { status: 200, body: checkBody(verification, outcome === 'wrong' ? 'pending' : outcome, account) };
}

/** The verification that a check names. If it names both a destination and a sid, which one Twilio follows is a guess. */
function checkedVerification(request: RouteRequest): Verification {
  const { account, form } = request;
  const [to, sid] = [formField(form, 'To'), formField(form, 'VerificationSid')];
  if (to === undefined || sid === undefined) return verificationOf(request, sid ?? to ?? '');
  switch (account.assume.toBesideSid) {
    case 60200:
      throw invalidParameter('VerificationSid');
    case 'to':
      return verificationOf(request, to);
    case 'sid':
      return verificationOf(request, sid);
    case 'both': {
      const verification = verificationOf(request, sid);
      if (verificationOf(request, to) !== verification) throw notFound(request.path);
      return verification;
    }
  }
}

/** Whether a check names the amount and payee of the send, if that had any (PSD2). */
function isSamePayment({ amount, payee }: Verification, form: URLSearchParams): boolean {
  if (amount === null) return true;
  return formField(form, 'Amount') === amount && (formField(form, 'Payee') ?? null) === payee;
}

function verificationOf({ account, params, path }: RouteRequest, sidOrTo: string): Verification {
  const verification = account.verifications.find(params.service ?? '', sidOrTo, account.clock.now());
  if (!verification) throw notFound(path);
  return verification;
}

/** Twilio no longer finds an approved verification. Only its Attempts remain. */
function markApproved(account: Account, verification: Verification): void {
  markConverted(verification, account.assume.conversion, account.clock.now());
  account.verifications.drop(verification);
}

/** Throws if a verification is read more than 60 times a minute, 180 an hour or 250 a day, as Twilio does. */
function countRead(verification: Verification, now: number): void {
  const since = (seconds: number): number => verification.reads.filter((at) => at > now - seconds * 1000).length;
  if (since(60) >= 60 || since(3600) >= 180 || since(86_400) >= 250) throw new ApiError(20429);
  verification.reads.push(now);
}
