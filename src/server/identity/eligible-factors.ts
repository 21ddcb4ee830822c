/** The verified contacts of a user, and which of them can receive the code of a second factor. */
import type { Channel, Contact } from '../../protocol/schemas.js';
import type { Accounts, VerifiedContacts } from '../accounts/accounts.js';
import { parseContact, type ParsedContact } from '../contacts/parse-contact.js';
import type { Identity } from './identity.js';
import { allowedFactors, mergeVerifiedContacts, type TwoFactorPolicy } from './two-factor-policy.js';

/** Where the verified contacts come from. The context of the backend is one. */
interface ContactSource {
  options: { accounts?: Accounts };
  /** Calls code of the host, and throws `unavailable` if that throws. */
  callHost<T>(component: 'accounts', call: () => Promise<T>): Promise<T>;
}

/** What decides which contacts are factors. The context of the backend is one. */
interface FactorRules {
  channels: readonly Channel[];
  policy: TwoFactorPolicy;
  emit(event: { type: 'misconfigured'; hint: string }): void;
}

/** The verified contacts of a user. Rejects with `unavailable` if they cannot be known: a guess could skip two-factor. */
export function loadVerifiedContacts(source: ContactSource, identity: Identity): Promise<VerifiedContacts> {
  return source.callHost('accounts', () => mergeVerifiedContacts(identity, source.options.accounts));
}

/** The contacts that a second factor can go to, the phone first. Emits `misconfigured` for one that cannot be parsed. */
export function eligibleFactors(rules: FactorRules, contacts: VerifiedContacts): ParsedContact[] {
  return allowedFactors(rules.policy, contacts).flatMap((contact) => parseFactor(rules, contact) ?? []);
}

/** Whether the second factor may still go to this contact of a challenge. Only what is stored in another spelling is parsed. */
export function isEligibleFactor(rules: FactorRules, contacts: VerifiedContacts, { type, value }: Contact): boolean {
  const stored = allowedFactors(rules.policy, contacts).filter((one) => one.type === type);
  return stored.some((one) => one.value === value || parseFactor(rules, one)?.contact.value === value);
}

/**
 * `countries` and `numberTypes` do not apply: if narrowing them later made a factor unusable, a thief with only the
 * password could enrol another factor.
 */
function parseFactor({ channels, emit }: FactorRules, { type, value }: Contact): ParsedContact | undefined {
  const parsed = parseContact(value, undefined, {
    types: ['phone', 'email'],
    channels,
    numberTypes: ['mobile', 'fixed-line-or-mobile', 'landline', 'voip', 'personal'],
  });
  if (!('problem' in parsed) && parsed.contact.type === type) return parsed;
  emit({
    type: 'misconfigured',
    hint: `A verified ${type} from the accounts cannot be sent to: it must be E.164 or an address, on a channel that is in \`channels\`.`,
  });
  return undefined;
}
