/** The front door of the backend, for servers. Importing it does nothing; drivers and the `twilio` package are loaded when they are first needed. */
export { createHandler, type Handler } from './handler.js';
export type { Answer } from './answer.js';
export type { HandlerOptions, SendAttempt } from './options.js';
export type { TwilioOptions } from './twilio.js';
export type { ClientAddress, Connection, TrustedProxies } from './client-address.js';
export { jsonLines, type BackendEvent, type Part, type TwilioAct, type TwilioOutcome } from './events.js';
export { generateKeys, type Keys } from './keys.js';
export { ProofError, verifyProof, type Proof, type ProofErrorCode, type ProofExpectation } from './proof.js';
export { twoFactorRequired, type TwoFactorPolicy } from './two-factor.js';
export { bearerIdentity, type BearerOptions, type Identity } from './bearer.js';
export type { NumberType } from './contact.js';
export type { Allowance, LimitOptions } from './limit-options.js';
export { memoryStore, type MemoryStoreOptions } from './store/memory.js';
export { sqliteStore, type SqliteStoreOptions } from './store/sqlite.js';
export { redisStore, type RedisStoreOptions } from './store/redis.js';
export { StoreError, type Counter, type Standing, type Store, type Taken } from './store/store.js';
export { memoryAccounts } from './accounts/memory.js';
export { sqliteAccounts, type SqliteAccountOptions } from './accounts/sqlite.js';
export { postgresAccounts, type PostgresAccountOptions } from './accounts/postgres.js';
export {
  AccountsError,
  ContactInUseError,
  type Accounts,
  type AccountStore,
  type VerifiedContacts,
} from './accounts/accounts.js';
export type { AccountOptions } from './accounts/schema.js';
export type {
  Challenge,
  Channel,
  CheckRequest,
  CheckResult,
  Contact,
  ContactRequest,
  ContactType,
  Health,
  Method,
  NotRequired,
  Problem,
  Purpose,
  ResendRequest,
  TwoFactorRequest,
} from '../protocol/bodies.js';
export { problems, type ProblemCode } from '../protocol/problems.js';
