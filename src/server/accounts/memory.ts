/** Accounts in memory, for demos and tests. They are gone when the process ends, and no other process sees them. */
import type { Contact } from '../../protocol/schemas.js';
import { checkOptions } from '../options/check-options.js';
import { memoryAccountOptions } from '../options/accounts.js';
import { ContactInUseError, type AccountStore, type VerifiedContacts } from './accounts.js';
import { ownershipForm, type AccountOptions } from './schema.js';

interface User {
  phone?: string;
  email?: string;
  twoFactorRequired: boolean;
  verifiedAt: { phone?: number; email?: number };
}

/** Makes accounts in memory. */
export function memoryAccounts(options: AccountOptions = {}): AccountStore {
  const { uniqueContacts = false } = checkOptions('memoryAccounts', memoryAccountOptions, options);
  const users = new Map<string, User>();

  function getOrCreate(id: string): User {
    const user = users.get(id) ?? { twoFactorRequired: false, verifiedAt: {} };
    users.set(id, user);
    return user;
  }

  function has(user: User | undefined, contact: Contact): boolean {
    const value = user?.[contact.type];
    return value !== undefined && ownershipForm({ type: contact.type, value }) === ownershipForm(contact);
  }

  function isTaken(contact: Contact, userId: string): boolean {
    return [...users].some(([id, user]) => id !== userId && has(user, contact));
  }

  return {
    async contacts(userId): Promise<VerifiedContacts> {
      const { verifiedAt = {}, ...user } = users.get(userId) ?? { twoFactorRequired: false };
      return Object.keys(verifiedAt).length === 0 ? user : { ...user, verifiedAt: { ...verifiedAt } };
    },
    async contactVerified(userId, contact, verifiedAt = Date.now()) {
      if (uniqueContacts && isTaken(contact, userId)) throw new ContactInUseError();
      const user = getOrCreate(userId);
      user[contact.type] = contact.value;
      user.verifiedAt[contact.type] = verifiedAt;
    },
    async setTwoFactorRequired(userId, on) {
      getOrCreate(userId).twoFactorRequired = on;
    },
    async remove(userId, contact) {
      const user = users.get(userId);
      if (!user || !has(user, contact)) return;
      delete user[contact.type];
      delete user.verifiedAt[contact.type];
    },
    async delete(userId) {
      users.delete(userId);
    },
    async close() {
      users.clear();
    },
  };
}
