/** What the controller is given: its host, its options and its time. Types only. */
import type { Channel, Purpose } from '../protocol/schemas.js';
import type { Client } from './http-client.js';
import type { ContactInput, Step } from './state-machine.js';

/** Whom the controller works for; a Lit element is one, and so is any object of this shape. */
export interface FlowHost {
  /** Something shown may have changed: the step, or a second of a countdown. */
  requestUpdate(): void;
  /** A host without it counts as connected from the start. */
  addController?(controller: { hostConnected(): void; hostDisconnected(): void }): void;
  /** The step is another object: another step, or the same one with another problem. */
  stepChanged?(step: Step, before: Step): void;
}

/** Time, as tests hand it in; `now` is `Date.now()`. */
export interface Clock {
  now(): number;
  setTimeout(run: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Asked for at each use, so that attributes may change at any time. */
export interface FlowOptions {
  /** `contact` begins with a field, `two-factor` with a code that is sent. */
  readonly purpose: Purpose;
  /** Whom it asks: `httpClient`, or one of your own. */
  readonly client: Client;
  /** Names the element in storage: tag, endpoint, name or id, and context. Without it nothing survives a reload. */
  readonly storageKey?: string | undefined;
  /** `sessionStorage` unless handed in; it may throw. */
  readonly storage?: (() => Storage) | undefined;
  /** What the contact step opens with. */
  readonly entry?: ContactInput | undefined;
  /** The channels that the page prefers, the best first; the first that fits what was typed is asked for. */
  readonly channels?: readonly Channel[] | undefined;
  /** At most 512 characters that are found again in the proof. */
  readonly context?: string | undefined;
  /** The language of the messages, a BCP 47 tag. */
  readonly locale?: string | undefined;
  /** Travels along to the host's `beforeSend`: a captcha's answer, for one. */
  readonly extra?: Record<string, unknown> | undefined;
  /** The platform's unless handed in. */
  readonly clock?: Clock | undefined;
}
