/** The flow without a face, for pages that draw their own: `verify-contact/client`. Importing it does nothing. */
export { FlowController } from './flow-controller.js';
export type { Clock, FlowHost, FlowOptions } from './options.js';
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
  Purpose,
  ResendRequest,
  TwoFactorRequest,
} from '../protocol/schemas.js';
