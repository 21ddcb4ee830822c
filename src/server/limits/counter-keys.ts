/** The keys of the counters: a use and an HMAC, so that a leaked store neither names anybody nor shows which counters belong together. */
import type { Contact } from '../../protocol/schemas.js';
import { rateLimitForm } from '../contacts/format-contact.js';

/** Makes the keys. */
export interface CounterKeys {
  /** Hashes the use together with the name. */
  key(use: string, ...name: (string | null)[]): string;
  /** As `key`, hashed once per name: for the few hundred names that belong to no person and that no visitor makes up. */
  sharedKey(use: string, ...name: string[]): string;
}

/** `hash` must be an HMAC under a secret, because phone numbers have too little entropy for a hash without one. */
export function createCounterKeys(hash: (text: string) => string): CounterKeys {
  const key = (use: string, ...name: (string | null)[]): string => hash(JSON.stringify([use, ...name]));
  const sharedKeys = new Map<string, string>();
  return {
    key,
    sharedKey(use, ...name) {
      const text = `${use} ${name.join(' ')}`;
      const cached = sharedKeys.get(text) ?? key(use, ...name);
      sharedKeys.set(text, cached);
      return cached;
    },
  };
}

/** The name of a contact in a key: one mailbox has one. */
export const contactName = (contact: Contact): string[] => ['contact', contact.type, rateLimitForm(contact)];
