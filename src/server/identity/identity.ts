/** The type of a signed-in user, as `identify` returns it. No code. */
import type { VerifiedContacts } from '../accounts/accounts.js';

/** The signed-in user behind a request. */
export interface Identity {
  /** The host's id of the user: the subject of challenges and proofs. */
  id: string;
  /** Whether this session has passed two-factor. Default false. */
  secondFactor?: boolean;
  /** The user's verified contacts, if the identity knows them. Each field takes precedence over `accounts`. */
  contacts?: Partial<VerifiedContacts>;
}
