/** The public interface of an emulator. Types only. */
import type { Call, Credentials } from './account.js';
import type { Delivery, DeliveryStatus } from './deliveries.js';
import type { Fault, QueuedFault } from './faults.js';
import type { FactorFilter, FactorSummary } from './entities.js';
import type { ServiceOptions } from './options.js';
import type { VerificationSummary } from './verifications.js';
import type { OutboxFilter, OutboxMessage } from './outbox.js';

/** One emulated account, with what the real Twilio does not offer: an outbox, a clock and faults. */
export interface Emulator {
  /**
   * Answers as Twilio's API, whatever host the request names. With the option `control`, serves the control plane too.
   * Rejects with a `TypeError`, as `fetch` does, when a fault resets the connection.
   */
  fetch(request: Request): Promise<Response>;
  /** The messages that were delivered, with their codes. */
  outbox: {
    /** Newest first. */
    list(filter?: OutboxFilter): OutboxMessage[];
    /** The latest to a destination, of any service or of one. */
    latest(to: string, serviceSid?: string): OutboxMessage | undefined;
    clear(): void;
    /** Calls the listener with each new message. Returns a function that unsubscribes it. */
    subscribe(listener: (message: OutboxMessage) => void): () => void;
  };
  /**
   * The state of numbers and addresses, for the messages from then on: a message to a phone that is `switched-off` is sent,
   * its Attempt says `undelivered` (30003), and the outbox does not get it. `set` throws a `TypeError` for a wrong value.
   */
  deliveries: {
    set(to: string, status: DeliveryStatus): void;
    /** Those that do not simply deliver. */
    list(): Delivery[];
    /** Restores the states of the options. */
    clear(): void;
  };
  /** `advance` takes a hundred years at most, and negative seconds too. The clock stays between the years 1 and 9998. */
  clock: { advance(seconds: number): void; /** Milliseconds since 1970. */ now(): number };
  /** `add` throws a `TypeError` for an unknown name, a wrong value, and names that contradict each other. */
  faults: {
    /** Returns the fault's id. */
    add(fault: Fault): number;
    /** Those that wait, oldest first. */
    list(): QueuedFault[];
    /** Returns whether it was there. */
    remove(id: number): boolean;
    clear(): void;
  };
  /** Newest first, with those that the API no longer finds. */
  verifications: { list(): VerificationSummary[] };
  /** The authenticator apps, newest first, each with the code that it shows now. */
  factors: { list(filter?: FactorFilter): Promise<FactorSummary[]> };
  /** The code that the newest authenticator app of an identity shows now, if it has one. Rejects with a `TypeError` for what is no identity. */
  totp(identity: string): Promise<string | undefined>;
  /** The API calls so far, oldest first. The array stays the same object. */
  calls: Call[];
  /** Every service with all its settings. */
  listServices(): Required<ServiceOptions>[];
  /** Creates a service. Throws a `TypeError` if there is one with this sid, and for an unknown name or a wrong value. */
  addService(options: ServiceOptions): void;
  /** Changes a service's console settings while it runs. Throws a `TypeError` for an unknown sid, name or wrong value, and then changes nothing. */
  configureService(sid: string, options: Partial<Omit<ServiceOptions, 'sid'>>): void;
  /** Restores the state after `createEmulator`, including the clock. Subscribers stay. */
  reset(): void;
  credentials: Credentials;
  services: { contact: string; twoFactor: string };
}
