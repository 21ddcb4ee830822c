/** A verification and the result of a check in Twilio's format. Neither contains the code. */
import { API, isoSeconds } from './route.js';
import { isLandline } from './destination-rules.js';
import type { Account } from '../model/account.js';
import type { Service } from '../model/service.js';
import type { Verification } from '../model/verification.js';

/** Builds a verification's body, always with all fifteen fields. A field that does not apply is null. */
export function verificationBody(verification: Verification, service: Service, account: Account): unknown {
  return {
    sid: verification.sid,
    service_sid: verification.serviceSid,
    account_sid: account.credentials.accountSid,
    to: verification.to,
    channel: verification.channel,
    status: verification.status,
    valid: verification.status === 'approved',
    lookup: { carrier: carrier(verification, service) },
    amount: verification.amount,
    payee: verification.payee,
    send_code_attempts: verification.attempts.map((attempt) => ({
      attempt_sid: attempt.sid,
      channel: attempt.channel,
      // The only date with milliseconds.
      time: new Date(attempt.createdAt).toISOString(),
    })),
    date_created: isoSeconds(verification.createdAt),
    date_updated: isoSeconds(verification.updatedAt),
    sna: null,
    url: `${API}/Services/${verification.serviceSid}/Verifications/${verification.sid}`,
  };
}

/** Builds the twelve fields of a check. `status` is a parameter because Twilio answers the fifth wrong code with `pending`. */
export function checkBody(
  verification: Verification,
  status: 'approved' | 'pending' | 'canceled',
  account: Account,
): unknown {
  return {
    sid: verification.sid,
    service_sid: verification.serviceSid,
    account_sid: account.credentials.accountSid,
    to: verification.to,
    channel: verification.channel,
    status,
    valid: status === 'approved',
    amount: verification.amount,
    payee: verification.payee,
    sna_attempts_error_codes: [],
    date_created: isoSeconds(verification.createdAt),
    date_updated: isoSeconds(verification.updatedAt),
  };
}

function carrier(verification: Verification, service: Service): unknown {
  if (!service.lookupEnabled || !verification.to.startsWith('+')) return null;
  const type = isLandline(service, verification.to) ? 'landline' : 'mobile';
  return { mobile_country_code: null, type, error_code: null, mobile_network_code: null, name: null };
}
