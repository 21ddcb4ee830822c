/** `POST …/Verifications`: checks a send's parameters in the order in which Twilio is believed to check them, then sends. */
import { formField } from './route.js';
import { appendBounded } from '../model/account.js';
import { arrives } from '../model/deliveries.js';
import { checkDestination, validateFormat } from './destination-rules.js';
import { invalidParameter, ApiError } from './errors.js';
import { sid } from '../model/identifiers.js';
import { checkChannel, checkParameters, checkRateLimits, required } from './parameters.js';
import { serviceOf } from './services.js';
import { localeOf } from './locales.js';
import { outboxMessage } from './outbox-message.js';
import { decideSend, finish, recordSend } from '../model/verification.js';
import { verificationBody } from './verification-body.js';
import type { Account } from '../model/account.js';
import type { RouteResult, RouteRequest } from './route.js';
import type { Service } from '../model/service.js';
import type { VerificationAttempt, Verification } from '../model/verification.js';

/** A send whose parameters have passed every check. */
interface Send {
  account: Account;
  service: Service;
  form: URLSearchParams;
  to: string;
  channel: string;
  locale: string;
  now: number;
}

/** Starts a verification, or sends the active one's code again. */
export function createVerification(request: RouteRequest): RouteResult {
  const { account, form } = request;
  const service = serviceOf(request);
  const now = account.clock.now();
  const to = required(account, form, 'To');
  const channel = checkChannel(service, required(account, form, 'Channel'));

  validateFormat(account, to, channel);
  const bypassesFraudGuard = account.safeList.has(to) || formField(form, 'RiskCheck') === 'disable';
  checkDestination(account, service, { to, channel, bypassesFraudGuard });
  const locale = checkParameters(request, service, channel) ?? localeOf(to, channel);
  checkRateLimits(account, service, form, now);

  const active = account.verifications.find(service.sid, to, now);
  const decision = decideSend(active, now);
  if (decision === 'too-many-sends') throw new ApiError(60203);
  if (decision === 'locked') throw new ApiError(account.assume.sendWhileLockedCode);
  const send: Send = { account, service, form, to, channel, locale, now };
  const verification = decision === 'resend' && active ? resend(send, active) : startVerification(send);
  recordSend(verification, deliver(send, verification));
  return { status: 201, body: verificationBody(verification, service, account) };
}

/** What the send says of the verification's code and payment, as far as the service allows that. */
function contentOf({ service, form }: Send): { customCode?: string; amount: string | null; payee: string | null } {
  const customCode = service.customCodeEnabled ? formField(form, 'CustomCode') : undefined;
  return {
    ...(customCode === undefined ? {} : { customCode }),
    amount: service.psd2Enabled ? (formField(form, 'Amount') ?? null) : null,
    payee: service.psd2Enabled ? (formField(form, 'Payee') ?? null) : null,
  };
}

/** The verification whose code a resend delivers. What Twilio does if the send names another code or payment is a guess. */
function resend(send: Send, active: Verification): Verification {
  const { customCode = active.code, amount, payee } = contentOf(send);
  const { otherCustomCode, otherPayment } = send.account.assume;
  const ofCode = customCode === active.code ? 'keep' : otherCustomCode;
  const ofPayment = amount === active.amount && payee === active.payee ? 'keep' : otherPayment;
  if (ofCode === 60200) throw invalidParameter('CustomCode');
  if (ofPayment === 60200) throw invalidParameter(amount === active.amount ? 'Payee' : 'Amount');
  if (ofCode === 'create' || ofPayment === 'create') {
    finish(active, 'canceled', send.now);
    return startVerification(send);
  }
  if (ofCode === 'replace') active.code = customCode;
  if (ofPayment === 'replace') Object.assign(active, { amount, payee });
  return active;
}

function startVerification(send: Send): Verification {
  const { account, service, to, channel, now } = send;
  const { customCode, amount, payee } = contentOf(send);
  const verification: Verification = {
    sid: sid('VE'),
    serviceSid: service.sid,
    to,
    code: customCode ?? account.newCode(to, service.codeLength),
    createdAt: now,
    expiresAt: now + service.ttlSeconds * 1000,
    amount,
    payee,
    attempts: [],
    reads: [],
    channel,
    status: 'pending',
    updatedAt: now,
    wrongCodes: 0,
  };
  account.verifications.add(verification, now);
  return verification;
}

/** Puts the message into the outbox if it arrives, and returns its Attempt. */
function deliver(
  { account, service, form, channel, locale, now }: Send,
  verification: Verification,
): VerificationAttempt {
  const { to, code } = verification;
  const actualChannel = channel === 'sms' && service.rcsUpgrade ? 'rcs' : channel;
  const attempt: VerificationAttempt = {
    sid: sid('VL'),
    serviceSid: service.sid,
    verificationSid: verification.sid,
    to,
    channel: actualChannel,
    createdAt: now,
    expiresAt: verification.expiresAt,
    codeLength: code.length,
    locale,
    delivery: account.deliveries.of(to),
    updatedAt: now,
    converted: false,
  };
  appendBounded(account.attempts, attempt, account.retention.attempts);
  if (arrives(attempt.delivery, actualChannel))
    account.outbox.deliver(outboxMessage(account, service, form, { verification, attempt }));
  return attempt;
}
