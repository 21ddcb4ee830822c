/** Waits in a browser test until something is true: as long as a busy machine needs, and just less than the test may take. */
import { pollUntil } from '../../../scripts/processes/poll-until.js';

/** Rejects with the message after nine seconds. */
export const until = (isSo: () => unknown, message?: string): Promise<unknown> =>
  pollUntil(isSo, { timeout: 9_000, message });
