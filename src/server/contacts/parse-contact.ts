/** What was typed into the contact field → E.164 or an e-mail address, or why not. Pure once the library of numbers is there: nothing is looked up. */
import { domainToASCII } from 'node:url';
import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max';
import type { Channel, Contact, ContactType } from '../../protocol/schemas.js';
import { normalizeText } from './normalize-text.js';

let library: typeof import('libphonenumber-js/max') | undefined;

/** Loads what reads numbers, with its largest table: some hundred files, which a process that only serves keys need not have. Before it nothing here may be called. */
export async function loadPhoneMetadata(): Promise<void> {
  library ??= await import('libphonenumber-js/max');
}

/** The kinds of line that a code may go to; `landline` only by call. All others are never sent to: they cost the owner, not the caller, or ring at strangers. */
export type NumberType = 'mobile' | 'fixed-line-or-mobile' | 'landline' | 'voip' | 'personal';

/** What the page and the backend admit. */
export interface ContactRules {
  types: readonly ContactType[];
  /** ISO 3166-1 alpha-2; all if left out. It says nothing of e-mail. */
  countries?: readonly string[];
  /** Default mobile, fixed-line-or-mobile and landline. */
  numberTypes?: readonly NumberType[];
  channels: readonly Channel[];
}

/** A contact that a code may go to; `country` is that of the number, whatever was selected; a landline takes no text. */
export interface ParsedContact {
  contact: Contact;
  country?: string;
  landline: boolean;
}

/** Why what was typed is refused. */
export interface RejectedContact {
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
/** What is sent to unless the host says otherwise. */
export const defaultNumberTypes: readonly NumberType[] = ['mobile', 'fixed-line-or-mobile', 'landline'];

/**
 * Reads a number or an address as typed. `country` (ISO 3166-1 alpha-2) counts only where the number has no international
 * prefix. `unsupported-contact` is a real contact that these rules do not send to; all else is `invalid-contact`.
 */
export function parseContact(
  to: string,
  country: string | undefined,
  rules: ContactRules,
): ParsedContact | RejectedContact {
  // A line break could start a mail header of the attacker's; a tab at the ends comes from spreadsheets.
  if (to.length > 254 || /[^\P{Cc}\t]/u.test(to)) return invalid;
  if (to.normalize('NFKC').includes('@')) return readAddress(to, rules);
  return to.length > 64 ? invalid : readNumber(to, country, rules);
}

function readNumber(to: string, country: string | undefined, rules: ContactRules): ParsedContact | RejectedContact {
  // NFKC comes first: the full-width plus is no plus to the library, which would then make +1 44… of a British number.
  const plain = normalizeText(to);
  if (plain === null) return invalid;
  const text = plain.replace(/[\p{Pd}\u2212\u30fc]/gu, '-');
  if (!/^(?:[ (]*\+)?[ ()./0-9-]*$/.test(text)) return invalid;
  const parsed = parse(text.replace(/[^+0-9]/g, ''), country);
  if (!parsed) return invalid;
  if (!rules.types.includes('phone')) return unsupported;
  const { number } = parsed;
  const type = numberTypes.get(parsed.type);
  // Satellite and other networks without a country are typed `MOBILE` too.
  if (!type || !number.country) return unsupported;
  if (!(rules.numberTypes ?? defaultNumberTypes).includes(type)) return unsupported;
  if (rules.countries && !rules.countries.includes(number.country)) return unsupported;
  const landline = type === 'landline';
  if (!rules.channels.some((channel) => channel === 'call' || (channel !== 'email' && !landline))) return unsupported;
  const contact: Contact = { type: 'phone', value: number.number };
  formatCache.set(contact, number);
  return { contact, country: number.country, landline };
}

/**
 * `text` is digits, after a plus or not; after one the country says nothing. `00` is tried as a plus after the country's own way of
 * dialling has failed. A number is valid if it is of some type: each country has them in the library's largest table.
 */
function parse(text: string, country: string | undefined): { number: PhoneNumber; type: string } | null {
  // The library copies the options, one by one and slowly: none is named that says nothing.
  const options =
    country === undefined ? { extract: false } : { defaultCountry: country as CountryCode, extract: false };
  for (const spelling of text.startsWith('00') ? [text, `+${text.slice(2)}`] : [text]) {
    const number = library!.parsePhoneNumberFromString(spelling, options);
    if (!number) continue;
    const type = number.getType();
    if (type) return { number, type };
  }
  return null;
}

// RFC 5321 dot-atom, in ASCII, without the `!` and `%` that relays once read as routes; no quoted strings.
const local = /^[A-Za-z0-9#$&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9#$&'*+/=?^_`{|}~-]+)*$/;
// Only letters reach domainToASCII: it would also decode %40, cut at a slash, and read numbers as IP addresses.
const domainCharacters = /^[\p{L}\p{M}\p{Nd}.\-\u3002\u200c\u200d]+$/u;
const visible = /[^\s\p{Default_Ignorable_Code_Point}].*[^\s\p{Default_Ignorable_Code_Point}]/su;
const label = /^(?!-)[a-z0-9-]{1,63}$/;

function readAddress(to: string, rules: ContactRules): ParsedContact | RejectedContact {
  // Invisible marks go at the ends only: inside, a joiner may belong to a Persian domain, and a code must not go to another one.
  const found = visible.exec(to);
  if (!found) return invalid;
  const [text] = found;
  const at = text.indexOf('@');
  const name = text.slice(0, Math.max(at, 0));
  const typedDomain = text.slice(at + 1);
  if (name.length > 64 || !local.test(name) || !domainCharacters.test(typedDomain)) return invalid;
  const domain = domainToASCII(typedDomain);
  const labels = domain.split('.');
  const real = labels.length > 1 && labels.every((one) => label.test(one) && !one.endsWith('-'));
  const value = `${name}@${domain}`;
  if (!real || /\.[0-9]+$/.test(domain) || value.length > 254) return invalid;
  if (!rules.types.includes('email') || !rules.channels.includes('email')) return unsupported;
  return { contact: { type: 'email', value }, landline: false };
}

/** Numbers that were read are shown soon after; to parse one again would cost as much as to read it. */
const formatCache = new WeakMap<Contact, PhoneNumber | string>();

/** The contact as a person reads it: `+1 415 555 2671`; an address as it is. */
export function formatContact(contact: Contact): string {
  if (contact.type === 'email') return contact.value;
  const known = formatCache.get(contact) ?? library!.parsePhoneNumberFromString(contact.value) ?? contact.value;
  const text = typeof known === 'string' ? known : known.formatInternational();
  formatCache.set(contact, text);
  return text;
}

/** The contact in one constant shape that tells neither its length nor its country: `•••• 71`, `a•••@e•••`. */
export function maskContact(contact: Contact): string {
  if (contact.type === 'phone') return `•••• ${contact.value.slice(-2)}`;
  const domain = contact.value.slice(contact.value.lastIndexOf('@') + 1);
  return `${contact.value.slice(0, 1)}•••@${domain.slice(0, 1)}•••`;
}

/**
 * The contact as counters know it: an address without its tag, in lower case, and without the dots that Google ignores,
 * so that one mailbox has one budget. Never send to it, compare or store a contact by it.
 */
export function rateLimitForm(contact: Contact): string {
  if (contact.type === 'phone') return contact.value;
  const at = contact.value.lastIndexOf('@');
  const domain = contact.value.slice(at + 1);
  const name = contact.value.slice(0, at).toLowerCase().replace(/\+.*/, '');
  if (domain !== 'gmail.com' && domain !== 'googlemail.com') return `${name}@${domain}`;
  return `${name.replaceAll('.', '')}@gmail.com`;
}
