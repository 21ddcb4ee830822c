/** When a user must pass two-factor, and with which verified contacts. Pure, except for one call to `accounts`. */
import type { Contact } from '../../protocol/schemas.js';
import type { Accounts, VerifiedContacts } from '../accounts/accounts.js';
import type { Identity } from './identity.js';

/** Who must pass two-factor, and whether e-mail may serve as the second factor. */
export interface TwoFactorPolicy {
  /** Every user, the users whose account says so, or nobody. Default `by-account`. */
  required: 'always' | 'by-account' | 'never';
  /**
   * Default false. Set it only if every user must have a verified e-mail address. NIST SP 800-63B-4 section 3.1.3.1 does not
   * accept e-mail as an out-of-band authenticator, so the proof names it in `amr` and the host may treat it as weaker.
   */
  email: boolean;
}

/** Whether this user must pass two-factor. Your sign-in route must ask this, and must not rely on an event of an element. */
export function twoFactorRequired(policy: TwoFactorPolicy, contacts: VerifiedContacts): boolean {
  switch (policy.required) {
    case 'always':
      return true;
    case 'by-account':
      return contacts.twoFactorRequired;
    case 'never':
      return false;
  }
}

/** The verified contacts that two-factor may send to, as they are stored, the phone first. */
export function allowedFactors(policy: TwoFactorPolicy, contacts: VerifiedContacts): Contact[] {
  const factors: Contact[] = [];
  if (contacts.phone !== undefined) factors.push({ type: 'phone', value: contacts.phone });
  if (policy.email && contacts.email !== undefined) factors.push({ type: 'email', value: contacts.email });
  return factors;
}

/**
 * The verified contacts of a user: each property from the identity if it has one, else from `accounts`.
 * Rejects if `accounts` does. Answer `unavailable` then, never "not required".
 */
export async function mergeVerifiedContacts(identity: Identity, accounts?: Accounts): Promise<VerifiedContacts> {
  const stored = accounts ? await accounts.contacts(identity.id) : { twoFactorRequired: false };
  // `identify` may return `phone: undefined`, which must not hide the stored phone: the second factor goes there.
  const claimed = Object.entries(identity.contacts ?? {}).filter(([, value]) => value !== undefined);
  return { ...stored, ...Object.fromEntries(claimed) };
}
