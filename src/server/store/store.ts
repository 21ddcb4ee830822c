/** What the limits ask of a store: counters that are taken together, and short records. An interface and its error, no code. */

/**
 * One dimension of a request: at most `limit` events under `key` in any `window` seconds.
 * After the n-th event inside the window the next may come only `waits[n - 1]` seconds later (the last wait repeats).
 * With `member`, distinct members are counted, and a member that is in already is free.
 * `by` marks whose event it is: `clear` with the same mark then forgets only these, and nobody wipes out the failures of another.
 */
export interface Counter {
  key: string;
  limit: number;
  /** seconds */
  window: number;
  /** seconds after the first, second, … event */
  backoff?: readonly number[];
  member?: string;
  owner?: string;
}

/** How a counter stands after `take` or `peek`: events inside the window, and whole seconds (rounded up) until it would admit one more; 0 is now. */
export interface CounterStatus {
  count: number;
  retryIn: number;
}

/** `taken` is false when any counter refused, and then none was touched; `standings` are in the order of the counters, after the taking. */
export interface Reservation {
  granted: boolean;
  statuses: CounterStatus[];
  /** Names this taking, so that it can be given back. */
  reservationId: string;
}

/**
 * Counters and short records under keys that are a use and an HMAC: a store never sees a contact, an address or a code.
 * `now` is in whole milliseconds. Every method rejects with {@link StoreError} if the store is out of reach, slow or corrupt:
 * callers refuse then, and never go on without it.
 */
export interface Store {
  /** Takes one event from every counter or from none, in one step that no other caller can come between. */
  reserve(counters: readonly Counter[], now: number): Promise<Reservation>;
  /** As `take`, touching nothing. */
  peek(counters: readonly Counter[], now: number): Promise<CounterStatus[]>;
  /**
   * Undoes one taking, where the thing counted certainly did not happen: the same counters, once, within five minutes.
   * Any other receipt is ignored. Events of one counter, name and moment are alike (of a slot, in counters with slots): where the
   * taking has been cleared meanwhile, another of that very moment goes instead.
   */
  refund(counters: readonly Counter[], reservationId: string, now: number): Promise<void>;
  /** Forgets the events of these counters; where a counter has `by`, only those with the same mark. */
  clear(counters: readonly Counter[], now: number): Promise<void>;
  /** The record under `key`, or null if there is none or its time is over. */
  get(key: string, now: number): Promise<string | null>;
  /** Writes a record that lives `ttl` seconds: any text without NUL. */
  set(key: string, value: string, ttl: number, now: number): Promise<void>;
  /** Writes a record unless one lives under `key`; answers the one that was there, or null if this one was written. */
  setIfAbsent(key: string, value: string, ttl: number, now: number): Promise<string | null>;
  /** Replaces a record only while it still reads `expected`; answers whether it did. `value` null removes it. */
  compareAndSet(key: string, expected: string, value: string | null, ttl: number, now: number): Promise<boolean>;
  /** Resolves when the store answers. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** The store cannot be asked, or answered what cannot be understood. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code = 'store-unavailable';
}
