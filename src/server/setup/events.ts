/** What the backend tells its host, for logs and metrics. No event holds a code, a token or an unmasked contact. Types, and a writer of JSON lines. */
import type { Channel, Purpose } from '../../protocol/schemas.js';
import type { ProblemCode } from '../../protocol/problems.js';
import { MissingPackageError } from '../runtime/optional-package.js';
import type { TwilioCallEvent } from '../twilio/call-event.js';

/** The part that gave no answer. `backend` is a fault of ours. */
export type Component = 'twilio' | 'store' | 'accounts' | 'identify' | 'beforeSend' | 'backend';

/**
 * One thing that happened. `to` is masked (`•••• 71`).
 * `misconfigured` says in `hint` what to click in Twilio's console, or which option is wrong; `warning` the same where all still works.
 */
export type BackendEvent =
  | { type: 'code-sent'; purpose: Purpose; channel: Channel; to: string; country?: string; resent: boolean }
  | { type: 'code-checked'; purpose: Purpose; channel: Channel; to: string; country?: string; approved: boolean }
  | { type: 'code-not-sent'; purpose: Purpose; channel: Channel; country?: string; problem: ProblemCode }
  | { type: 'refused'; route: string; problem: ProblemCode }
  | TwilioCallEvent
  | { type: 'unavailable'; component: Component; reason: string }
  | { type: 'misconfigured'; hint: string; twilioCode?: number }
  | { type: 'warning'; hint: string; twilioCode?: number };

/** A writer of events, one JSON line each; control characters are escaped by JSON, so that nobody forges a line. */
export function jsonLinesLogger(write: (line: string) => void): (event: BackendEvent) => void {
  return (event) => write(JSON.stringify(event));
}

/** What hosts get that ask for nothing: faults that an owner must see, on standard error. */
export function logFaultsToStderr(event: BackendEvent): void {
  const fault = event.type === 'unavailable' || event.type === 'misconfigured' || event.type === 'warning';
  if (fault) process.stderr.write(`${JSON.stringify(event)}\n`);
}

/** A host's thrown thing in a word: its class and the place it came from, never its message, which may quote a contact or a credential. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no Error was thrown';
  // This message is our own, and says what to install.
  const absent = [error, error.cause].find((one) => one instanceof MissingPackageError);
  if (absent) return absent.message;
  const { message, stack = '' } = error;
  // The stack repeats the message, which may have lines that look like frames: they are left out first.
  const frame = /\n +at ([^\n]{1,200})/.exec(stack.slice(stack.indexOf(message) + message.length))?.[1];
  return frame === undefined ? error.name : `${error.name} at ${frame}`;
}
