/** The verified contacts of a user, and which of them can receive the code of a second factor. */
import type { Channel } from '../../protocol/schemas.js';
import type { Accounts, VerifiedContacts } from '../accounts/accounts.js';
import { parseContact, type ParsedContact } from '../contacts/parse-contact.js';
import type { Identity } from './identity.js';
import { allowedFactors, mergeVerifiedContacts, type TwoFactorPolicy } from './two-factor-policy.js';

/** Where the verified contacts come from. The context of the backend is one. */
export interface ContactSource {
  options: { accounts?: Accounts };
  /** Calls code of the host, and throws `unavailable` if that throws. */
  callHost<T>(part: 'accounts', call: () => Promise<T>): Promise<T>;
}

/** What decides which contacts are factors. The context of the backend is one. */
export interface FactorRules {
  channels: readonly Channel[];
  policy: TwoFactorPolicy;
  emit(event: { type: 'misconfigured'; hint: string }): void;
}

/** The verified contacts of a user. Rejects with `unavailable` if they cannot be known: a guess could skip two-factor. */
export function loadVerifiedContacts(source: ContactSource, identity: Identity): Promise<VerifiedContacts> {
  return source.callHost('accounts', () => mergeVerifiedContacts(identity, source.options.accounts));
}

/**
 * The verified contacts that a second factor can go to, the phone first. `countries` and `numberTypes` do not apply:
 * if narrowing them later made a factor unusable, somebody with only the password could enrol another factor.
 */
export function eligibleFactors({ channels, policy, emit }: FactorRules, contacts: VerifiedContacts): ParsedContact[] {
  const rules = {
    types: ['phone', 'email'],
    channels,
    numberTypes: ['mobile', 'fixed-line-or-mobile', 'landline', 'voip', 'personal'],
  } as const;
  return allowedFactors(policy, contacts).flatMap((contact) => {
    const read = parseContact(contact.value, undefined, rules);
    if (!('problem' in read) && read.contact.type === contact.type) return [read];
    emit({
      type: 'misconfigured',
      hint: `A verified ${contact.type} from the accounts cannot be sent to: it must be E.164 or an address, on a channel that is in \`channels\`.`,
    });
    return [];
  });
}
