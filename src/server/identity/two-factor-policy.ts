/** When two-factor is asked of a user, and by which verified contacts. Pure but for the one question to `accounts`. */
import type { Contact } from '../../protocol/schemas.js';
import type { Accounts, VerifiedContacts } from '../accounts/accounts.js';
import type { Identity } from './identity.js';

/** Whether two-factor is asked of everybody, of the accounts that want it, or of nobody; and whether e-mail may serve as the second factor. */
export interface TwoFactorPolicy {
  /** Default `by-account`. */
  required: 'always' | 'by-account' | 'never';
  /**
   * Default false. Set it only where verified e-mail is required of everybody; NIST SP 800-63B-4 section 3.1.3.1 does not
   * take e-mail for an out-of-band authenticator, so the proof marks it in `amr` and the host may treat it as weaker.
   */
  email: boolean;
}

/** Whether this user must pass two-factor. A host's sign-in route asks this, and never an element's event. */
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

/** The verified contacts that two-factor may send to, the phone first; empty if there is none. */
export function allowedFactors(policy: TwoFactorPolicy, contacts: VerifiedContacts): Contact[] {
  const factors: Contact[] = [];
  if (contacts.phone !== undefined) factors.push({ type: 'phone', value: contacts.phone });
  if (policy.email && contacts.email !== undefined) factors.push({ type: 'email', value: contacts.email });
  return factors;
}

/**
 * What is known of a user: what `accounts` says, overruled claim by claim by what the identity brought along.
 * Rejects if `accounts` does; callers answer `unavailable` then, and never "not required".
 */
export async function mergeVerifiedContacts(identity: Identity, accounts?: Accounts): Promise<VerifiedContacts> {
  const stored = accounts ? await accounts.contacts(identity.id) : { twoFactorRequired: false };
  // A host's `identify` may hand in `phone: undefined`; that must not hide the phone that a code has to go to.
  const claimed = Object.entries(identity.contacts ?? {}).filter(([, value]) => value !== undefined);
  return { ...stored, ...Object.fromEntries(claimed) };
}
