/**
 * A stand-in for Twilio Verify v2 that runs in memory: the face that tests, the demo and the command line use.
 * It sends nothing to anybody, imports nothing of the rest of this package, and is not made by Twilio.
 */
import { createAccount, seedAccount } from './account.js';
import { controlPlane } from './control-plane.js';
import { exchange } from './exchange.js';
import type { Credentials } from './account.js';
import type { Call } from './exchange.js';
import type { Fault } from './faults.js';
import type { EmulatorOptions, ServiceOptions } from './options.js';
import type { OutboxMessage } from './outbox.js';

export type { Call, Credentials, EmulatorOptions, Fault, OutboxMessage, ServiceOptions };
export type { Assumptions, LineType } from './options.js';
export type { FaultKind } from './faults.js';
export { controlPlane };

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

/** Opens an account of our own, with an empty outbox. */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const account = createAccount(options);
  const respond = exchange(account);
  const emulator: Emulator = {
    fetch(request) {
      const isControl = options.control === true && /^\/__emulator(\/|$)/.test(new URL(request.url).pathname);
      return isControl ? control(request) : respond(request);
    },
    outbox: account.outbox,
    clock: account.clock,
    faults: account.faults,
    calls: account.calls,
    configureService(sid, changes) {
      const service = account.services.get(sid);
      if (!service) throw new Error(`The emulated account has no service ${sid}.`);
      Object.assign(service, changes);
    },
    reset: () => seedAccount(account),
    credentials: account.credentials,
    services: account.seeded,
  };
  const control = controlPlane(emulator);
  return emulator;
}
