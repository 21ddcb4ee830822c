/** The interface of a store: counters that are reserved together, and short records. No code but its error. */

/**
 * One limit on a request: at most `limit` events under `key` in any `window` seconds. With `backoff`, the next event after
 * the n-th in the window may come only `backoff[n - 1]` seconds later; the last value repeats.
 */
export interface Counter {
  /** A use and an HMAC. It names no person. */
  key: string;
  /** How many events the window may have. */
  limit: number;
  /** seconds */
  window: number;
  /** Seconds after the first, second, … event. */
  backoff?: readonly number[];
  /** If set, the counter counts distinct members. A member that is already counted may come again. */
  member?: string;
  /** Whose event it is. `clear` with an owner removes the events of that owner only, so that nobody clears the failures of another. */
  owner?: string;
  /**
   * Seconds. If set, `reserve` only looks: it does not count the event, and refuses if this counter would make its caller wait
   * longer than that. So a wait is said before anything is paid for. `refund` and `clear` leave such a counter alone.
   */
  observed?: number;
}

/** The status of a counter after `reserve` or `peek`. */
export interface CounterStatus {
  /** Events in the window. */
  count: number;
  /** Whole seconds, rounded up, until the counter allows one more event; 0 if it does so now. */
  retryIn: number;
}

/** The result of `reserve`. */
export interface Reservation {
  /** False if any counter refused. No counter was changed then. */
  granted: boolean;
  /** One status per counter, in the same sequence, as they are after the reservation. */
  statuses: CounterStatus[];
  /** The id for `refund`; empty if the reservation was not granted. */
  reservationId: string;
}

/**
 * Counters and short records. A key is a use and an HMAC, so a store never sees a contact, an address or a code.
 * `now` is in whole milliseconds since 1970. Every method rejects with {@link StoreError} if the store is out of reach, slow
 * or corrupt. Callers must then refuse the request: going on without the store would switch the limits off.
 */
export interface Store {
  /** Adds one event to every counter that is not `observed`, or to none. It is atomic: no other caller can come in between. */
  reserve(counters: readonly Counter[], now: number): Promise<Reservation>;
  /** Returns what `reserve` would return, without changing anything. */
  peek(counters: readonly Counter[], now: number): Promise<CounterStatus[]>;
  /**
   * Removes the events of one reservation, if what they count certainly did not happen. Pass the same counters, once, within
   * five minutes; any other id is ignored. If the event was cleared meanwhile, another one with the same timestamp and owner is removed
   * (in counters of more than 24 events, one with a timestamp in the same 24th of the window).
   */
  refund(counters: readonly Counter[], reservationId: string, now: number): Promise<void>;
  /** Removes all events of these counters; of a counter with `owner`, only that owner's. */
  clear(counters: readonly Counter[], now: number): Promise<void>;
  /** Returns the record under `key`, or null if there is none or it has expired. */
  get(key: string, now: number): Promise<string | null>;
  /** Writes a record that expires after `ttl` seconds. The value is any text without NUL. */
  set(key: string, value: string, ttl: number, now: number): Promise<void>;
  /** Writes a record if there is none under `key`, and returns null. Otherwise it returns the existing record. */
  setIfAbsent(key: string, value: string, ttl: number, now: number): Promise<string | null>;
  /** Replaces a record if it still equals `expected`, and returns whether it did. A `value` of null removes the record. */
  compareAndSet(key: string, expected: string, value: string | null, ttl: number, now: number): Promise<boolean>;
  /** Resolves if the store works, which includes writing. */
  ready(): Promise<void>;
  /** Closes the connection or the file. Every later call rejects. */
  close(): Promise<void>;
}

/** The store is out of reach, or its content is corrupt. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code = 'store-unavailable';
}
