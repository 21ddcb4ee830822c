/** A wait for something to become true: long enough for a busy machine, and over as soon as it is. */
import { waitUntil } from '@open-wc/testing';

/** Rejects with the message after nine seconds, just before the test's own time is over. */
export const until = (isSo: () => unknown, message?: string): Promise<void> =>
  waitUntil(() => isSo(), message, { timeout: 9_000 });
