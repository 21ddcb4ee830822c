/** Everything a route needs, put together once from the host's options. */
import type { Channel, Contact, Purpose } from '../../protocol/schemas.js';
import type { VerifiedContacts } from '../accounts/accounts.js';
import type { Identity } from '../identity/bearer-identity.js';
import { guarded } from '../twilio/circuit-breaker.js';
import { clientAddressReader, type Connection } from '../http/client-address.js';
import { readContact, type ReadContact } from '../contacts/parse-contact.js';
import { defaults } from './defaults.js';
import { faultsOnly, reasonOf, type BackendEvent, type Part } from './events.js';
import { keyRing, type KeyRing } from '../tokens/key-ring.js';
import { limitNumbers } from '../limits/limit-options.js';
import { createLimits, type Asked, type Limits } from '../limits/rate-limits.js';
import type { HandlerOptions } from './options.js';
import { ProblemError } from '../http/problem-response.js';
import { recordsOver, type Records } from '../store/records.js';
import { memoryStore } from '../store/memory.js';
import { sendParameters } from '../twilio/send-options.js';
import type { Store } from '../store/store.js';
import { timed } from '../twilio/timing.js';
import { twilioVerify, type Verify } from '../twilio/verify-client.js';
import { contactsOf, usableFactor, type TwoFactorPolicy } from '../identity/two-factor-policy.js';

/** The settled options and the working parts made of them. */
export interface Parts {
  options: HandlerOptions;
  channels: readonly Channel[];
  policy: TwoFactorPolicy;
  issuer: string;
  /** Seconds that a proof lives, by purpose. */
  proofLifetime: Record<Purpose, number>;
  codeLength: number;
  /** Milliseconds that a code lives. */
  lifetime: number;
  /** Milliseconds after which a call to Twilio is over, one way or the other, with the question what became of it. */
  callTime: number;
  ring: KeyRing;
  store: Store;
  records: Records;
  limits: Limits;
  verify: Verify;
  /** What a send says beside destination, channel and language. */
  sendParameters(asked: Asked, channel: Channel): Record<string, unknown>;
  address(request: Request, connection: Connection): string | null;
  emit(event: BackendEvent): void;
  now(): number;
  wait(milliseconds: number): Promise<void>;
  /** Calls something of the host's; whatever it throws becomes `unavailable` and an event. */
  guard<T>(part: Part, call: () => Promise<T> | T): Promise<T>;
}

/** Checks the options and makes the parts. Throws a `TypeError` (for limits a `RangeError`) of one sentence for what is missing or wrong; keys are checked in the promise. */
export function assemble(options: HandlerOptions): { parts: Promise<Parts>; verify: Verify } {
  if (!options.keys) throw new TypeError('keys is missing: make them once with generateKeys() and keep them.');
  if (!options.audience) throw new TypeError('audience is missing: name who the proofs are for.');
  for (const origin of options.origins ?? []) {
    if (origin.includes('*') || !URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new TypeError(
        `origins has ${JSON.stringify(origin)}, which is not an exact origin such as https://shop.example.`,
      );
    }
  }
  // Read again where they are used; here so that a limit that is none is no news of the first request.
  limitNumbers(options.limits);
  const verify = twilioVerify(options.twilio);
  const more = sendParameters(options.twilio);
  const store = options.store ?? memoryStore();
  const address = clientAddressReader(options.clientAddress);
  const emit = quietly(options.onEvent ?? faultsOnly);
  const now = options.now ?? Date.now;
  if ((options.twilio.twoFactorService ?? options.twilio.contactService) === options.twilio.contactService) {
    emit({
      type: 'warning',
      hint: 'One Verify service serves contacts and two-factor: set twilio.twoFactorService, or a code phished on a sign-up page opens the sign-in.',
    });
  }
  const parts = keyRing(options.keys).then((ring): Parts => {
    const { hash } = ring;
    return {
      options,
      channels: options.channels ?? defaults.channels,
      policy: { ...defaults.twoFactor, ...options.twoFactor },
      issuer: options.issuer ?? defaults.issuer,
      proofLifetime: {
        contact: options.contactProofLifetime ?? defaults.contactProofLifetime,
        'two-factor': options.twoFactorProofLifetime ?? defaults.twoFactorProofLifetime,
      },
      codeLength: options.twilio.codeLength ?? defaults.codeLength,
      lifetime: (options.twilio.lifetime ?? defaults.lifetime) * 1000,
      callTime: (options.twilio.timeout ?? defaults.timeout) + 10_000,
      ring,
      store,
      records: recordsOver(store, hash),
      limits: createLimits(store, hash, options.limits),
      verify: guarded(timed(verify, emit, now), now),
      sendParameters: (asked, channel) => more(asked, channel, hash),
      address,
      emit,
      now,
      wait: options.wait ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))),
      async guard(part, call) {
        try {
          return await call();
        } catch (error) {
          emit({ type: 'unavailable', part, reason: reasonOf(error) });
          throw new ProblemError('unavailable');
        }
      },
    };
  });
  return { parts, verify };
}

/** A host's log that fails must not fail a verification. */
function quietly(onEvent: (event: BackendEvent) => void): (event: BackendEvent) => void {
  return (event) => {
    try {
      onEvent(event);
    } catch {
      // There is nowhere left to tell it.
    }
  };
}

/** What is known of the user's verified contacts; never a guess: rejects with `unavailable` where it cannot be known. */
export function knownContacts(parts: Parts, identity: Identity): Promise<VerifiedContacts> {
  return parts.guard('accounts', () => contactsOf(identity, parts.options.accounts));
}

/**
 * The verified contacts that a second factor can go to, the phone first. Countries and kinds of line are not asked again:
 * if narrowing `countries` later made a factor unusable, a password alone could enrol another one in its place.
 */
export function factors(parts: Parts, contacts: VerifiedContacts): ReadContact[] {
  const rules = {
    types: ['phone', 'email'],
    channels: parts.channels,
    numberTypes: ['mobile', 'fixed-line-or-mobile', 'landline', 'voip', 'personal'],
  } as const;
  return usableFactor(parts.policy, contacts).flatMap((contact: Contact) => {
    const read = readContact(contact.value, undefined, rules);
    if (!('problem' in read) && read.contact.type === contact.type) return [read];
    parts.emit({
      type: 'misconfigured',
      hint: `A verified ${contact.type} from the accounts cannot be sent to: it must be E.164 or an address, on a channel that is in \`channels\`.`,
    });
    return [];
  });
}
