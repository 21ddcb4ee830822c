/** Whether Twilio sends to a destination at all: its form, the service's switches, countries, lines. Sends nothing. */
import { countryOf, covers } from '../model/countries.js';
import { invalidTo, ApiError } from './errors.js';
import type { Account } from '../model/account.js';
import type { Service } from '../model/service.js';

/** What a check of the destination looks at. `lenient`: in the SafeList, or sent with `RiskCheck=disable`. */
export interface Destination {
  to: string;
  channel: string;
  bypassesFraudGuard: boolean;
}

/** The shape of a destination. An address needs an `@` with something around it; a number needs E.164. */
export function validateFormat(account: Account, to: string, channel?: string): void {
  const isEmail = channel === undefined ? to.includes('@') : channel === 'email';
  const { strictNumbers = () => true } = account.options;
  const isValid = isEmail ? /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(to) : /^\+[1-9]\d{6,14}$/.test(to) && strictNumbers(to);
  if (!isValid) throw invalidTo(to);
}

/** Refuses what this service does not send to; the order is a guess, the errors are Twilio's. */
export function checkDestination(account: Account, service: Service, destination: Destination): void {
  const { to, channel, bypassesFraudGuard } = destination;
  if (channel === 'sna') throw new ApiError(60001);
  if (!service.channels.includes(channel)) throw new ApiError(60223);
  if (channel === 'email') {
    if (!service.mailer) throw new ApiError(60217);
    return;
  }
  const country = countryOf(to) ?? 'ZZ';
  if (account.options.magicNumbers) throwForMagicNumber(to, onSend);
  if (service.trial && !service.verifiedNumbers.includes(to)) throw new ApiError(21608);
  // Countries under embargo: no setting opens them.
  if (['IR', 'SY', 'CU'].includes(country)) throw new ApiError(60238);
  if (!bypassesFraudGuard) {
    checkGeo(service, to, channel, country);
    checkFraud(service, to, channel);
  }
  if (country === 'CN' && channel === 'sms' && !service.chinaVetted) throw new ApiError(60220);
  const refusesLandlines = service.lookupEnabled && service.skipSmsToLandlines;
  if (channel === 'sms' && refusesLandlines && isLandline(service, to)) throw new ApiError(60205);
}

/** Whether the service's list of landlines has this number, or a prefix of it. */
export function isLandline(service: Service, to: string): boolean {
  return service.landlines.some((prefix) => to.startsWith(prefix));
}

/** Numbers for trying errors by hand. Twilio has none for Verify: its magic numbers do not work there. */
export function throwForMagicNumber(to: string, codes: number[]): void {
  const code = to.startsWith('+') ? codes.find((one) => to.endsWith(String(one))) : undefined;
  if (code === undefined) return;
  const country = countryOf(to) ?? 'ZZ';
  switch (code) {
    case 60200:
      throw invalidTo(to);
    case 60410:
      throw fraud(to.slice(0, 7));
    case 60605:
      throw geo(country, 'sms');
    default:
      throw new ApiError(code);
  }
}

const onSend = [
  20429, 20500, 20503, 21608, 60200, 60203, 60205, 60212, 60220, 60223, 60238, 60245, 60410, 60412, 60413, 60605,
];

function checkGeo(service: Service, to: string, channel: string, country: string): void {
  const { allow, deny = [] } = service.geo;
  const isAllowed =
    (allow === undefined || allow.some((rule) => covers(rule, to))) && !deny.some((rule) => covers(rule, to));
  if (!isAllowed) throw geo(country, channel);
}

function checkFraud(service: Service, to: string, channel: string): void {
  const prefix = service.fraudPrefixes.find((one) => to.startsWith(one));
  if (channel === 'sms' && prefix !== undefined) throw fraud(prefix);
}

const blocked = 'The destination phone number has been';

function geo(country: string, channel: string): ApiError {
  const where = `${country} is blocked for ${channel} channel for all services`;
  return new ApiError(60605, `${blocked} blocked by Verify Geo-Permissions. ${where}`);
}

function fraud(prefix: string): ApiError {
  const where = `${prefix} prefix is blocked for the SMS channel`;
  return new ApiError(60410, `${blocked} temporarily blocked by Twilio due to fraudulent activities. ${where}`);
}
