/** The backend's interface to the host's users table, and the errors it may reject with. No storage. */
import type { Contact } from '../../protocol/schemas.js';

/**
 * What the host knows about one user. It lists a contact only after the user has verified it. Only `null` and `undefined` mean
 * that there is no contact: any other value is a second factor that the user must pass, also if no code can be sent there.
 */
export interface VerifiedContacts {
  /** E.164 */
  phone?: string;
  /** The address as it was verified. */
  email?: string;
  /** Whether this user wants two-factor. Only read while the policy is `by-account`. */
  twoFactorRequired: boolean;
  /** When each contact was last verified, in milliseconds since 1970. Your own accounts may leave it out. */
  verifiedAt?: { phone?: number; email?: number };
}

/** A second factor of a user that is no contact: one authenticator app, or one passkey. */
export interface StoredFactor {
  id: string;
  type: 'totp' | 'passkey';
  /** What the user calls it. */
  name: string;
  /** Twilio's id of an authenticator app (YF…). */
  reference: string;
  /** Milliseconds since 1970. */
  addedAt: number;
  /** Milliseconds since 1970. Missing until the factor is used for the first time. */
  lastUsedAt?: number;
}

/** What accounts need in order to keep factors. No factor is stored before the user has confirmed it. */
export interface FactorAccounts {
  /** The user's factors, the oldest first. An unknown user has none. */
  list(userId: string): Promise<StoredFactor[]>;
  /**
   * The user's identity at Twilio, or null if they have none. With `proposed`, a user without one gets it. Two calls at once
   * must return the same.
   */
  identity(userId: string, proposed?: string): Promise<string | null>;
  /** Adds a factor. It may be called twice for one factor, so it must do nothing if the user has one with this id. */
  add(userId: string, factor: StoredFactor): Promise<void>;
  /** Gives a factor another name. False if the user has no such factor. */
  rename(userId: string, factorId: string, name: string): Promise<boolean>;
  /** Removes a factor. True only for the call that removed it. */
  remove(userId: string, factorId: string): Promise<boolean>;
  /** Records the last use of a factor. An earlier time than the stored one changes nothing. */
  used(userId: string, factorId: string, at: number): Promise<void>;
}

/** What an application with its own users table implements. */
export interface Accounts {
  /** The user's verified contacts. An unknown user has none: `{ twoFactorRequired: false }`. */
  contacts(userId: string): Promise<VerifiedContacts>;
  /**
   * Records a contact that a user has verified. It may be called twice for one proof, so it must be idempotent.
   * `verifiedAt` is when the code was approved, in milliseconds since 1970. Default: now.
   * Rejects with {@link ContactInUseError} if each contact may belong to one user only and another user has it. Not so with
   * `test: true`, for a test contact: several users may have it.
   */
  contactVerified(userId: string, contact: Contact, verifiedAt?: number, options?: { test?: boolean }): Promise<void>;
  /** The factors that are no contacts. Default: there are none. */
  factors?: FactorAccounts;
}

/** The accounts that come with this package: what the backend needs, and what a host's own routes need. */
export interface AccountStore extends Required<Accounts> {
  /** Switches two-factor on or off for one user, where the policy is `by-account`. */
  setTwoFactorRequired(userId: string, on: boolean): Promise<void>;
  /** Removes a contact from a user. Does nothing if the user does not have it. */
  remove(userId: string, contact: Contact): Promise<void>;
  /** Deletes everything about a user. */
  delete(userId: string): Promise<void>;
  /** Closes the database. Every later call rejects. */
  close(): Promise<void>;
}

/** Another user has verified this contact. */
export class ContactInUseError extends Error {
  override readonly name = 'ContactInUseError';
  readonly code = 'contact-in-use';
}

/** The accounts are out of reach. The message has the driver's code only: the driver's own words may quote a contact. */
export class AccountsError extends Error {
  override readonly name = 'AccountsError';
  readonly code = 'accounts-unavailable';
  constructor(reason: string) {
    super(`The accounts cannot be used (${reason}).`);
  }
}
