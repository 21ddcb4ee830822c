/** Accounts in memory: for demos and tests. Gone when the process ends, and seen by no other process. */
import type { Contact } from '../../protocol/schemas.js';
import { ContactInUseError, type AccountStore, type VerifiedContacts } from './accounts.js';
import { ownershipForm, type AccountOptions } from './schema.js';

interface User {
  phone?: string;
  email?: string;
  twoFactorRequired: boolean;
}

/** Accounts in memory. */
export function memoryAccounts(options: AccountOptions = {}): AccountStore {
  const users = new Map<string, User>();

  function user(id: string): User {
    const known = users.get(id) ?? { twoFactorRequired: false };
    users.set(id, known);
    return known;
  }

  function hasAnother(id: string, contact: Contact): boolean {
    const form = ownershipForm(contact);
    for (const [other, { [contact.type]: value }] of users) {
      if (other !== id && value !== undefined && ownershipForm({ type: contact.type, value }) === form) return true;
    }
    return false;
  }

  return {
    async contacts(userId): Promise<VerifiedContacts> {
      return { twoFactorRequired: false, ...users.get(userId) };
    },
    async contactVerified(userId, contact) {
      if (options.uniqueContacts && hasAnother(userId, contact)) throw new ContactInUseError();
      user(userId)[contact.type] = contact.value;
    },
    async setTwoFactorRequired(userId, on) {
      user(userId).twoFactorRequired = on;
    },
    async remove(userId, contact) {
      const value = users.get(userId)?.[contact.type];
      if (value === undefined || ownershipForm({ type: contact.type, value }) !== ownershipForm(contact)) return;
      delete user(userId)[contact.type];
    },
    async delete(userId) {
      users.delete(userId);
    },
    async close() {
      users.clear();
    },
  };
}
