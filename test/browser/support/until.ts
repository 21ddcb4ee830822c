/** Waits in a browser test until a condition is true: long enough for a busy machine, but less than the test's own timeout. */
import { pollUntil } from '../../../scripts/processes/poll-until.js';

/** Rejects with the message after nine seconds. */
export const until = (isSo: () => unknown, message?: string): Promise<unknown> =>
  pollUntil(isSo, { timeout: 9_000, message });
