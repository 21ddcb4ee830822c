/** Keeps people from queueing for a Twilio that gives no answer: only so many calls are under way at once, and after several in a row without an answer nearly none. Pure but for its count: no timer, no network. */
import { eachCall } from './instrument.js';
import { TwilioFailure } from './errors.js';
import type { Verify } from './verify-client.js';

/** Twice the connections: a burst waits for the answers before it, and not longer. */
const AT_ONCE = 512;
/** With a tenth of the calls failing by chance, so many in a row come once in a hundred thousand. */
const IN_A_ROW = 5;
/** Milliseconds between two calls that find out whether Twilio is back. */
const PAUSE = 5_000;

/**
 * The same calls. One that is not made rejects as one that never left, so that what was counted for it is given back;
 * `Retry-After` says when the next is made.
 */
export function guarded(verify: Verify, now: () => number): Verify {
  let underWay = 0;
  let unanswered = 0;
  let next = 0;

  function admit(): void {
    if (underWay >= AT_ONCE) throw new TwilioFailure('unreached', 'too many calls under way', { retryAfter: 1 });
    if (unanswered < IN_A_ROW) return;
    const left = next - now();
    // A pause is never longer than itself: a clock that was set back must not keep the door shut.
    if (left > 0 && left <= PAUSE) {
      const retryAfter = Math.ceil(left / 1000);
      throw new TwilioFailure('unreached', `not asked: ${IN_A_ROW} calls or more without an answer`, { retryAfter });
    }
    next = now() + PAUSE;
  }

  async function call<T>(ask: () => Promise<T>): Promise<T> {
    admit();
    underWay += 1;
    try {
      const answer = await ask();
      unanswered = 0;
      return answer;
    } catch (error) {
      if (isSilence(error as TwilioFailure)) {
        unanswered += 1;
        next = now() + PAUSE;
      } else {
        unanswered = 0;
      }
      throw error;
    } finally {
      underWay -= 1;
    }
  }

  return eachCall(verify, (_, ask) => call(ask));
}

/** Whether nobody answered. A plain 500 is an answer: a number that makes Twilio stumble must not shut the door for everybody. */
function isSilence({ kind, status }: TwilioFailure): boolean {
  return kind === 'unreached' || (kind === 'unanswered' && status !== 500);
}
