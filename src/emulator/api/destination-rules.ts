/** Whether Twilio sends to a destination: its format, the service's settings, the country, the line type. Sends nothing. */
import { countryOf, covers } from '../model/countries.js';
import { invalidTo, ApiError } from './errors.js';
import type { Account } from '../model/account.js';
import type { Service } from '../model/service.js';

/** Where a send goes. */
interface Destination {
  to: string;
  channel: string;
  /** Whether the number is in the SafeList, or the send has `RiskCheck=disable`. */
  bypassesFraudGuard: boolean;
}

/** Throws unless the destination is an E.164 number or an e-mail address, as the channel demands. */
export function validateFormat(account: Account, to: string, channel?: string): void {
  const isEmail = channel === undefined ? to.includes('@') : channel === 'email';
  const { strictNumbers = () => true } = account.options;
  const isValid = isEmail ? /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(to) : /^\+[1-9]\d{6,14}$/.test(to) && strictNumbers(to);
  if (!isValid) throw invalidTo(to);
}

/** Throws if the service does not send to the destination. The errors are Twilio's; their order is a guess. */
export function checkDestination(account: Account, service: Service, destination: Destination): void {
  const { to, channel, bypassesFraudGuard } = destination;
  if (channel === 'sna') throw new ApiError(60001);
  if (!service.channels.includes(channel)) throw new ApiError(60223);
  if (channel === 'email') {
    if (!service.mailer) throw new ApiError(60217);
    return;
  }
  const country = countryOf(to) ?? 'ZZ';
  if (account.options.magicNumbers) throwForMagicNumber(to, sendErrors);
  if (service.trial && !service.verifiedNumbers.includes(to)) throw new ApiError(21608);
  // Countries under embargo: no setting allows them.
  if (['IR', 'SY', 'CU'].includes(country)) throw new ApiError(60238);
  if (!bypassesFraudGuard) {
    checkGeo(service, to, channel, country);
    checkFraud(service, to, channel);
  }
  if (country === 'CN' && channel === 'sms' && !service.chinaVetted) throw new ApiError(60220);
  const refusesLandlines = service.lookupEnabled && service.skipSmsToLandlines;
  if (channel === 'sms' && refusesLandlines && isLandline(service, to)) throw new ApiError(60205);
}

/** Whether the service lists this number, or a prefix of it, as a landline. */
export function isLandline(service: Service, to: string): boolean {
  return service.landlines.some((prefix) => to.startsWith(prefix));
}

/** Throws the error that a number ends in, so that you can try errors by hand. Twilio's own magic numbers do not work with Verify. */
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

const sendErrors = [
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
