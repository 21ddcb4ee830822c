/** The package's main entry for pages: classes, events and types. Importing it has no side effects; `verify-contact/define` registers the elements. */
export { TwoFactorElement } from './elements/two-factor.js';
export { VerifyContactElement } from './elements/verify-contact.js';
export * from './elements/events/events.js';
export type { Client, HttpClientOptions } from './flow/http-client.js';
export type { ContactInput, StepName, FlowProblem } from './flow/state-machine.js';
export type { MessageKey, Messages, Plural } from './locales/en.js';
export type { Channel, Contact, ContactType } from './protocol/schemas.js';
