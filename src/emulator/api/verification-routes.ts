/** What happens to a verification after it was sent: reading it, ending it, and hearing the code that a person typed. */
import { checkBody, verificationBody } from './verification-body.js';
import { validateFormat, throwForMagicNumber } from './destination-rules.js';
import { formField } from './route.js';
import { invalidParameter, notFound, ApiError } from './errors.js';
import { serviceOf } from './services.js';
import { markConverted, submitCode, finish } from '../model/verification.js';
import type { Account } from '../model/account.js';
import type { RouteResult, RouteRequest } from './route.js';
import type { Verification } from '../model/verification.js';

/** `GET …/Verifications/{sid or destination}`; an approved or expired one is not found. */
export function fetchVerification(asked: RouteRequest): RouteResult {
  const { account } = asked;
  const service = serviceOf(asked);
  const verification = verificationOf(asked, asked.params.verification ?? '');
  if (account.assume.pollLimits) countRead(verification, account.clock.now());
  return { status: 200, body: verificationBody(verification, service, account) };
}

/** `Status=approved` is for codes that the application made and checked itself. */
export function updateVerification(asked: RouteRequest): RouteResult {
  const { account, form } = asked;
  const service = serviceOf(asked);
  const verification = verificationOf(asked, asked.params.verification ?? '');
  const status = formField(form, 'Status');
  if (status !== 'approved' && status !== 'canceled') throw invalidParameter('Status');
  if (!finish(verification, status, account.clock.now())) throw notFound(asked.path);
  if (status === 'approved') markApproved(account, verification);
  return { status: 200, body: verificationBody(verification, service, account) };
}

/** `POST …/VerificationCheck`. A wrong code is a 200 that says `pending`. */
export function checkVerification(asked: RouteRequest): RouteResult {
  const { account, form } = asked;
  serviceOf(asked);
  const to = formField(form, 'To');
  const verificationSid = formField(form, 'VerificationSid');
  if (to === undefined && verificationSid === undefined) throw new ApiError(60221);
  if (to !== undefined) validateFormat(account, to);
  const code = formField(form, 'Code') ?? '';
  const isMalformed = code.length < 4 || code.length > 10;
  if (isMalformed && !account.assume.malformedCodeCounts) throw invalidParameter('Code');

  const verification = verificationOf(asked, verificationSid ?? to ?? '');
  if (account.options.magicNumbers) throwForMagicNumber(verification.to, [60202]);
  const isSamePayment =
    (formField(form, 'Amount') ?? null) === verification.amount &&
    (formField(form, 'Payee') ?? null) === verification.payee;
  const isPayment = verification.amount !== null;
  const isRight = code === verification.code && (!isPayment || isSamePayment);
  const heard = submitCode(verification, isRight, account.clock.now());
  if (heard === 'gone') throw notFound(asked.path);
  if (heard === 'locked') throw new ApiError(60202);
  if (isMalformed) throw invalidParameter('Code');
  if (heard === 'approved') markApproved(account, verification);
  return { status: 200, body: checkBody(verification, heard === 'approved' ? 'approved' : 'pending', account) };
}

function verificationOf({ account, params, path }: RouteRequest, sidOrTo: string): Verification {
  const verification = account.verifications.find(params.service ?? '', sidOrTo, account.clock.now());
  if (!verification) throw notFound(path);
  return verification;
}

/** An approved verification is gone at once; Attempts alone still tell of it. */
function markApproved(account: Account, verification: Verification): void {
  markConverted(verification, account.assume.conversion, account.clock.now());
  account.verifications.drop(verification);
}

/** Twilio lets one verification be read 60 times a minute, 180 an hour, 250 a day. */
function countRead(verification: Verification, now: number): void {
  const since = (seconds: number): number => verification.reads.filter((at) => at > now - seconds * 1000).length;
  if (since(60) >= 60 || since(3600) >= 180 || since(86_400) >= 250) throw new ApiError(20429);
  verification.reads.push(now);
}
