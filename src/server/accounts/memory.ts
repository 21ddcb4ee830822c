/** Accounts in memory, for demos and tests. They are gone when the process ends, and no other process sees them. */
import type { Contact, ContactType } from '../../protocol/schemas.js';
import { checkOptions } from '../options/check-options.js';
import { memoryAccountOptions } from '../options/accounts.js';
import { ContactInUseError, type AccountStore, type StoredFactor, type VerifiedContacts } from './accounts.js';
import { ownershipForm, type AccountOptions } from './schema.js';

interface User {
  phone?: string;
  email?: string;
  twoFactorRequired: boolean;
  verifiedAt: { phone?: number; email?: number };
  factorIdentity?: string;
  factors: StoredFactor[];
  /** Which of them are test contacts. Nobody else's claim is refused for these. */
  tests: Set<ContactType>;
}

/** Makes accounts in memory. */
export function memoryAccounts(options: AccountOptions = {}): AccountStore {
  const { uniqueContacts = false } = checkOptions('memoryAccounts', memoryAccountOptions, options);
  const users = new Map<string, User>();

  function getOrCreate(id: string): User {
    const user = users.get(id) ?? { twoFactorRequired: false, verifiedAt: {}, factors: [], tests: new Set() };
    users.set(id, user);
    return user;
  }

  function has(user: User | undefined, contact: Contact): boolean {
    const value = user?.[contact.type];
    return value !== undefined && ownershipForm({ type: contact.type, value }) === ownershipForm(contact);
  }

  function isTaken(contact: Contact, userId: string): boolean {
    return [...users].some(([id, user]) => id !== userId && !user.tests.has(contact.type) && has(user, contact));
  }

  function findFactor(userId: string, factorId: string): StoredFactor | undefined {
    return users.get(userId)?.factors.find(({ id }) => id === factorId);
  }

  return {
    async contacts(userId): Promise<VerifiedContacts> {
      const user = users.get(userId);
      if (!user) return { twoFactorRequired: false };
      const { factors: _factors, factorIdentity: _identity, tests: _tests, verifiedAt, ...contacts } = user;
      return Object.keys(verifiedAt).length === 0 ? contacts : { ...contacts, verifiedAt: { ...verifiedAt } };
    },
    async contactVerified(userId, contact, verifiedAt = Date.now(), { test = false } = {}) {
      if (uniqueContacts && !test && isTaken(contact, userId)) throw new ContactInUseError();
      const user = getOrCreate(userId);
      user[contact.type] = contact.value;
      user.verifiedAt[contact.type] = verifiedAt;
      if (test) user.tests.add(contact.type);
      else user.tests.delete(contact.type);
    },
    async setTwoFactorRequired(userId, on) {
      getOrCreate(userId).twoFactorRequired = on;
    },
    async remove(userId, contact) {
      const user = users.get(userId);
      if (!user || !has(user, contact)) return;
      delete user[contact.type];
      delete user.verifiedAt[contact.type];
      user.tests.delete(contact.type);
    },
    factors: {
      async list(userId) {
        return (users.get(userId)?.factors ?? []).map((factor) => ({ ...factor }));
      },
      async identity(userId, proposed) {
        if (proposed === undefined) return users.get(userId)?.factorIdentity ?? null;
        return (getOrCreate(userId).factorIdentity ??= proposed);
      },
      async add(userId, factor) {
        if (findFactor(userId, factor.id)) return;
        const { factors } = getOrCreate(userId);
        factors.push({ ...factor });
        factors.sort((a, b) => a.addedAt - b.addedAt);
      },
      async rename(userId, factorId, name) {
        const factor = findFactor(userId, factorId);
        if (factor) factor.name = name;
        return factor !== undefined;
      },
      async remove(userId, factorId) {
        const factor = findFactor(userId, factorId);
        if (!factor) return false;
        const { factors } = getOrCreate(userId);
        factors.splice(factors.indexOf(factor), 1);
        return true;
      },
      async used(userId, factorId, at) {
        const factor = findFactor(userId, factorId);
        if (factor) factor.lastUsedAt = Math.max(at, factor.lastUsedAt ?? at);
      },
    },
    async delete(userId) {
      users.delete(userId);
    },
    async close() {
      users.clear();
    },
  };
}
