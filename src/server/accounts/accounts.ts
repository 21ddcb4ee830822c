/** What the backend asks of the host's users table. An interface and its error, no code. */
import type { Contact } from '../../protocol/schemas.js';

/** What the host knows of one user. A contact is listed only once it has been proven. */
export interface VerifiedContacts {
  /** E.164 */
  phone?: string;
  email?: string;
  /** Whether this account asks for two-factor, where the policy is `by-account`. */
  twoFactorRequired: boolean;
}

/** The two questions that an application with its own users table answers. */
export interface Accounts {
  contacts(userId: string): Promise<VerifiedContacts>;
  /**
   * Called when a user has proven a contact; may come twice for the same proof, so it is idempotent.
   * Rejects with {@link ContactInUseError} where the host wants one person per contact and another has it.
   */
  contactVerified(userId: string, contact: Contact): Promise<void>;
}

/** What the shipped accounts can do besides. */
export interface AccountStore extends Accounts {
  setTwoFactorRequired(userId: string, on: boolean): Promise<void>;
  remove(userId: string, contact: Contact): Promise<void>;
  delete(userId: string): Promise<void>;
  close(): Promise<void>;
}

/** Another account has verified this contact. */
export class ContactInUseError extends Error {
  override readonly name = 'ContactInUseError';
  readonly code = 'contact-in-use';
}

/** The accounts cannot be asked. The message holds the driver's code and nothing of its words, which may quote a contact. */
export class AccountsError extends Error {
  override readonly name = 'AccountsError';
  readonly code = 'accounts-unavailable';
  constructor(reason: string) {
    super(`The accounts cannot be used (${reason}).`);
  }
}
