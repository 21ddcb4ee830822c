/** The options of `createHandler`, with every default. Types only; the values of the defaults are in defaults.ts. */
import type { Channel, Contact, Purpose } from '../../protocol/schemas.js';
import type { Accounts } from '../accounts/accounts.js';
import type { Identity } from '../identity/identity.js';
import type { ClientAddress } from '../http/client-address.js';
import type { NumberType } from '../contacts/parse-contact.js';
import type { TestContact } from '../contacts/test-contacts.js';
import type { BackendEvent } from './events.js';
import type { Keys } from '../tokens/key-ring.js';
import type { LimitOptions } from '../limits/rate-limits.js';
import type { Store } from '../store/store.js';
import type { TwilioOptions } from '../twilio/twilio-options.js';
import type { TwoFactorPolicy } from '../identity/two-factor-policy.js';

/** A send that is about to happen. The body of `request` has been read. `extra` is the element's property of that name, unchecked. */
export interface SendAttempt {
  contact: Contact;
  channel: Channel;
  purpose: Purpose;
  /** The user's id. Null if nobody is signed in. */
  subject: string | null;
  /** The client address as the limits count it: of IPv6 the /64. Null if unknown. */
  address: string | null;
  request: Request;
  extra?: Record<string, unknown>;
}

/** The options of `createHandler`. Only `twilio`, `keys` and `audience` are required. Every default is the safe choice. */
export interface HandlerOptions {
  /** The account and its two Verify services. */
  twilio: TwilioOptions;
  /** One secret and one signing key, the same on all instances. `generateKeys()` makes them. */
  keys: Keys;
  /** The `aud` of proofs: a name of your application, such as its origin. */
  audience: string;
  /** The `iss` of proofs. Default `verify-contact`. */
  issuer?: string;
  /**
   * Returns the signed-in user of a request, or null. A request from another origin has its `Authorization` but no cookies.
   * Default: nobody is signed in, so every send answers `unauthenticated` unless `anonymous` is on. A rejection answers
   * `unavailable`.
   */
  identify?: (request: Request) => Promise<Identity | null> | Identity | null;
  /** Whether a visitor who is not signed in may verify a contact. The proof then has no `sub`. Default false. */
  anonymous?: boolean;
  /** Your users: in memory, SQLite, PostgreSQL, or two functions of yours. Default: the contacts that `identify` returns; nothing is stored. */
  accounts?: Accounts;
  /** Default `{ required: 'by-account', email: false }`. */
  twoFactor?: Partial<TwoFactorPolicy>;
  /** How many codes and attempts are allowed. Each number has a default. */
  limits?: LimitOptions;
  /** Default: the memory of this process, which a second instance does not see and a restart clears. You close the store yourself. */
  store?: Store;
  /** Exact origins (`https://shop.example`) of other sites that may use this backend. Default: only its own origin. */
  origins?: readonly string[];
  /** Default: the peer of the connection. Behind a proxy, name your proxies, or all visitors share one limit. */
  clientAddress?: ClientAddress;
  /**
   * The countries (ISO 3166-1 alpha-2) whose numbers get codes. A short list is the best defence against toll fraud. Default:
   * all. As with `numberTypes` and `channels`, a second factor that a shorter list excludes gets no codes either: two-factor
   * answers `not-available`, and the contact routes `two-factor-needed`.
   */
  countries?: readonly string[];
  /** Default: mobile, fixed-line-or-mobile and landline. A landline is only called. */
  numberTypes?: readonly NumberType[];
  /** The allowed channels. The first one for phones is the default. Default: `sms` and `email`. Calls cost more and are abused more. */
  channels?: readonly Channel[];
  /**
   * Contacts that get no message and have a fixed code until a date, for reviewers and for tests in production. `verifyProof`
   * refuses their proofs without `allowTest`. Default: none.
   */
  testContacts?: readonly TestContact[];
  /** Called before each send, after the limits. `false` answers `blocked`. A rejection answers `unavailable`, and nothing is sent. */
  beforeSend?: (attempt: SendAttempt) => Promise<boolean | void> | boolean | void;
  /** Default: writes faults to standard error, as JSON lines. */
  onEvent?: (event: BackendEvent) => void;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
  /** Seconds. Default 1,800, so that people can fill in the rest of a form. */
  contactProofLifetime?: number;
  /** Seconds. Default 300. */
  twoFactorProofLifetime?: number;
}

/** More options, for tests. Not public. */
export interface InternalOptions extends HandlerOptions {
  /** Waits between two polls of a lock that another request has. Default: a timer of that many milliseconds. */
  wait?: (milliseconds: number) => Promise<void>;
}
