/** What a flow controller needs: a host, options, and a platform with a clock and storage. Types only. */
import type { Channel, Purpose } from '../protocol/schemas.js';
import type { Client } from './http-client.js';
import type { ContactInput, Step } from './state-machine.js';

/** The owner of the controller: a Lit element, or any object of this shape. */
export interface FlowHost {
  /** Called when something shown may have changed: the step, or a second of a countdown. */
  requestUpdate(): void;
  /** A host without this method counts as connected from the start. */
  addController?(controller: { hostConnected(): void; hostDisconnected(): void }): void;
  /** Called when the step is another object: a different step, or the same one with other input or another problem. */
  stepChanged?(step: Step, previous: Step): void;
}

/** A clock with timers. `now` is in the milliseconds of `Date.now()`. */
export interface Clock {
  now(): number;
  setTimeout(run: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The platform's own unless passed in, as tests do. */
export interface FlowPlatform {
  readonly clock?: Clock | undefined;
  /** Returns `sessionStorage` by default. It may throw. */
  readonly storage?: (() => Storage) | undefined;
}

/** Read again at each use, so that attributes may change at any time. */
export interface FlowOptions {
  /** `contact` begins with a field, `two-factor` by sending a code. */
  readonly purpose: Purpose;
  /** `httpClient()`, or a client of your own. */
  readonly client: Client;
  /** Identifies the element in storage: tag, endpoint, name or id, and context. Without it nothing survives a reload. */
  readonly storageKey?: string | undefined;
  /** What the contact step opens with. Read once, when the flow starts. */
  readonly entry?: ContactInput | undefined;
  /** The channels that the page prefers, the best first. The first that fits the contact is requested. */
  readonly channels?: readonly Channel[] | undefined;
  /** At most 512 characters that the proof will contain. */
  readonly context?: string | undefined;
  /** The language of the messages, a BCP 47 tag. */
  readonly locale?: string | undefined;
  /** Passed to the host's `beforeSend`: for example a captcha's response. */
  readonly extra?: Record<string, unknown> | undefined;
}
