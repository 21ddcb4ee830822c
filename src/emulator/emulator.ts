/** What an opened emulator can be asked and told. */
import type { Call, Credentials } from './model/account.js';
import type { Fault } from './model/faults.js';
import type { ServiceOptions } from './model/options.js';
import type { OutboxMessage } from './model/outbox.js';

/** One emulated account, with handles that the real Twilio has not: a mailbox, a clock, faults. */
export interface Emulator {
  /**
   * Twilio's API, whatever the request's host; the control plane too if the option `control` is set.
   * Rejects with a `TypeError` as `fetch` does when a fault resets the connection.
   */
  fetch(request: Request): Promise<Response>;
  /** What was "delivered". Codes are found here and nowhere else. */
  outbox: {
    /** Newest first. */
    list(): OutboxMessage[];
    latest(to: string): OutboxMessage | undefined;
    clear(): void;
    /** Calls back on each new message; returns the way out. */
    subscribe(listener: (message: OutboxMessage) => void): () => void;
  };
  clock: { advance(seconds: number): void; /** Milliseconds since 1970. */ now(): number };
  faults: { add(fault: Fault): void; clear(): void };
  /** Every API call so far, oldest first; the array stays the same object. */
  calls: Call[];
  /** Changes a service's console switches while it runs. Throws on an unknown sid. */
  configureService(sid: string, options: Partial<Omit<ServiceOptions, 'sid'>>): void;
  /** Back to the state after `createEmulator`, clock included; subscribers stay. */
  reset(): void;
  credentials: Credentials;
  services: { contact: string; twoFactor: string };
}
