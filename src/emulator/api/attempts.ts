/** Attempts: each message that went out, and whether its code was ever typed. They outlive their verifications. */
import { API, isoSeconds, paginate } from './route.js';
import { countryOf } from '../model/countries.js';
import { notFound } from './errors.js';
import type { RouteResult, RouteRequest } from './route.js';
import type { Attempt } from '../model/verification.js';

/** Newest first. */
export const listAttempts = (asked: RouteRequest): RouteResult =>
  paginate(asked, 'attempts', filtered(asked).toReversed(), (attempt) => attemptBody(attempt, asked));

/** `GET /v2/Attempts/{sid}`. */
export function fetchAttempt(asked: RouteRequest): RouteResult {
  const attempt = asked.account.attempts.find(({ sid }) => sid === asked.params.attempt);
  if (!attempt) throw notFound(asked.path);
  return { status: 200, body: attemptBody(attempt, asked) };
}

/** `GET /v2/Attempts/Summary`, with the filters of the list. */
export function summarizeAttempts(asked: RouteRequest): RouteResult {
  const attempts = filtered(asked);
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

function filtered({ account, query }: RouteRequest): Attempt[] {
  const after = Date.parse(query.get('DateCreatedAfter') ?? '');
  const before = Date.parse(query.get('DateCreatedBefore') ?? '');
  const is = (name: string, value: string | undefined): boolean => {
    const wanted = query.get(name);
    return !wanted || wanted.toLowerCase() === value?.toLowerCase();
  };
  return account.attempts.filter(
    (attempt) =>
      is('VerificationSid', attempt.verificationSid) &&
      is('VerifyServiceSid', attempt.serviceSid) &&
      is('ChannelData.To', attempt.to) &&
      is('Channel', channelOf(attempt)) &&
      is('Country', countryOf(attempt.to)) &&
      is('Status', attempt.converted ? 'converted' : 'unconverted') &&
      !(attempt.createdAt < after) &&
      !(attempt.createdAt > before),
  );
}

/** Attempts call RCS by its older name. */
function channelOf({ channel }: Attempt): string {
  return channel === 'rcs' ? 'rbm' : channel;
}

function attemptBody(attempt: Attempt, { account }: RouteRequest): unknown {
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
