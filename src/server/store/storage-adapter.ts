/** The rules of a store, over any storage that reads and writes counters and records by key. Memory and SQLite are such storages. */
import { randomUUID } from 'node:crypto';
import type { Counter, CounterStatus, Reservation, Store } from './store.js';
import { add, assertClock, clear, expires, remove, statusOf, type EventLog } from './sliding-window.js';

/** One log or record to write; a `value` of null removes it. From `expires` (milliseconds) on the storage may delete it. */
export interface Write {
  key: string;
  value: EventLog | string | null;
  expires: number;
}

/** A storage. All its methods are synchronous, so that nothing can come between reading and writing. */
export interface StorageAdapter {
  /** The log under `key`, empty if there is none or it has expired. Nobody may change it. */
  log(key: string, now: number): EventLog;
  /** The record under `key`, or null if there is none or it has expired. */
  record(key: string, now: number): string | null;
  /** Writes all changes. If it throws, none of them may stay. */
  write(changes: readonly Write[], now: number): void;
}

/** Seconds in which a reservation can be refunded: far more than the longest call to Twilio takes. */
export const RESERVATION_TTL = 300;

const isCounted = ({ observed }: Counter): boolean => observed === undefined;

/** Makes a store on a storage. `run` runs a function that nothing else may interrupt. */
export function createStore(
  storage: StorageAdapter,
  run: <T>(transaction: () => T) => Promise<T>,
): Omit<Store, 'ready' | 'close'> {
  const counterKey = ({ key }: Counter): string => `c:${key}`;
  const recordKey = (key: string): string => `r:${key}`;
  const reservationKey = (id: string): string => `t:${id}`;

  const writeLog = (key: string, counter: Counter, log: EventLog): Write => ({
    key,
    value: log.length > 0 ? log : null,
    expires: expires(log, counter),
  });
  const writeRecord = (key: string, value: string | null, ttl: number, now: number): void =>
    storage.write([{ key: recordKey(key), value, expires: now + ttl * 1000 }], now);

  function rewrite(
    counters: readonly Counter[],
    now: number,
    edit: (log: EventLog, counter: Counter) => EventLog,
  ): Write[] {
    const logs = new Map<string, EventLog>();
    return counters.filter(isCounted).map((counter) => {
      const key = counterKey(counter);
      const log = edit(logs.get(key) ?? storage.log(key, now), counter);
      logs.set(key, log);
      return writeLog(key, counter, log);
    });
  }

  const peek = (counters: readonly Counter[], now: number): CounterStatus[] =>
    counters.map((counter) => statusOf(storage.log(counterKey(counter), now), counter, now));

  function reserve(counters: readonly Counter[], now: number): Reservation {
    const keys: string[] = [];
    const logs: EventLog[] = [];
    const changes: Write[] = [];
    for (const counter of counters) {
      const key = counterKey(counter);
      // The log may have been changed in this loop already: a key that is listed twice counts twice.
      const earlier = keys.lastIndexOf(key);
      const log = earlier >= 0 ? logs[earlier]! : storage.log(key, now);
      if (statusOf(log, counter, now).retryIn > (counter.observed ?? 0))
        return { granted: false, reservationId: '', statuses: peek(counters, now) };
      const after = isCounted(counter) ? add(log, counter, now) : log;
      keys.push(key);
      logs.push(after);
      if (isCounted(counter)) changes.push(writeLog(key, counter, after));
    }
    const reservationId = randomUUID();
    changes.push({ key: reservationKey(reservationId), value: [[now, 1, '']], expires: now + RESERVATION_TTL * 1000 });
    storage.write(changes, now);
    const statuses = counters.map((counter, i) => statusOf(logs[keys.lastIndexOf(keys[i]!)]!, counter, now));
    return { granted: true, reservationId, statuses };
  }

  function refund(counters: readonly Counter[], reservationId: string, now: number): void {
    const key = reservationKey(reservationId);
    const [reserved] = storage.log(key, now);
    if (!reserved) return;
    const changes = rewrite(counters, now, (log, counter) => remove(log, counter, reserved[0]));
    storage.write([...changes, { key, value: null, expires: 0 }], now);
  }

  const runAt = <T>(now: number, transaction: () => T): Promise<T> =>
    run(() => {
      assertClock(now);
      return transaction();
    });

  return {
    reserve: (counters, now) => runAt(now, () => reserve(counters, now)),
    peek: (counters, now) => runAt(now, () => peek(counters, now)),
    refund: (counters, reservationId, now) => runAt(now, () => refund(counters, reservationId, now)),
    clear: (counters, now) => runAt(now, () => storage.write(rewrite(counters, now, clear), now)),
    get: (key, now) => runAt(now, () => storage.record(recordKey(key), now)),
    set: (key, value, ttl, now) => runAt(now, () => writeRecord(key, value, ttl, now)),
    setIfAbsent: (key, value, ttl, now) =>
      runAt(now, () => {
        const existing = storage.record(recordKey(key), now);
        if (existing === null) writeRecord(key, value, ttl, now);
        return existing;
      }),
    compareAndSet: (key, expected, value, ttl, now) =>
      runAt(now, () => {
        if (storage.record(recordKey(key), now) !== expected) return false;
        writeRecord(key, value, ttl, now);
        return true;
      }),
  };
}
