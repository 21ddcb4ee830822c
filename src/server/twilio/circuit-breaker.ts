/** Keeps people from queueing for a Twilio that gives no answer: only so many calls are under way at once, and after several in a row without an answer nearly none. Pure but for its count: no timer, no network. */
import { eachCall } from './instrument.js';
import { TwilioError } from './errors.js';
import type { VerifyClient } from './verify-client.js';

/** Twice the connections: a burst waits for the answers before it, and not longer. */
const MAX_CONCURRENT_CALLS = 512;
/** With a tenth of the calls failing by chance, so many in a row come once in a hundred thousand. */
const FAILURE_THRESHOLD = 5;
/** Milliseconds between two calls that find out whether Twilio is back. */
const RESET_TIMEOUT_MS = 5_000;

/**
 * The same calls. One that is not made rejects as one that never left, so that what was counted for it is given back;
 * `Retry-After` says when the next is made.
 */
export function withCircuitBreaker(verify: VerifyClient, now: () => number): VerifyClient {
  let inFlight = 0;
  let unanswered = 0;
  let next = 0;

  function admit(): void {
    if (inFlight >= MAX_CONCURRENT_CALLS)
      throw new TwilioError('not-sent', 'too many calls under way', { retryAfter: 1 });
    if (unanswered < FAILURE_THRESHOLD) return;
    const left = next - now();
    // A pause is never longer than itself: a clock that was set back must not keep the door shut.
    if (left > 0 && left <= RESET_TIMEOUT_MS) {
      const retryAfter = Math.ceil(left / 1000);
      throw new TwilioError('not-sent', `not asked: ${FAILURE_THRESHOLD} calls or more without an answer`, {
        retryAfter,
      });
    }
    next = now() + RESET_TIMEOUT_MS;
  }

  async function call<T>(ask: () => Promise<T>): Promise<T> {
    admit();
    inFlight += 1;
    try {
      const answer = await ask();
      unanswered = 0;
      return answer;
    } catch (error) {
      if (countsAsFailure(error as TwilioError)) {
        unanswered += 1;
        next = now() + RESET_TIMEOUT_MS;
      } else {
        unanswered = 0;
      }
      throw error;
    } finally {
      inFlight -= 1;
    }
  }

  return eachCall(verify, (_, ask) => call(ask));
}

/** Whether nobody answered. A plain 500 is an answer: a number that makes Twilio stumble must not shut the door for everybody. */
function countsAsFailure({ kind, status }: TwilioError): boolean {
  return kind === 'not-sent' || (kind === 'indeterminate' && status !== 500);
}
