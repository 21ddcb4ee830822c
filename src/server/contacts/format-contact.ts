/** A contact in other forms: as people read it, masked, and as the limits count it. */
import type { PhoneNumber } from 'libphonenumber-js/max';
import type { Contact } from '../../protocol/schemas.js';
import { foldMailboxAliases } from './mailbox-aliases.js';
import { phoneLibrary } from './phone-metadata.js';

/** The parsed number of a contact, or its text once it was formatted: parsing a number again would cost as much as the first time. */
const formatCache = new WeakMap<Contact, PhoneNumber | string>();

/** Keeps the parsed number of a contact, so that {@link formatContact} need not parse it again. */
export function cacheParsedNumber(contact: Contact, number: PhoneNumber): void {
  formatCache.set(contact, number);
}

/** The contact as people read it: `+1 415 555 2671`. An e-mail address is returned as it is. */
export function formatContact(contact: Contact): string {
  if (contact.type === 'email') return contact.value;
  const cached = formatCache.get(contact) ?? phoneLibrary().parsePhoneNumberFromString(contact.value) ?? contact.value;
  const text = typeof cached === 'string' ? cached : cached.formatInternational();
  formatCache.set(contact, text);
  return text;
}

/** The country of a phone number itself, ISO 3166-1 alpha-2. Undefined for an e-mail address, and for a number of no country. */
export function countryOfNumber({ type, value }: Contact): string | undefined {
  return type === 'phone' ? phoneLibrary().parsePhoneNumberFromString(value)?.country : undefined;
}

/** The contact in a shape that shows neither its length nor its country: `•••• 71`, `a•••@e•••`. */
export function maskContact(contact: Contact): string {
  if (contact.type === 'phone') return `•••• ${contact.value.slice(-2)}`;
  const domain = contact.value.slice(contact.value.lastIndexOf('@') + 1);
  return `${contact.value.slice(0, 1)}•••@${domain.slice(0, 1)}•••`;
}

/**
 * The contact as the limits count it, so that one mailbox has one budget. Never send to this form, compare contacts by it or
 * store it as a contact.
 */
export function rateLimitForm(contact: Contact): string {
  return contact.type === 'phone' ? contact.value : foldMailboxAliases(contact.value);
}
