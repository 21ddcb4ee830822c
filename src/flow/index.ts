/** The flow without a face, for pages that draw their own: `verify-contact/client`. Importing it does nothing. */
export { FlowController } from './controller.js';
export type { Clock, FlowHost, FlowOptions } from './options.js';
export { httpClient, type Answer, type Client, type HttpClientOptions } from './client.js';
export { next } from './steps.js';
export type * from './steps.js';
export type {
  Challenge,
  Channel,
  CheckRequest,
  CheckResult,
  Contact,
  ContactRequest,
  ContactType,
  Method,
  NotRequired,
  Purpose,
  ResendRequest,
  TwoFactorRequest,
} from '../protocol/bodies.js';
