/** The Attempts API: each message that was sent, and whether its code was entered. Attempts outlive their verification. */
import { API, isoSeconds, paginate } from './route.js';
import { countryOf } from '../model/countries.js';
import { notFound } from './errors.js';
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

function filtered({ account, query }: RouteRequest): VerificationAttempt[] {
  const after = Date.parse(query.get('DateCreatedAfter') ?? '');
  const before = Date.parse(query.get('DateCreatedBefore') ?? '');
  const matches = (name: string, value: string | undefined): boolean => {
    const filter = query.get(name);
    return !filter || filter.toLowerCase() === value?.toLowerCase();
  };
  return account.attempts.filter(
    (attempt) =>
      matches('VerificationSid', attempt.verificationSid) &&
      matches('VerifyServiceSid', attempt.serviceSid) &&
      matches('ChannelData.To', attempt.to) &&
      matches('Channel', channelOf(attempt)) &&
      matches('Country', countryOf(attempt.to)) &&
      matches('Status', attempt.converted ? 'converted' : 'unconverted') &&
      !(attempt.createdAt < after) &&
      !(attempt.createdAt > before),
  );
}

/** Attempts use an older name for RCS. */
function channelOf({ channel }: VerificationAttempt): string {
  return channel === 'rcs' ? 'rbm' : channel;
}

function attemptBody(attempt: VerificationAttempt, { account }: RouteRequest): unknown {
  const isExpired = account.clock.now() >= attempt.expiresAt;
  return {
    sid: attempt.sid,
    account_sid: account.credentials.accountSid,
    service_sid: attempt.serviceSid,
    verification_sid: attempt.verificationSid,
    date_created: isoSeconds(attempt.createdAt),
    date_updated: isoSeconds(attempt.updatedAt),
    conversion_status: attempt.converted ? 'converted' : 'unconverted',
    channel: channelOf(attempt),
    price: { value: '0.0000', currency: 'usd' },
    channel_data: {
      verification_sid: attempt.verificationSid,
      to: attempt.to,
      status: attempt.converted ? 'confirmed' : isExpired ? 'expired' : 'unconfirmed',
      message_status: 'delivered',
      error_code: null,
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
