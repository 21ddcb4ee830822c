/** The options of `createHandler`, with every default. Types only; the values of the defaults are in defaults.ts. */
import type { Channel, Contact, Purpose } from '../../protocol/schemas.js';
import type { Accounts } from '../accounts/accounts.js';
import type { Identity } from '../identity/identity.js';
import type { ClientAddress } from '../http/client-address.js';
import type { NumberType } from '../contacts/parse-contact.js';
import type { BackendEvent } from './events.js';
import type { Keys } from '../tokens/key-ring.js';
import type { LimitOptions } from '../limits/rate-limits.js';
import type { Store } from '../store/store.js';
import type { TwilioOptions } from '../twilio/twilio-options.js';
import type { TwoFactorPolicy } from '../identity/two-factor-policy.js';

/** A send that is about to happen. `request` has no body left; `extra` is what the element's property of that name held, unchecked. */
export interface SendAttempt {
  contact: Contact;
  channel: Channel;
  purpose: Purpose;
  /** The user's id, or null for nobody. */
  subject: string | null;
  /** As the limits know it: IPv6 as its /64; null if unknown. */
  address: string | null;
  request: Request;
  extra?: Record<string, unknown>;
}

/** What `createHandler` takes. Only `twilio`, `keys` and `audience` must be there; what is left out is the safe choice. */
export interface HandlerOptions {
  /** The account and its two Verify services. */
  twilio: TwilioOptions;
  /** One secret and one signing key, the same on all instances; `generateKeys()` makes them. */
  keys: Keys;
  /** Who proofs are for, their `aud`: a name of the application, such as its origin. */
  audience: string;
  /** The `iss` of proofs. Default `verify-contact`. */
  issuer?: string;
  /**
   * Who is asking: the host's session, or null. A page of another origin is shown with `Authorization` but without cookies.
   * Default: nobody, so that every start answers `unauthenticated` unless `anonymous` is on. A rejection answers `unavailable`.
   */
  identify?: (request: Request) => Promise<Identity | null> | Identity | null;
  /** Whether a contact may be verified by somebody who is not signed in; the proof then has no `sub`. Default false. */
  anonymous?: boolean;
  /** The host's users: memory, SQLite, PostgreSQL, or two functions of its own. Default: what `identify` says of contacts, and nothing is kept. */
  accounts?: Accounts;
  /** Default `{ required: 'by-account', email: false }`. */
  twoFactor?: Partial<TwoFactorPolicy>;
  /** How many codes and tries there are of everything. Each number has a default. */
  limits?: LimitOptions;
  /** Default: the memory of this process, which a second instance does not see and a restart forgets. Closing it is the host's affair. */
  store?: Store;
  /** Exact origins (`https://shop.example`) of pages elsewhere that may use this backend. Default: none but our own. */
  origins?: readonly string[];
  /** Default: the peer of the connection; name your proxies, or all visitors share one budget. */
  clientAddress?: ClientAddress;
  /** ISO 3166-1 alpha-2 countries whose numbers can be verified; a short list is the best defence against toll fraud. Default: all. */
  countries?: readonly string[];
  /** Default mobile, fixed-line-or-mobile and landline, the last only by call. */
  numberTypes?: readonly NumberType[];
  /** How codes may travel; the first for phones is the usual one. Default `sms` and `email`; calls cost more and are abused more. */
  channels?: readonly Channel[];
  /** Asked before each send, after the limits: `false` answers `blocked`. A rejection answers `unavailable`; nothing is sent then either. */
  beforeSend?: (attempt: SendAttempt) => Promise<boolean | void> | boolean | void;
  /** Default: faults, as JSON lines on standard error. */
  onEvent?: (event: BackendEvent) => void;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
  /** Seconds. Default 1,800: people fill in the rest of a form first. */
  contactProofLifetime?: number;
  /** Seconds. Default 300. */
  twoFactorProofLifetime?: number;
}

/** What tests hand in besides; not public. */
export interface InternalOptions extends HandlerOptions {
  /** Waits between two looks at what another request does with the same contact. Default: a timer of that many milliseconds. */
  wait?: (milliseconds: number) => Promise<void>;
}
