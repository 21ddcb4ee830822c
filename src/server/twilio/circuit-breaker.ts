/**
 * Stops calls while Twilio does not answer, so that nobody waits for it. It only counts calls: no timer, no network.
 * Each purpose has a circuit breaker of its own: whatever strangers do on a sign-up page, and if Twilio answers none of
 * those calls, a person can still sign in. In an outage of Twilio five people more wait for it.
 */
import { TwilioError } from './errors.js';

/** Twice the number of connections, so that in a burst each call waits for at most one other. */
const MAX_CONCURRENT_CALLS = 512;
/** If a tenth of the calls fails by chance, five fail in a row once in a hundred thousand calls. */
const FAILURE_THRESHOLD = 5;
/** Milliseconds between two calls that test whether Twilio answers again. */
const RESET_TIMEOUT_MS = 5_000;

/** Call `enter` before each call to Twilio and `leave` after it. */
export interface CircuitBreaker {
  /**
   * Throws a `TwilioError` of the kind `not-sent` if the call may not be made. The limits are then refunded.
   * Its `retryAfter` says when the next call may be made.
   */
  enter(): void;
  /** Ends a call, with its error if it failed. */
  leave(failure: TwilioError | undefined): void;
}

/** Admits 512 calls at once. After five failures in a row it admits one call every five seconds, until one is answered. */
export function createCircuitBreaker(now: () => number): CircuitBreaker {
  let inFlight = 0;
  let failuresInRow = 0;
  let nextCallAt = 0;

  return {
    enter() {
      if (inFlight >= MAX_CONCURRENT_CALLS)
        throw new TwilioError('not-sent', 'too many concurrent calls', { retryAfter: 1 });
      if (failuresInRow >= FAILURE_THRESHOLD) {
        const remaining = nextCallAt - now();
        // More than the timeout remains only if the clock was set back. That must not keep the circuit open.
        if (remaining > 0 && remaining <= RESET_TIMEOUT_MS) {
          throw new TwilioError('not-sent', `not called: ${FAILURE_THRESHOLD} or more calls had no answer`, {
            retryAfter: Math.ceil(remaining / 1000),
          });
        }
        nextCallAt = now() + RESET_TIMEOUT_MS;
      }
      inFlight += 1;
    },
    leave(failure) {
      inFlight -= 1;
      if (failure && countsAsFailure(failure)) {
        failuresInRow += 1;
        nextCallAt = now() + RESET_TIMEOUT_MS;
      } else {
        failuresInRow = 0;
      }
    },
  };
}

/** Whether Twilio did not answer. A 500 is an answer: one number that breaks Twilio must not stop the calls for all others. */
function countsAsFailure({ kind, status }: TwilioError): boolean {
  return kind === 'not-sent' || (kind === 'indeterminate' && status !== 500);
}
