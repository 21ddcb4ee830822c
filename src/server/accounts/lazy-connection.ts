/** One connection that is opened when it is first needed, and again after opening failed. It knows no driver. */
import { AccountsError } from './accounts.js';

/** What holds a connection. `get` opens it once for all who ask; after `close` it rejects with {@link AccountsError}. */
export interface LazyConnection<T> {
  get(): Promise<T>;
  close(): Promise<void>;
}

/** Wraps an `open` and a `close`; a failed opening is forgotten, so that the next question tries anew. */
export function lazyConnection<T>(open: () => Promise<T>, close: (opened: T) => unknown): LazyConnection<T> {
  let opening: Promise<T> | null = null;
  let closed = false;
  return {
    async get() {
      if (closed) throw new AccountsError('closed');
      const attempt = (opening ??= open());
      try {
        return await attempt;
      } catch (error) {
        if (opening === attempt) opening = null;
        throw error;
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      const opened = await opening?.catch(() => null);
      if (opened) await close(opened);
    },
  };
}
