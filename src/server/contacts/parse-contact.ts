/** Parses what a person typed into E.164 or an e-mail address. It makes no request; call `loadPhoneMetadata` first. */
import { domainToASCII, domainToUnicode } from 'node:url';
import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max';
import type { Channel, Contact, ContactType } from '../../protocol/schemas.js';
import { cacheParsedNumber } from './format-contact.js';
import { normalizeNumber } from './normalize-text.js';
import { hasNationalPrefix, phoneLibrary, unwrittenDigit, withoutFormerPrefix } from './phone-metadata.js';

/**
 * The types of number that a code may go to; `landline` by call only. Codes never go to other types, such as premium-rate
 * or shared-cost numbers: a message to those costs you extra, or rings somewhere else.
 */
export type NumberType = 'mobile' | 'fixed-line-or-mobile' | 'landline' | 'voip' | 'personal';

/** Which contacts the page and the backend accept. */
export interface ContactRules {
  /** Phone numbers, e-mail addresses or both. */
  types: readonly ContactType[];
  /** ISO 3166-1 alpha-2. Default: all. It does not apply to e-mail. */
  countries?: readonly string[];
  /** Default mobile, fixed-line-or-mobile and landline. */
  numberTypes?: readonly NumberType[];
  /** The channels that are on. A contact that none of them reaches is not supported. */
  channels: readonly Channel[];
}

/** The host's options that say where codes may go. The context of the backend has them. */
export interface ContactOptions {
  options: { countries?: readonly string[]; numberTypes?: readonly NumberType[] };
  channels: readonly Channel[];
}

/** The rules that follow from the host's options, for contacts of these types. */
export function contactRules({ options, channels }: ContactOptions, types: readonly ContactType[]): ContactRules {
  const { countries, numberTypes: allowed } = options;
  return {
    types,
    channels,
    ...(countries ? { countries } : {}),
    ...(allowed ? { numberTypes: allowed } : {}),
  };
}

/** A contact that a code may go to. */
export interface ParsedContact {
  contact: Contact;
  /** ISO 3166-1 alpha-2, of the number itself, whichever country was selected. */
  country?: string;
  /** A landline takes calls and no SMS. */
  landline: boolean;
}

/** Why the input is refused. */
interface RejectedContact {
  problem: 'invalid-contact' | 'unsupported-contact';
}

const invalid: RejectedContact = { problem: 'invalid-contact' };
const unsupported: RejectedContact = { problem: 'unsupported-contact' };

const numberTypes = new Map<string, NumberType>([
  ['MOBILE', 'mobile'],
  ['FIXED_LINE_OR_MOBILE', 'fixed-line-or-mobile'],
  ['FIXED_LINE', 'landline'],
  ['VOIP', 'voip'],
  ['PERSONAL_NUMBER', 'personal'],
]);

/** The default of the option `numberTypes`. */
export const defaultNumberTypes: readonly NumberType[] = ['mobile', 'fixed-line-or-mobile', 'landline'];

/**
 * Parses a number or an address as typed. `country` (ISO 3166-1 alpha-2) is used only if the number has no international
 * prefix. `unsupported-contact` means a real contact that the rules exclude; everything else is `invalid-contact`.
 */
export function parseContact(
  to: string,
  country: string | undefined,
  rules: ContactRules,
): ParsedContact | RejectedContact {
  // A line break could start a mail header of the attacker's. Tabs are allowed, because pasting from a spreadsheet adds them.
  if (to.length > 254 || /[^\P{Cc}\t]/u.test(to)) return invalid;
  if (to.normalize('NFKC').includes('@')) return parseEmail(to, rules);
  return to.length > 64 ? invalid : parsePhone(to, country, rules);
}

function parsePhone(to: string, country: string | undefined, rules: ContactRules): ParsedContact | RejectedContact {
  const digits = normalizeNumber(to);
  if (digits === null) return invalid;
  const found = parseDigits(digits, country);
  // A program writes E.164, and means it.
  const isTyped = country !== undefined || digits !== to;
  const parsed = withoutPlus(found, digits, country) ?? (found && isTyped ? asMobile(found, digits) : found);
  if (!parsed) return invalid;
  if (!rules.types.includes('phone')) return unsupported;
  const { number } = parsed;
  const type = numberTypes.get(parsed.type);
  // The library says `MOBILE` for satellite and other networks without a country, too.
  if (!type || !number.country) return unsupported;
  if (!(rules.numberTypes ?? defaultNumberTypes).includes(type)) return unsupported;
  if (rules.countries && !rules.countries.includes(number.country)) return unsupported;
  const landline = type === 'landline';
  if (!rules.channels.some((channel) => channel === 'call' || (channel !== 'email' && !landline))) return unsupported;
  const contact: Contact = { type: 'phone', value: number.number };
  cacheParsedNumber(contact, number);
  return { contact, country: number.country, landline };
}

interface ParsedNumber {
  number: PhoneNumber;
  type: string;
}

/**
 * Parses digits with an optional plus; after a plus the country is ignored. A leading `00` is read as a plus only if the
 * number is not valid in the country, and so is a prefix that the country has abolished. A number is valid if the library
 * knows its type, which needs the largest metadata.
 */
function parseDigits(text: string, country: string | undefined): ParsedNumber | null {
  // The library copies the options one by one, which is slow, so an undefined country is left out.
  const options =
    country === undefined ? { extract: false } : { defaultCountry: country as CountryCode, extract: false };
  for (const spelling of text.startsWith('00') ? [text, `+${text.slice(2)}`] : [text]) {
    const number = phoneLibrary().parsePhoneNumberFromString(spelling, options);
    if (!number) continue;
    const type = number.getType();
    if (type) return { number, type };
    const current = withoutFormerPrefix(number, spelling);
    const mobile = current ? parseDigits(current, undefined) : null;
    if (mobile?.type.endsWith('MOBILE')) return mobile;
  }
  return null;
}

/**
 * The mobile number of the selected country that was written with the calling code and without the plus, where the digits
 * could also be a landline whose prefix is left out: `4915123456789` in Germany. People always write that prefix. No other
 * country's calling code is understood so: a number that may be one of the selected country is not sent abroad.
 */
function withoutPlus(found: ParsedNumber | null, digits: string, country: string | undefined): ParsedNumber | null {
  const home = country as CountryCode;
  const library = phoneLibrary();
  if (!country || !library.isSupportedCountry(home) || !digits.startsWith(library.getCountryCallingCode(home)))
    return null;
  const isLandline = found?.type === 'FIXED_LINE' && found.number.nationalNumber === digits && hasNationalPrefix(home);
  const other = !found || isLandline ? parseDigits(`+${digits}`, undefined) : null;
  return other?.type === 'MOBILE' && other.number.country === home ? other : null;
}

/**
 * The mobile number that people write like this landline, without a digit that only its international format has. The
 * national prefix says that a landline is meant.
 */
function asMobile(parsed: ParsedNumber, digits: string): ParsedNumber {
  const { country, countryCallingCode, nationalNumber } = parsed.number;
  const hasPrefix = digits !== nationalNumber && !digits.endsWith(`${countryCallingCode}${nationalNumber}`);
  if (parsed.type !== 'FIXED_LINE' || !country || hasPrefix) return parsed;
  const digit = unwrittenDigit(country);
  const mobile = digit && parseDigits(`+${countryCallingCode}${digit}${nationalNumber}`, country);
  return mobile && mobile.type === 'MOBILE' ? mobile : parsed;
}

// RFC 5321 dot-atom in ASCII. No quoted strings, and no `!` or `%`, which old relays read as routes.
const local = /^[A-Za-z0-9#$&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9#$&'*+/=?^_`{|}~-]+)*$/;
// domainToASCII would also decode %40, cut at a slash and read numbers as IP addresses, so other characters are refused first.
const domainCharacters = /^[\p{L}\p{M}\p{Nd}.\-\u3002\u200c\u200d]+$/u;
const visible = /[^\s\p{Default_Ignorable_Code_Point}].*[^\s\p{Default_Ignorable_Code_Point}]/su;
const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
const decodedLabel = /^(?!\p{M})[\p{L}\p{M}\p{Nd}\-\u200c\u200d]+$/u;

/**
 * Whether a label may stand in a domain, in ASCII and lower case. An A-label (RFC 5890) must be the encoding of what a person
 * could have typed. Runtimes disagree: some pass on an A-label that encodes nothing, plain ASCII, or a mark without a letter.
 */
function isLabel(one: string): boolean {
  if (!label.test(one)) return false;
  if (!one.startsWith('xn--')) return true;
  const decoded = domainToUnicode(one);
  return !decoded.startsWith('xn--') && decodedLabel.test(decoded) && domainToASCII(decoded) === one;
}

function parseEmail(to: string, rules: ContactRules): ParsedContact | RejectedContact {
  // Invisible marks are removed at the ends only: a joiner inside may belong to a Persian domain, and without it the code would go to another domain.
  const [text] = visible.exec(to) ?? [];
  if (text === undefined) return invalid;
  const at = text.indexOf('@');
  const name = text.slice(0, Math.max(at, 0));
  const typedDomain = text.slice(at + 1);
  if (name.length > 64 || !local.test(name) || !domainCharacters.test(typedDomain)) return invalid;
  const domain = domainToASCII(typedDomain);
  const labels = domain.split('.');
  const isDomain = labels.length > 1 && labels.every(isLabel);
  const value = `${name}@${domain}`;
  if (!isDomain || /\.[0-9]+$/.test(domain) || value.length > 254) return invalid;
  if (!rules.types.includes('email') || !rules.channels.includes('email')) return unsupported;
  return { contact: { type: 'email', value }, landline: false };
}
