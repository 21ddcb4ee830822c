/** The second factors of a user: which they must pass, and which of them a code can be sent to today. */
import type { Contact } from '../../protocol/schemas.js';
import type { Accounts, StoredFactor, VerifiedContacts } from '../accounts/accounts.js';
import { contactRules, parseContact, type ContactOptions, type ParsedContact } from '../contacts/parse-contact.js';
import type { Identity } from './identity.js';
import {
  allowedFactors,
  mergeVerifiedContacts,
  twoFactorRequired,
  UnreadableAccountError,
  type TwoFactorPolicy,
} from './two-factor-policy.js';

/** Where the verified contacts come from. The context of the backend is one. */
interface ContactSource {
  options: { accounts?: Accounts };
  policy: TwoFactorPolicy;
  /** Calls code of the host, and throws `unavailable` if that throws. */
  callHost<T>(component: 'accounts', call: () => Promise<T>): Promise<T>;
  emit(event: { type: 'misconfigured'; hint: string }): void;
}

/** Where codes may go. The context of the backend is one. */
interface ReachableRules extends ContactOptions {
  emit(event: { type: 'misconfigured'; hint: string }): void;
}

/**
 * What one user must pass. `factors` are contacts as they are stored: whether a code can be sent there today is another question.
 * `stored` are the factors that are no contacts.
 */
interface SecondFactor {
  required: boolean;
  factors: Contact[];
  stored: StoredFactor[];
}

/** Loads what this user must pass. Rejects with `unavailable` if that cannot be known: a guess could skip two-factor. */
export function loadSecondFactor(source: ContactSource, identity: Identity): Promise<SecondFactor> {
  const { policy, options, callHost, emit } = source;
  return callHost('accounts', async () => {
    const contacts = await mergeVerifiedContacts(identity, options.accounts).catch((error: unknown) => {
      if (error instanceof UnreadableAccountError) emit({ type: 'misconfigured', hint: error.message });
      throw error;
    });
    const stored: unknown = options.accounts?.factors ? await options.accounts.factors.list(identity.id) : [];
    if (!Array.isArray(stored)) {
      emit({ type: 'misconfigured', hint: 'accounts.factors.list must return a list, also for an unknown user.' });
      throw new UnreadableAccountError('accounts.factors.list returned no list.');
    }
    return {
      required: isRequired(policy, contacts, emit),
      factors: allowedFactors(policy, contacts),
      stored: stored as StoredFactor[],
    };
  });
}

function isRequired(policy: TwoFactorPolicy, contacts: VerifiedContacts, emit: ContactSource['emit']): boolean {
  try {
    return twoFactorRequired(policy, contacts);
  } catch (error) {
    emit({ type: 'misconfigured', hint: 'Accounts and identify must say true or false in twoFactorRequired.' });
    throw error;
  }
}

/** The factors that a code can be sent to. Emits `misconfigured` for each of the others. */
export function reachableFactors(rules: ReachableRules, factors: readonly Contact[]): ParsedContact[] {
  return factors.flatMap((factor) => parseFactor(rules, factor) ?? []);
}

/** Whether the contact of a challenge is still a factor. Only what is stored in another spelling is parsed. */
export function isFactor(rules: ReachableRules, factors: readonly Contact[], { type, value }: Contact): boolean {
  const stored = factors.filter((one) => one.type === type);
  return stored.some((one) => one.value === value || parseFactor(rules, one)?.contact.value === value);
}

function parseFactor(rules: ReachableRules, { type, value }: Contact): ParsedContact | undefined {
  // A row of the host's may hold anything.
  const parsed = typeof value === 'string' ? parseContact(value, undefined, contactRules(rules, [type])) : undefined;
  if (parsed && 'contact' in parsed) return parsed;
  rules.emit({
    type: 'misconfigured',
    hint: `A verified ${type} from the accounts cannot be sent to: it must be E.164 or an address, and \`channels\`, \`countries\` and \`numberTypes\` must allow it.`,
  });
  return undefined;
}
