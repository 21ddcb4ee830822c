/** Waits for another request that sends to the same destination, or checks the same verification. */
import { ProblemError } from '../../protocol/problem-error.js';
import type { BackendContext } from '../setup/context.js';

/** Longer than Twilio may take, and shorter than a person waits: 15 seconds. */
const POLL_INTERVAL_MS = 50;
const MAX_POLLS = 300;

/** Calls `probe` until it resolves to something, and resolves to that. Throws `unavailable` after 15 seconds. */
export async function pollUntil<T>({ wait }: Pick<BackendContext, 'wait'>, probe: () => Promise<T | null>): Promise<T> {
  for (let polls = 0; polls < MAX_POLLS; polls += 1) {
    const found = await probe();
    if (found !== null) return found;
    await wait(POLL_INTERVAL_MS);
  }
  throw new ProblemError('unavailable');
}
