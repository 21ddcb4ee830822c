/** The event that says how one call to Twilio went. Types only. */
import type { TwilioError } from './errors.js';

/** What a call to Twilio was for. `lookup` reads: a verification, its attempts, the line type of a number. */
export type TwilioOperation = 'send' | 'check' | 'cancel' | 'lookup';

/** How a call to Twilio ended: with an answer, or with a failure of that kind. */
export type TwilioOutcome = 'answered' | TwilioError['kind'];

/** One call to Twilio, once it is over. `milliseconds` includes the wait for a connection. */
export interface TwilioCallEvent {
  type: 'twilio-call';
  operation: TwilioOperation;
  outcome: TwilioOutcome;
  milliseconds: number;
}
