/** The events that the backend reports to its host, for logs and metrics. No event contains a code, a token or an unmasked contact. */
import type { Channel, Purpose } from '../../protocol/schemas.js';
import type { ProblemCode } from '../../protocol/problems.js';
import { MissingPackageError } from '../runtime/optional-package.js';
import { StoreError } from '../store/store.js';
import type { TwilioCallEvent } from '../twilio/call-event.js';

/** What did not answer. `backend` is an error in this package. */
export type Component = 'twilio' | 'store' | 'accounts' | 'identify' | 'beforeSend' | 'backend';

/**
 * One event. `to` is masked (`•••• 71`). The `hint` of `misconfigured` says what to click in Twilio's console, or which option
 * is wrong. `warning` says the same of something that still works.
 */
export type BackendEvent =
  | { type: 'code-sent'; purpose: Purpose; channel: Channel; to: string; country?: string; resent: boolean }
  | { type: 'code-checked'; purpose: Purpose; channel: Channel; to: string; country?: string; approved: boolean }
  | { type: 'code-not-sent'; purpose: Purpose; channel: Channel; country?: string; problem: ProblemCode }
  | {
      /** A test contact was used in place of a code that was sent: `wrong` and `approved` say how a check ended. */
      type: 'test-contact';
      use: 'sent' | 'approved' | 'wrong';
      purpose: Purpose;
      channel: Channel;
      to: string;
      country?: string;
    }
  | { type: 'refused'; route: string; problem: ProblemCode }
  | TwilioCallEvent
  | { type: 'unavailable'; component: Component; reason: string }
  | { type: 'misconfigured'; hint: string; twilioCode?: number }
  | { type: 'warning'; hint: string; twilioCode?: number };

/** Writes each event as one line of JSON. JSON escapes control characters, so nobody can forge a line. */
export function jsonLinesLogger(write: (line: string) => void): (event: BackendEvent) => void {
  return (event) => write(JSON.stringify(event));
}

/** The default of `onEvent`: writes the faults that an owner must see to standard error. */
export function logFaultsToStderr(event: BackendEvent): void {
  const fault = event.type === 'unavailable' || event.type === 'misconfigured' || event.type === 'warning';
  if (fault) process.stderr.write(`${JSON.stringify(event)}\n`);
}

/**
 * Describes what was thrown: its class and where it came from. Not the message of a host's error, which may quote a contact or
 * a credential. A store sees neither, so the message of a {@link StoreError} is told.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is not an Error was thrown';
  // This message is our own, and says what to install.
  const absent = [error, error.cause].find((one) => one instanceof MissingPackageError);
  if (absent) return absent.message;
  if (error instanceof StoreError) return error.message;
  const { message, stack = '' } = error;
  // The stack repeats the message, which may contain lines that look like frames. So skip the message.
  const frame = /\n +at ([^\n]{1,200})/.exec(stack.slice(stack.indexOf(message) + message.length))?.[1];
  return frame === undefined ? error.name : `${error.name} at ${frame}`;
}
