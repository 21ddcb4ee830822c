/** What every route works with: the settled options and what was made of them. A type only; create-context.ts makes it. */
import type { Channel, Purpose } from '../../protocol/schemas.js';
import type { PeerConnection } from '../http/client-address.js';
import type { TwoFactorPolicy } from '../identity/two-factor-policy.js';
import type { LimitSubject, Limits } from '../limits/rate-limits.js';
import type { Records } from '../store/records.js';
import type { Store } from '../store/store.js';
import type { KeyRing } from '../tokens/key-ring.js';
import type { VerifyClient } from '../twilio/verify-client.js';
import type { BackendEvent, Component } from './events.js';
import type { HandlerOptions } from './options.js';

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
