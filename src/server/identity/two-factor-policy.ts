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

/**
 * Whether this user must pass two-factor. Your sign-in route must ask this, and must not rely on an event of an element.
 * Throws a `TypeError` for a policy that is none, and for an account that does not say true or false where the policy asks it.
 */
export function twoFactorRequired(policy: TwoFactorPolicy, contacts: VerifiedContacts): boolean {
  switch (policy?.required) {
    case 'always':
      return true;
    case 'by-account':
      if (typeof contacts?.twoFactorRequired === 'boolean') return contacts.twoFactorRequired;
      throw new TypeError('twoFactorRequired of a user must be true or false.');
    case 'never':
      return false;
    default:
      throw new TypeError('required of a two-factor policy must be "always", "by-account" or "never".');
  }
}

/**
 * The verified contacts that are second factors, as they are stored, the phone first. Only `null` and `undefined` mean that
 * there is none: a row that nothing can be sent to, such as an empty text, is still a factor that the user must pass.
 */
export function allowedFactors(policy: TwoFactorPolicy, contacts: VerifiedContacts): Contact[] {
  const types = policy.email ? (['phone', 'email'] as const) : (['phone'] as const);
  return types.flatMap((type) => {
    const value: string | null | undefined = contacts[type];
    return value === undefined || value === null ? [] : [{ type, value }];
  });
}

/** What `accounts.contacts` returned is none of its answers. The message never quotes it. */
export class UnreadableAccountError extends TypeError {
  override readonly name = 'UnreadableAccountError';
}

/**
 * The verified contacts of a user: each property from the identity if it has one, else from `accounts`. Rejects if `accounts`
 * does, and with `UnreadableAccountError` if it returns no object. Answer `unavailable` then, never "not required".
 */
export async function mergeVerifiedContacts(identity: Identity, accounts?: Accounts): Promise<VerifiedContacts> {
  const stored: unknown = accounts ? await accounts.contacts(identity.id) : { twoFactorRequired: false };
  if (typeof stored !== 'object' || stored === null)
    throw new UnreadableAccountError('accounts.contacts must return an object, also for an unknown user.');
  const claimed: Partial<VerifiedContacts> = identity.contacts ?? {};
  const { phone, email, twoFactorRequired: required } = stored as VerifiedContacts;
  // Read by name, since the host's objects may have getters and inherit. `identify` may return `phone: undefined` or null, which
  // must not hide the stored phone: the second factor goes there.
  const { twoFactorRequired = required } = claimed;
  const merged: { [Name in keyof Omit<VerifiedContacts, 'verifiedAt'>]: unknown } = {
    phone: claimed.phone ?? phone,
    email: claimed.email ?? email,
    twoFactorRequired,
  };
  return merged as VerifiedContacts;
}
