/** The context that every route works with. Only a type; create-context.ts makes the object. */
import type { Channel, Purpose } from '../../protocol/schemas.js';
import type { PeerConnection } from '../http/client-address.js';
import type { TwoFactorPolicy } from '../identity/two-factor-policy.js';
import type { Limits } from '../limits/rate-limits.js';
import type { Records } from '../store/records.js';
import type { Store } from '../store/store.js';
import type { TestContacts } from '../contacts/test-contacts.js';
import type { KeyRing } from '../tokens/key-ring.js';
import type { SendSubject } from '../twilio/send-options.js';
import type { CodeService } from '../twilio/twilio-options.js';
import type { VerifyClient } from '../twilio/verify-client.js';
import type { BackendEvent, Component } from './events.js';
import type { HandlerOptions } from './options.js';

/** The options with their defaults, and what was made from them. */
export interface BackendContext {
  options: HandlerOptions;
  channels: readonly Channel[];
  policy: TwoFactorPolicy;
  issuer: string;
  /** Seconds until a proof expires, by purpose. */
  proofLifetime: Record<Purpose, number>;
  codeLength: number;
  /** Whether a Verify service for codes of eight digits is there. */
  longCodes: boolean;
  /** Milliseconds until a code expires. */
  codeLifetimeMs: number;
  /** Milliseconds after which a call to Twilio and the look-up of its effect have ended in any case. */
  callDeadlineMs: number;
  keyRing: KeyRing;
  store: Store;
  records: Records;
  limits: Limits;
  verifyClient: VerifyClient<CodeService>;
  testContacts: TestContacts;
  /** The parameters of a send, except destination, channel and language. */
  sendParameters(who: SendSubject, channel: Channel): Record<string, unknown>;
  address(request: Request, connection: PeerConnection): string | null;
  emit(event: BackendEvent): void;
  now(): number;
  wait(milliseconds: number): Promise<void>;
  /** Calls code of the host. If it throws, emits an event and throws `unavailable`. */
  callHost<T>(component: Component, call: () => Promise<T> | T): Promise<T>;
}
