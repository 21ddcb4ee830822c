/** Lookup v2. The emulator derives the country from a number's prefix, and the line type from its options. */
import { callingCodeOf, countries, countryOf } from '../model/countries.js';
import { notSupported } from './not-supported.js';
import { invalidQuery, queryField } from './query.js';
import { isDialled, toE164, toNational, validationErrors } from './phone-number.js';
import type { Account } from '../model/account.js';
import type { RouteResult, RouteRequest } from './route.js';
import type { LineType } from '../model/options.js';

/** `GET /v2/PhoneNumbers/{number}`. A number that does not exist is not an error: the response says `valid: false`. */
export function lookUp(request: RouteRequest): RouteResult {
  const { account, params } = request;
  const isCountry = (value: string): boolean => countries.includes(value.toUpperCase());
  const country = (queryField(request, 'CountryCode', isCountry) ?? 'US').toUpperCase();
  const fields = fieldsOf(request);
  const number = params.number ?? '';
  const to = isDialled(number) ? toE164(number, country) : number;
  const errors = validationErrors(to, account.options.strictNumbers ?? (() => true));
  const isValid = errors.length === 0;
  // All of them read their parameters of the query, whichever it asks for.
  const data = Object.entries(packages).map(([name, read]) => [name, read(request, to)] as const);
  const body = {
    calling_country_code: isValid ? callingCodeOf(to) : null,
    country_code: isValid ? countryOf(to) : null,
    phone_number: to,
    national_format: isValid ? toNational(to) : null,
    valid: isValid,
    validation_errors: isValid ? null : errors,
    ...Object.fromEntries(data.map(([name, value]) => [name, fields.has(name) && isValid ? value : null])),
    url: `https://lookups.twilio.com/v2/PhoneNumbers/${/^\+\d+$/.test(to) ? to : encodeURIComponent(to)}`,
  };
  return { status: 200, body };
}

/** The data packages that the query asks for. Twilio sells each; the emulator knows what its options say. */
function fieldsOf(request: RouteRequest): Set<string> {
  const names = (queryField(request, 'Fields') ?? '').split(',').map((name) => name.trim());
  const isField = (name: string): boolean => ['', 'validation'].includes(name) || Object.hasOwn(packages, name);
  if (!names.every(isField)) throw invalidQuery(request.account, 'Fields');
  // They select among what Twilio knows of an account's own customers, of which the emulator knows nothing.
  for (const name of ['PartnerSubId', 'VerificationSid'])
    if (queryField(request, name) !== undefined) throw notSupported(request, name);
  return new Set(names);
}

const notProvided = (): unknown => ({ error_code: 60606 });

const packages: Record<string, (request: RouteRequest, to: string) => unknown> = {
  caller_name: () => ({ caller_name: null, caller_type: null, error_code: 60600 }),
  sim_swap: notProvided,
  call_forwarding: notProvided,
  line_status: () => ({ status: 'active', error_code: null }),
  line_type_intelligence: ({ account }, to) => ({
    error_code: null,
    mobile_country_code: null,
    mobile_network_code: null,
    carrier_name: null,
    type: lineType(account, to),
  }),
  identity_match: identityMatch,
  reassigned_number: (request) => ({
    last_verified_date: queryField(request, 'LastVerifiedDate', isDay) ?? null,
    is_number_reassigned: 'no_data_available',
    error_code: null,
  }),
  sms_pumping_risk: ({ account }, to) => pumpingRisk(account, to),
  phone_number_quality_score: notProvided,
  pre_fill: notProvided,
};

/** Nobody's identity is known here: each detail that the query names has no data. */
function identityMatch(request: RouteRequest): unknown {
  const match = (...names: string[]): string | null =>
    names.some((name) => queryField(request, name) !== undefined) ? 'no_data_available' : null;
  queryField(request, 'AddressCountryCode', (value) => countries.includes(value.toUpperCase()));
  queryField(request, 'DateOfBirth', isDay);
  return {
    first_name_match: match('FirstName'),
    last_name_match: match('LastName'),
    address_lines_match: match('AddressLine1', 'AddressLine2'),
    city_match: match('City'),
    state_match: match('State'),
    postal_code_match: match('PostalCode'),
    address_country_match: match('AddressCountryCode'),
    national_id_match: match('NationalId'),
    date_of_birth_match: match('DateOfBirth'),
    summary_score: 0,
    error_code: null,
    error_message: null,
  };
}

/** `20201227` or `2020-12-27`. */
function isDay(value: string): boolean {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(value) ?? [];
  return !Number.isNaN(Date.parse(`${year}-${month}-${day}`));
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
