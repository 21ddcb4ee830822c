/** Everything a route needs, put together once from the host's options. */
import type { Channel, Contact, Purpose } from '../../protocol/schemas.js';
import type { VerifiedContacts } from '../accounts/accounts.js';
import type { Identity } from '../identity/identity.js';
import { withCircuitBreaker } from '../twilio/circuit-breaker.js';
import { createClientAddressResolver, type PeerConnection } from '../http/client-address.js';
import { parseContact, type ParsedContact } from '../contacts/parse-contact.js';
import { defaults } from './defaults.js';
import { logFaultsToStderr, describeError, type BackendEvent, type Component } from './events.js';
import { importKeys, type KeyRing } from '../tokens/key-ring.js';
import { resolveLimits } from '../limits/limit-options.js';
import { createRateLimits, type LimitSubject, type Limits } from '../limits/rate-limits.js';
import type { HandlerOptions } from './options.js';
import { ProblemError } from '../../protocol/problem-error.js';
import { createRecords, type Records } from '../store/records.js';
import { memoryStore } from '../store/memory.js';
import { createSendOptions } from '../twilio/send-options.js';
import type { Store } from '../store/store.js';
import { timed } from '../twilio/timing.js';
import { createVerifyClient, type VerifyClient } from '../twilio/verify-client.js';
import { mergeVerifiedContacts, allowedFactors, type TwoFactorPolicy } from '../identity/two-factor-policy.js';

/** The settled options and the working parts made of them. */
export interface BackendContext {
  options: HandlerOptions;
  channels: readonly Channel[];
  policy: TwoFactorPolicy;
  issuer: string;
  /** Seconds that a proof lives, by purpose. */
  proofLifetime: Record<Purpose, number>;
  codeLength: number;
  /** Milliseconds that a code lives. */
  codeLifetimeMs: number;
  /** Milliseconds after which a call to Twilio is over, one way or the other, with the question what became of it. */
  callDeadlineMs: number;
  keyRing: KeyRing;
  store: Store;
  records: Records;
  limits: Limits;
  verifyClient: VerifyClient;
  /** What a send says beside destination, channel and language. */
  sendParameters(asked: LimitSubject, channel: Channel): Record<string, unknown>;
  address(request: Request, connection: PeerConnection): string | null;
  emit(event: BackendEvent): void;
  now(): number;
  wait(milliseconds: number): Promise<void>;
  /** Calls something of the host's; whatever it throws becomes `unavailable` and an event. */
  callHost<T>(part: Component, call: () => Promise<T> | T): Promise<T>;
}

/** Checks the options and makes the parts. Throws a `TypeError` (for limits a `RangeError`) of one sentence for what is missing or wrong; keys are checked in the promise. */
export function createContext(options: HandlerOptions): {
  backend: Promise<BackendContext>;
  verifyClient: VerifyClient;
} {
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
  resolveLimits(options.limits);
  const verifyClient = createVerifyClient(options.twilio);
  const buildSendOptions = createSendOptions(options.twilio);
  const store = options.store ?? memoryStore();
  const address = createClientAddressResolver(options.clientAddress);
  const emit = safeEmitter(options.onEvent ?? logFaultsToStderr);
  const now = options.now ?? Date.now;
  if ((options.twilio.twoFactorService ?? options.twilio.contactService) === options.twilio.contactService) {
    emit({
      type: 'warning',
      hint: 'One Verify service serves contacts and two-factor: set twilio.twoFactorService, or a code phished on a sign-up page opens the sign-in.',
    });
  }
  const backend = importKeys(options.keys).then((keyRing): BackendContext => {
    const { hmac } = keyRing;
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
      codeLifetimeMs: (options.twilio.lifetime ?? defaults.lifetime) * 1000,
      callDeadlineMs: (options.twilio.timeout ?? defaults.timeout) + 10_000,
      keyRing,
      store,
      records: createRecords(store, hmac),
      limits: createRateLimits(store, hmac, options.limits),
      verifyClient: withCircuitBreaker(timed(verifyClient, emit, now), now),
      sendParameters: (asked, channel) => buildSendOptions(asked, channel, hmac),
      address,
      emit,
      now,
      wait: options.wait ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))),
      async callHost(part, call) {
        try {
          return await call();
        } catch (error) {
          emit({ type: 'unavailable', part, reason: describeError(error) });
          throw new ProblemError('unavailable');
        }
      },
    };
  });
  return { backend, verifyClient };
}

/** A host's log that fails must not fail a verification. */
function safeEmitter(onEvent: (event: BackendEvent) => void): (event: BackendEvent) => void {
  return (event) => {
    try {
      onEvent(event);
    } catch {
      // There is nowhere left to tell it.
    }
  };
}

/** What is known of the user's verified contacts; never a guess: rejects with `unavailable` where it cannot be known. */
export function loadVerifiedContacts(backend: BackendContext, identity: Identity): Promise<VerifiedContacts> {
  return backend.callHost('accounts', () => mergeVerifiedContacts(identity, backend.options.accounts));
}

/**
 * The verified contacts that a second factor can go to, the phone first. Countries and kinds of line are not asked again:
 * if narrowing `countries` later made a factor unusable, a password alone could enrol another one in its place.
 */
export function eligibleFactors(backend: BackendContext, contacts: VerifiedContacts): ParsedContact[] {
  const rules = {
    types: ['phone', 'email'],
    channels: backend.channels,
    numberTypes: ['mobile', 'fixed-line-or-mobile', 'landline', 'voip', 'personal'],
  } as const;
  return allowedFactors(backend.policy, contacts).flatMap((contact: Contact) => {
    const read = parseContact(contact.value, undefined, rules);
    if (!('problem' in read) && read.contact.type === contact.type) return [read];
    backend.emit({
      type: 'misconfigured',
      hint: `A verified ${contact.type} from the accounts cannot be sent to: it must be E.164 or an address, on a channel that is in \`channels\`.`,
    });
    return [];
  });
}
