/** Turns a failed call to Twilio into a problem for the person and an event for the host. */
import { ProblemError } from '../../protocol/problem-error.js';
import type { BackendContext } from '../setup/context.js';
import { mapTwilioError, TwilioError } from '../twilio/errors.js';

/** Seconds. While one send to a number is in flight, Twilio rejects a second one (60212). */
const SEND_IN_FLIGHT_RETRY = 5;

/**
 * Makes the problem and emits the event. `remaining` is the rest of the verification's lifetime in milliseconds: Twilio's
 * own limits last as long. Throws `error` itself if it is not a {@link TwilioError}.
 */
export function problemFromTwilio(
  { emit }: Pick<BackendContext, 'emit'>,
  error: unknown,
  operation: 'send' | 'check',
  remaining: number,
): ProblemError {
  if (!(error instanceof TwilioError)) throw error;
  const { problem, hint } = mapTwilioError(error, operation);
  const code = error.code === undefined ? {} : { twilioCode: error.code };
  if (problem === 'misconfigured') emit({ type: 'misconfigured', hint: hint ?? '', ...code });
  else if (hint !== undefined) emit({ type: 'warning', hint, ...code });
  if (problem === 'unavailable') emit({ type: 'unavailable', component: 'twilio', reason: error.reason });
  switch (problem) {
    case 'too-many-sends':
    case 'too-many-attempts':
      return new ProblemError(problem, { retryIn: error.retryAfter ?? Math.max(1, Math.ceil(remaining / 1000)) });
    case 'resend-too-soon':
      return new ProblemError(problem, { retryIn: error.retryAfter ?? SEND_IN_FLIGHT_RETRY });
    case 'unavailable':
      return new ProblemError(problem, { retryIn: error.retryAfter });
    default:
      return new ProblemError(problem);
  }
}
