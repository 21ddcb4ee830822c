/** The Attempts API: each message that was sent, and whether its code was entered. Attempts outlive their verification. */
import { API, isoSeconds } from './route.js';
import { countries, countryOf } from '../model/countries.js';
import { earlyReport, finalReport } from '../model/deliveries.js';
import { notFound } from './errors.js';
import { isSid } from '../model/identifiers.js';
import { paginate, queryField } from './query.js';
import type { RouteResult, RouteRequest } from './route.js';
import type { VerificationAttempt } from '../model/verification.js';

/** `GET /v2/Attempts`, newest first. */
export const listAttempts = (request: RouteRequest): RouteResult =>
  paginate(request, 'attempts', filtered(request).toReversed(), (attempt) => attemptBody(attempt, request));

/** `GET /v2/Attempts/{sid}`. */
export function fetchAttempt(request: RouteRequest): RouteResult {
  const attempt = request.account.attempts.find(({ sid }) => sid === request.params.attempt);
  if (!attempt) throw notFound(request.path);
  return { status: 200, body: attemptBody(attempt, request) };
}

/** `GET /v2/Attempts/Summary`, with the filters of the list. */
export function summarizeAttempts(request: RouteRequest): RouteResult {
  const attempts = filtered(request);
  const converted = attempts.filter((attempt) => attempt.converted).length;
  const body = {
    total_attempts: attempts.length,
    total_converted: converted,
    total_unconverted: attempts.length - converted,
    conversion_rate_percentage: String(attempts.length === 0 ? 0 : (converted / attempts.length) * 100),
    url: `${API}/Attempts/Summary`,
  };
  return { status: 200, body };
}

/** The Attempts that every filter of the query lets through. Each filter that either route has works for both. */
function filtered(request: RouteRequest): VerificationAttempt[] {
  const after = Date.parse(queryField(request, 'DateCreatedAfter', isDate) ?? '');
  const before = Date.parse(queryField(request, 'DateCreatedBefore', isDate) ?? '');
  const prefix = queryField(request, 'DestinationPrefix', (value) => /^\+?\d{1,15}$/.test(value));
  const filters = Object.entries(exactFilters).map(([name, { isValid, of }]) => {
    const wanted = queryField(request, name, (value) => isValid(value.toLowerCase()))?.toLowerCase();
    return (attempt: VerificationAttempt) => wanted === undefined || wanted === of(attempt)?.toLowerCase();
  });
  return request.account.attempts.filter(
    (attempt) =>
      filters.every((isMatch) => isMatch(attempt)) &&
      (prefix === undefined || attempt.to.startsWith(`+${prefix.replace('+', '')}`)) &&
      !(attempt.createdAt < after) &&
      !(attempt.createdAt > before),
  );
}

interface Filter {
  /** Whether a value, in lower case, is one of Twilio's. */
  isValid: (value: string) => boolean;
  of: (attempt: VerificationAttempt) => string | undefined;
}

const exactFilters: Record<string, Filter> = {
  VerificationSid: { isValid: isSidOf('VE'), of: ({ verificationSid }) => verificationSid },
  VerifyServiceSid: { isValid: isSidOf('VA'), of: ({ serviceSid }) => serviceSid },
  'ChannelData.To': { isValid: () => true, of: ({ to }) => to },
  Channel: { isValid: (value) => ['sms', 'call', 'email', 'whatsapp', 'rbm'].includes(value), of: channelOf },
  Country: { isValid: (value) => countries.includes(value.toUpperCase()), of: ({ to }) => countryOf(to) },
  Status: { isValid: (value) => ['converted', 'unconverted'].includes(value), of: conversionOf },
};

function isSidOf(prefix: string): (value: string) => boolean {
  return (value) => isSid(prefix, prefix + value.slice(2)) && value.startsWith(prefix.toLowerCase());
}

function isDate(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value));
}

function conversionOf({ converted }: VerificationAttempt): string {
  return converted ? 'converted' : 'unconverted';
}

/** Attempts use an older name for RCS. */
function channelOf({ channel }: VerificationAttempt): string {
  return channel === 'rcs' ? 'rbm' : channel;
}

function attemptBody(attempt: VerificationAttempt, { account }: RouteRequest): unknown {
  const now = account.clock.now();
  const { deliveryReportSeconds, callStatusName } = account.assume;
  const isEarly = now < attempt.createdAt + deliveryReportSeconds * 1000;
  const report = isEarly ? earlyReport(attempt.channel) : finalReport(attempt.delivery, attempt.channel);
  return {
    sid: attempt.sid,
    account_sid: account.credentials.accountSid,
    service_sid: attempt.serviceSid,
    verification_sid: attempt.verificationSid,
    date_created: isoSeconds(attempt.createdAt),
    date_updated: isoSeconds(attempt.updatedAt),
    conversion_status: conversionOf(attempt),
    channel: channelOf(attempt),
    price: { value: '0.0000', currency: 'usd' },
    channel_data: {
      verification_sid: attempt.verificationSid,
      to: attempt.to,
      status: attempt.converted ? 'confirmed' : now >= attempt.expiresAt ? 'expired' : 'unconfirmed',
      [attempt.channel === 'call' ? callStatusName : 'message_status']: report.status,
      error_code: report.errorCode,
      country: countryOf(attempt.to) ?? null,
      code_length: attempt.codeLength,
      locale: attempt.locale,
      mcc: null,
      mnc: null,
      carrier: null,
    },
    url: `${API}/Attempts/${attempt.sid}`,
  };
}
