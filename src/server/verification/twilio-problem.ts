/** A failed call to Twilio, made into the problem that the person gets and the event that the owner gets. */
import { mapTwilioError, TwilioError } from '../twilio/errors.js';
import type { BackendContext } from '../setup/context.js';
import { ProblemError } from '../../protocol/problem-error.js';

/** Twilio refuses a second send to a number while the first is in flight (60212); it takes a moment. */
const SEND_IN_FLIGHT_RETRY = 5;

/** `remaining` (ms) is how long the verification still lives, for Twilio's limits last that long. What is no failure of Twilio's is thrown on as it is. */
export function problemFromTwilio(
  backend: BackendContext,
  error: unknown,
  act: 'send' | 'check',
  remaining: number,
): ProblemError {
  if (!(error instanceof TwilioError)) throw error;
  const { problem, hint } = mapTwilioError(error, act);
  const code = error.code === undefined ? {} : { twilioCode: error.code };
  if (problem === 'misconfigured') backend.emit({ type: 'misconfigured', hint: hint ?? '', ...code });
  else if (hint !== undefined) backend.emit({ type: 'warning', hint, ...code });
  if (problem === 'unavailable') backend.emit({ type: 'unavailable', part: 'twilio', reason: error.reason });
  switch (problem) {
    case 'too-many-sends':
    case 'too-many-attempts': {
      // A rate limit of the owner's knows when it opens; Twilio's own limits last as long as the verification.
      const opens = error.limit === undefined ? undefined : error.retryAfter;
      return new ProblemError(problem, { retryIn: opens ?? Math.max(1, Math.ceil(remaining / 1000)) });
    }
    case 'resend-too-soon':
      return new ProblemError(problem, { retryIn: error.retryAfter ?? SEND_IN_FLIGHT_RETRY });
    case 'unavailable':
      return new ProblemError(problem, error.retryAfter === undefined ? {} : { retryIn: error.retryAfter });
    default:
      return new ProblemError(problem);
  }
}
