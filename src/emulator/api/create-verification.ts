/** `POST …/Verifications`: the parameters of a send, in the order in which Twilio is believed to look at them. */
import { formField } from './route.js';
import { appendBounded } from '../model/account.js';
import { checkDestination, validateFormat } from './destination-rules.js';
import { ApiError } from './errors.js';
import { sid } from '../model/identifiers.js';
import { checkChannel, checkParameters, checkRateLimits, required } from './parameters.js';
import { serviceOf } from './services.js';
import { localeOf } from './locales.js';
import { renderMessage } from './templates.js';
import { decideSend, recordSend } from '../model/verification.js';
import { verificationBody } from './verification-body.js';
import type { Account } from '../model/account.js';
import type { RouteResult, RouteRequest } from './route.js';
import type { Service } from '../model/service.js';
import type { Attempt, Verification } from '../model/verification.js';

/** Begins a verification, or sends the living one's code again. */
export function createVerification(asked: RouteRequest): RouteResult {
  const { account, form } = asked;
  const service = serviceOf(asked);
  const now = account.clock.now();
  const to = required(account, form, 'To');
  const channel = checkChannel(service, required(account, form, 'Channel'));

  validateFormat(account, to, channel);
  const bypassesFraudGuard = account.safeList.has(to) || formField(form, 'RiskCheck') === 'disable';
  checkDestination(account, service, { to, channel, bypassesFraudGuard });
  const locale = checkParameters(account, service, form, channel) ?? localeOf(to);
  checkRateLimits(account, service, formField(form, 'RateLimits'), now);

  const living = account.verifications.find(service.sid, to, now);
  const decision = decideSend(living, now);
  if (decision === 'too-many-sends') throw new ApiError(60203);
  if (decision === 'locked') throw new ApiError(account.assume.sendWhileLockedCode);
  const verification = decision === 'resend' && living ? living : open(account, service, form, to, channel, now);
  const attempt = send(account, service, verification, { channel, locale, form, now });
  recordSend(verification, attempt);
  return { status: 201, body: verificationBody(verification, service, account) };
}

function open(
  account: Account,
  service: Service,
  form: URLSearchParams,
  to: string,
  channel: string,
  now: number,
): Verification {
  const customCode = service.customCodeEnabled ? formField(form, 'CustomCode') : undefined;
  const verification: Verification = {
    sid: sid('VE'),
    serviceSid: service.sid,
    to,
    code: customCode ?? account.random(service.codeLength),
    createdAt: now,
    expiresAt: now + service.ttlSeconds * 1000,
    amount: service.psd2Enabled ? (formField(form, 'Amount') ?? null) : null,
    payee: service.psd2Enabled ? (formField(form, 'Payee') ?? null) : null,
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

interface Send {
  channel: string;
  locale: string;
  form: URLSearchParams;
  now: number;
}

function send(
  account: Account,
  service: Service,
  verification: Verification,
  { channel, locale, form, now }: Send,
): Attempt {
  const { to, code } = verification;
  const sent = channel === 'sms' && service.rcsUpgrade ? 'rcs' : channel;
  const attempt: Attempt = {
    sid: sid('VL'),
    serviceSid: service.sid,
    verificationSid: verification.sid,
    to,
    channel: sent,
    createdAt: now,
    expiresAt: verification.expiresAt,
    codeLength: code.length,
    locale,
    updatedAt: now,
    converted: false,
  };
  appendBounded(account.attempts, attempt, account.retention.attempts);
  let text = renderMessage(account, service, form, channel, code);
  if (service.doNotShareWarningEnabled && channel === 'sms') {
    text += '. Don’t share this code with anyone; our employees will never ask for the code';
  }
  const appHash = formField(form, 'AppHash');
  if (appHash !== undefined) text = `<#> ${text} ${appHash}`;
  account.outbox.deliver({ to, channel: sent, code, text, at: new Date(now).toISOString() });
  return attempt;
}
