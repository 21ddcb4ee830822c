/** The flow without a user interface, for pages that draw their own: `verify-contact/client`. Importing it has no side effects. */
export { FlowController } from './flow-controller.js';
export type { Clock, FlowHost, FlowOptions, FlowPlatform } from './options.js';
export { httpClient, type Result, type Client, type HttpClientOptions } from './http-client.js';
export { transition } from './state-machine.js';
export type * from './state-machine.js';
export type {
  Challenge,
  Channel,
  CheckRequest,
  CheckResult,
  Contact,
  ContactRequest,
  ContactType,
  DeliveryMethod,
  NotRequired,
  ProofRequest,
  ProofResult,
  Purpose,
  ResendRequest,
  TwoFactorRequest,
} from '../protocol/schemas.js';
