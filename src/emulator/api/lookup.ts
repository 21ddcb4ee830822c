/** Lookup v2. The emulator derives the country from a number's prefix, and the line type from its options. */
import { callingCodeOf, countryOf } from '../model/countries.js';
import type { Account } from '../model/account.js';
import type { RouteResult, RouteRequest } from './route.js';
import type { LineType } from '../model/options.js';

/** `GET /v2/PhoneNumbers/{number}`. A number that does not exist is not an error: the response says `valid: false`. */
export function lookUp(request: RouteRequest): RouteResult {
  const { account, params, query } = request;
  const to = toE164(params.number ?? '', query.get('CountryCode'));
  const errors = validationErrors(account, to);
  const isValid = errors.length === 0;
  const fields = new Set((query.get('Fields') ?? '').split(','));
  const ifRequested = (name: string, value: () => unknown): unknown => (isValid && fields.has(name) ? value() : null);
  const code = isValid ? callingCodeOf(to) : undefined;
  const body = {
    calling_country_code: code ?? null,
    country_code: isValid ? countryOf(to) : null,
    phone_number: to,
    national_format: isValid ? toNational(to, code ?? '') : null,
    valid: isValid,
    validation_errors: isValid ? null : errors,
    caller_name: ifRequested('caller_name', () => ({ caller_name: null, caller_type: null, error_code: 60600 })),
    sim_swap: ifRequested('sim_swap', notProvided),
    call_forwarding: ifRequested('call_forwarding', notProvided),
    line_status: ifRequested('line_status', () => ({ status: 'active', error_code: null })),
    line_type_intelligence: ifRequested('line_type_intelligence', () => ({
      error_code: null,
      mobile_country_code: null,
      mobile_network_code: null,
      carrier_name: null,
      type: lineType(account, to),
    })),
    identity_match: ifRequested('identity_match', notProvided),
    reassigned_number: ifRequested('reassigned_number', notProvided),
    sms_pumping_risk: ifRequested('sms_pumping_risk', () => pumpingRisk(account, to)),
    phone_number_quality_score: null,
    pre_fill: null,
    url: `https://lookups.twilio.com/v2/PhoneNumbers/${to}`,
  };
  return { status: 200, body };
}

function notProvided(): unknown {
  return { error_code: 60606 };
}

function toE164(number: string, country: string | null): string {
  const digits = number.replace(/[^\d+]/g, '');
  if (digits.startsWith('+')) return digits;
  const isAmerican = country?.toUpperCase() === 'US' || country?.toUpperCase() === 'CA';
  return isAmerican && digits.length === 10 ? `+1${digits}` : `+${digits}`;
}

function validationErrors({ options }: Account, to: string): string[] {
  if (!/^\+\d+$/.test(to)) return ['NOT_A_NUMBER'];
  if (countryOf(to) === undefined) return ['INVALID_COUNTRY_CODE'];
  if (to.length < 8) return ['TOO_SHORT'];
  if (to.length > 16) return ['TOO_LONG'];
  // Numbers in North America have one length. Elsewhere the emulator knows only the bounds of E.164.
  if (callingCodeOf(to) === '1' && to.length !== 12) return [to.length < 12 ? 'TOO_SHORT' : 'TOO_LONG'];
  return options.strictNumbers?.(to) === false ? ['INVALID_BUT_POSSIBLE'] : [];
}

/** The national number, grouped for North America, which has one numbering plan; elsewhere only its digits. */
function toNational(to: string, code: string): string {
  const digits = to.slice(1 + code.length);
  return code === '1' ? digits.replace(/^(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3') : digits;
}

function lineType({ options, services }: Account, to: string): LineType {
  const prefixes = Object.keys(options.lineTypes ?? {}).filter((prefix) => to.startsWith(prefix));
  const longest = prefixes.toSorted((one, other) => other.length - one.length)[0];
  if (longest !== undefined) return options.lineTypes?.[longest] ?? 'mobile';
  const isLandline = [...services.values()].some(({ landlines }) => landlines.some((one) => to.startsWith(one)));
  return isLandline ? 'landline' : 'mobile';
}

function pumpingRisk({ services }: Account, to: string): unknown {
  const isBlocked = [...services.values()].some(({ fraudPrefixes }) => fraudPrefixes.some((one) => to.startsWith(one)));
  return {
    carrier_risk_category: isBlocked ? 'high' : 'low',
    number_blocked: isBlocked,
    number_blocked_date: null,
    number_blocked_last_3_months: isBlocked,
    sms_pumping_risk_score: isBlocked ? 95 : 0,
    error_code: null,
  };
}
