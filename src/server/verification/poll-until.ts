/** Waits for another request that sends to the same destination, or checks the same verification. */
import { ProblemError } from '../../protocol/problem-error.js';
import type { BackendContext } from '../setup/context.js';

const POLL_INTERVAL_MS = 50;

/**
 * Calls `probe` until it resolves to something, and resolves to that. Throws `unavailable` once a call to Twilio would have
 * ended in any case, which `twilio.timeout` decides: then the other request has failed or died.
 */
export async function pollUntil<T>(
  { wait, now, callDeadlineMs }: Pick<BackendContext, 'wait' | 'now' | 'callDeadlineMs'>,
  probe: () => Promise<T | null>,
): Promise<T> {
  const end = now() + callDeadlineMs;
  // The number of polls is bounded too: nobody may wait longer because a clock was set back.
  for (let waited = 0; waited <= callDeadlineMs && now() <= end; waited += POLL_INTERVAL_MS) {
    const found = await probe();
    if (found !== null) return found;
    await wait(POLL_INTERVAL_MS);
  }
  throw new ProblemError('unavailable');
}
