/** The rules of a store over any shelf that reads and writes logs and texts by key. No storage of its own: memory and SQLite are such shelves. */
import { randomUUID } from 'node:crypto';
import type { Counter, CounterStatus, Store, Reservation } from './store.js';
import { add, expires, clear, remove, statusOf, type EventLog } from './sliding-window.js';

/** One log or text to write, or to remove where `value` is null; it may be thrown away from `expires` (milliseconds) on. */
export interface Write {
  key: string;
  value: EventLog | string | null;
  expires: number;
}

/** What the rules need of a storage: all calls are synchronous, so that nothing comes between reading and writing. A key is always a log's, or always a text's. */
export interface StorageAdapter {
  /** The log under `key`, which nobody may change; empty if there is none or its time is over. */
  log(key: string, now: number): EventLog;
  /** The text under `key`, unless its time is over. */
  text(key: string, now: number): string | null;
  /** Writes all or throws having written nothing that stays. */
  write(changes: readonly Write[], now: number): void;
}

/** Seconds in which a taking can be given back: far more than the longest call to Twilio. */
export const RESERVATION_TTL = 300;

/** The part of {@link Store} that is the same on every shelf; `run` carries out one step that nothing else may come between. */
export function createStore(
  shelf: StorageAdapter,
  run: <T>(step: () => T) => Promise<T>,
): Omit<Store, 'ready' | 'close'> {
  const nameOf = ({ key }: Counter): string => `c:${key}`;
  const changed = (name: string, counter: Counter, log: EventLog): Write => ({
    key: name,
    value: log.length > 0 ? log : null,
    expires: expires(log, counter),
  });
  const rewrite = (
    counters: readonly Counter[],
    now: number,
    edit: (log: EventLog, counter: Counter) => EventLog,
  ): Write[] => {
    const logs = new Map<string, EventLog>();
    return counters.map((counter) => {
      const name = nameOf(counter);
      const log = edit(logs.get(name) ?? shelf.log(name, now), counter);
      logs.set(name, log);
      return changed(name, counter, log);
    });
  };
  const record = (key: string, value: string | null, ttl: number, now: number): Write[] => [
    { key: `r:${key}`, value, expires: now + ttl * 1000 },
  ];

  const peek = (counters: readonly Counter[], now: number): CounterStatus[] =>
    counters.map((counter) => statusOf(shelf.log(nameOf(counter), now), counter, now));

  function take(counters: readonly Counter[], now: number): Reservation {
    const names: string[] = [];
    const logs: EventLog[] = [];
    const changes: Write[] = [];
    for (const counter of counters) {
      const name = nameOf(counter);
      // One after another, so that a key which is named twice counts twice.
      const earlier = names.lastIndexOf(name);
      const log = earlier >= 0 ? logs[earlier]! : shelf.log(name, now);
      if (statusOf(log, counter, now).retryIn > 0)
        return { granted: false, reservationId: '', statuses: peek(counters, now) };
      const longer = add(log, counter, now);
      names.push(name);
      logs.push(longer);
      changes.push(changed(name, counter, longer));
    }
    const reservationId = randomUUID();
    changes.push({ key: `t:${reservationId}`, value: [[now, 1, '']], expires: now + RESERVATION_TTL * 1000 });
    shelf.write(changes, now);
    const statuses = counters.map((counter, i) => statusOf(logs[names.lastIndexOf(names[i]!)]!, counter, now));
    return { granted: true, reservationId, statuses };
  }

  function refund(counters: readonly Counter[], reservationId: string, now: number): void {
    const [taking] = shelf.log(`t:${reservationId}`, now);
    if (!taking) return;
    const changes = rewrite(counters, now, (log, counter) => remove(log, counter, taking[0]));
    shelf.write([...changes, { key: `t:${reservationId}`, value: null, expires: 0 }], now);
  }

  return {
    reserve: (counters, now) => run(() => take(counters, now)),
    peek: (counters, now) => run(() => peek(counters, now)),
    refund: (counters, reservationId, now) => run(() => refund(counters, reservationId, now)),
    clear: (counters, now) => run(() => shelf.write(rewrite(counters, now, clear), now)),
    get: (key, now) => run(() => shelf.text(`r:${key}`, now)),
    set: (key, value, ttl, now) => run(() => shelf.write(record(key, value, ttl, now), now)),
    setIfAbsent: (key, value, ttl, now) =>
      run(() => {
        const there = shelf.text(`r:${key}`, now);
        if (there === null) shelf.write(record(key, value, ttl, now), now);
        return there;
      }),
    compareAndSet: (key, expected, value, ttl, now) =>
      run(() => {
        if (shelf.text(`r:${key}`, now) !== expected) return false;
        shelf.write(record(key, value, ttl, now), now);
        return true;
      }),
  };
}
