/** The signed-in user, as the host or a bearer token names them. */
import type { VerifiedContacts } from '../accounts/accounts.js';

/** The signed-in user behind a request. */
export interface Identity {
  /** The host's id of the user. */
  id: string;
  /** Whether this session has passed two-factor. */
  secondFactor?: boolean;
  /** What the identity itself says of the user's verified contacts; it takes precedence over `accounts`, field by field. */
  contacts?: Partial<VerifiedContacts>;
}
