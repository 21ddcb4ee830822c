/** Lookup v2: what is known of a number. The emulator knows its prefix and what the options say of the line. */
import { callingCodeOf, countryOf } from '../model/countries.js';
import type { Account } from '../model/account.js';
import type { RouteResult, RouteRequest } from './route.js';
import type { LineType } from '../model/options.js';

/** A number that does not exist is no error: it is answered with `valid: false`. */
export function lookUp(asked: RouteRequest): RouteResult {
  const { account, params, query } = asked;
  const given = params.number ?? '';
  const to = international(given, query.get('CountryCode'));
  const errors = validationErrors(account, to);
  const isValid = errors.length === 0;
  const fields = new Set((query.get('Fields') ?? '').split(','));
  const packaged = (name: string, value: () => unknown): unknown => (isValid && fields.has(name) ? value() : null);
  const code = isValid ? callingCodeOf(to) : undefined;
  const body = {
    calling_country_code: code ?? null,
    country_code: isValid ? countryOf(to) : null,
    phone_number: to,
    national_format: isValid ? national(to, code ?? '') : null,
    valid: isValid,
    validation_errors: isValid ? null : errors,
    caller_name: packaged('caller_name', () => ({ caller_name: null, caller_type: null, error_code: 60600 })),
    sim_swap: packaged('sim_swap', notProvided),
    call_forwarding: packaged('call_forwarding', notProvided),
    line_status: packaged('line_status', () => ({ status: 'active', error_code: null })),
    line_type_intelligence: packaged('line_type_intelligence', () => ({
      error_code: null,
      mobile_country_code: null,
      mobile_network_code: null,
      carrier_name: null,
      type: lineType(account, to),
    })),
    identity_match: packaged('identity_match', notProvided),
    reassigned_number: packaged('reassigned_number', notProvided),
    sms_pumping_risk: packaged('sms_pumping_risk', () => pumpingRisk(account, to)),
    phone_number_quality_score: null,
    pre_fill: null,
    url: `https://lookups.twilio.com/v2/PhoneNumbers/${to}`,
  };
  return { status: 200, body };
}

function notProvided(): unknown {
  return { error_code: 60606 };
}

function international(given: string, country: string | null): string {
  const digits = given.replace(/[^\d+]/g, '');
  if (digits.startsWith('+')) return digits;
  const isAmerican = country?.toUpperCase() === 'US' || country?.toUpperCase() === 'CA';
  return isAmerican && digits.length === 10 ? `+1${digits}` : `+${digits}`;
}

function validationErrors({ options }: Account, to: string): string[] {
  if (!/^\+\d+$/.test(to)) return ['NOT_A_NUMBER'];
  if (countryOf(to) === undefined) return ['INVALID_COUNTRY_CODE'];
  if (to.length < 8) return ['TOO_SHORT'];
  if (to.length > 16) return ['TOO_LONG'];
  // North America has one length; elsewhere only the standard's own bounds are known here.
  if (callingCodeOf(to) === '1' && to.length !== 12) return [to.length < 12 ? 'TOO_SHORT' : 'TOO_LONG'];
  return options.strictNumbers?.(to) === false ? ['INVALID_BUT_POSSIBLE'] : [];
}

/** Grouped for North America, which has one plan; elsewhere the bare national digits. */
function national(to: string, code: string): string {
  const digits = to.slice(1 + code.length);
  return code === '1' ? digits.replace(/^(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3') : digits;
}

function lineType({ options, services }: Account, to: string): LineType {
  const prefixes = Object.keys(options.lines ?? {}).filter((prefix) => to.startsWith(prefix));
  const longest = prefixes.toSorted((one, other) => other.length - one.length)[0];
  if (longest !== undefined) return options.lines?.[longest] ?? 'mobile';
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
