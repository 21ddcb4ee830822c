/** Checks what the schema cannot see of `testContacts`: whether the backend accepts each contact, and which entries have ended. */
import { maskContact } from '../contacts/format-contact.js';
import { contactRules, parseContact, type ContactOptions } from '../contacts/parse-contact.js';
import { loadPhoneMetadata } from '../contacts/phone-metadata.js';
import type { TestContact } from '../contacts/test-contacts.js';
import { endOf } from '../options/test-contacts.js';
import type { BackendEvent } from './events.js';

/** Reports each entry that has ended. It is not refused: a forgotten entry must not keep a server from starting. */
export function warnOfPastEntries(
  entries: readonly TestContact[],
  now: number,
  emit: (event: BackendEvent) => void,
): void {
  const ended = entries.filter(({ until }) => endOf(until) < now);
  for (const { contact, until } of ended)
    emit({ type: 'warning', hint: `testContacts: ${masked(contact)} ended on ${until}, so remove it.` });
}

/** Throws a `TypeError` for a contact that nobody could verify here, since it is not parsed to itself, or the rules exclude it. */
export async function checkTestContacts(entries: readonly TestContact[], host: ContactOptions): Promise<void> {
  await loadPhoneMetadata();
  for (const { contact } of entries) {
    const parsed = parseContact(contact, undefined, contactRules(host, ['phone', 'email']));
    if ('contact' in parsed && parsed.contact.value === contact) continue;
    throw new TypeError(
      `testContacts has ${masked(contact)}, which this backend does not accept: see countries, numberTypes and channels.`,
    );
  }
}

const masked = (value: string): string => maskContact({ type: value.startsWith('+') ? 'phone' : 'email', value });
