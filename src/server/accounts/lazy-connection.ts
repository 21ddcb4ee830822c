/** Opens a connection when it is first needed, and again if opening failed. It works with any driver. */
import { AccountsError } from './accounts.js';

/** A connection that may not be open yet. */
interface LazyConnection<T> {
  /** Opens the connection once for all callers. Rejects with {@link AccountsError} after `close`. */
  get(): Promise<T>;
  /** Closes the connection if it was opened. */
  close(): Promise<void>;
}

/** Wraps `open` and `close`. If `open` fails, the next `get` calls it again. */
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
