/** The public API of the backend. The import has no side effects: drivers and the `twilio` package are loaded when first needed. */
export { createHandler, type Handler } from './handler.js';
export type { HandlerOptions, SendAttempt } from './setup/options.js';
export type { TwilioOptions } from './twilio/twilio-options.js';
export type { TwilioCallEvent, TwilioOperation, TwilioOutcome } from './twilio/call-event.js';
export type { ClientAddress, PeerConnection, TrustedProxies } from './http/client-address.js';
export { jsonLinesLogger, type BackendEvent, type Component } from './setup/events.js';
export { generateKeys, type Keys } from './tokens/key-ring.js';
export type { Proof } from '../protocol/proof.js';
export { ProofError, verifyProof, type ProofErrorCode, type VerifyProofOptions } from './tokens/verify-proof.js';
export { twoFactorRequired, type TwoFactorPolicy } from './identity/two-factor-policy.js';
export { bearerIdentity, type BearerOptions } from './identity/bearer-identity.js';
export type { Identity } from './identity/identity.js';
export type { TestContact } from './contacts/test-contacts.js';
export type { NumberType } from './contacts/parse-contact.js';
export type { Quota, LimitOptions } from './limits/limit-options.js';
export { memoryStore, type MemoryStoreOptions } from './store/memory.js';
export { sqliteStore, type SqliteStoreOptions } from './store/sqlite.js';
export { redisStore, type RedisStoreOptions } from './store/redis.js';
export { StoreError, type Counter, type CounterStatus, type Store, type Reservation } from './store/store.js';
export { memoryAccounts } from './accounts/memory.js';
export { sqliteAccounts, type SqliteAccountOptions } from './accounts/sqlite.js';
export { postgresAccounts, type PostgresAccountOptions } from './accounts/postgres.js';
export {
  AccountsError,
  ContactInUseError,
  type Accounts,
  type AccountStore,
  type FactorAccounts,
  type StoredFactor,
  type VerifiedContacts,
} from './accounts/accounts.js';
export type { AccountOptions } from './accounts/schema.js';
export type {
  Challenge,
  Channel,
  CheckRequest,
  CheckResult,
  DeliveryResult,
  Contact,
  ContactRequest,
  ContactType,
  Health,
  DeliveryMethod,
  NotRequired,
  Problem,
  Purpose,
  ResendRequest,
  TwoFactorRequest,
} from '../protocol/schemas.js';
export { problems, type ProblemCode } from '../protocol/problems.js';
