/** The rules of a store over any shelf that reads and writes logs and texts by key. No storage of its own: memory and SQLite are such shelves. */
import { randomUUID } from 'node:crypto';
import type { Counter, Standing, Store, Taken } from './store.js';
import { add, expires, forget, remove, standing, type Log } from './sliding-window.js';

/** One log or text to write, or to remove where `value` is null; it may be thrown away from `expires` (milliseconds) on. */
export interface Change {
  key: string;
  value: Log | string | null;
  expires: number;
}

/** What the rules need of a storage: all calls are synchronous, so that nothing comes between reading and writing. A key is always a log's, or always a text's. */
export interface Shelf {
  /** The log under `key`, which nobody may change; empty if there is none or its time is over. */
  log(key: string, now: number): Log;
  /** The text under `key`, unless its time is over. */
  text(key: string, now: number): string | null;
  /** Writes all or throws having written nothing that stays. */
  write(changes: readonly Change[], now: number): void;
}

/** Seconds in which a taking can be given back: far more than the longest call to Twilio. */
export const RECEIPT_LIFE = 300;

/** The part of {@link Store} that is the same on every shelf; `run` carries out one step that nothing else may come between. */
export function overShelf(shelf: Shelf, run: <T>(step: () => T) => Promise<T>): Omit<Store, 'ready' | 'close'> {
  const nameOf = ({ key }: Counter): string => `c:${key}`;
  const changed = (name: string, counter: Counter, log: Log): Change => ({
    key: name,
    value: log.length > 0 ? log : null,
    expires: expires(log, counter),
  });
  const rewrite = (counters: readonly Counter[], now: number, edit: (log: Log, counter: Counter) => Log): Change[] => {
    const logs = new Map<string, Log>();
    return counters.map((counter) => {
      const name = nameOf(counter);
      const log = edit(logs.get(name) ?? shelf.log(name, now), counter);
      logs.set(name, log);
      return changed(name, counter, log);
    });
  };
  const record = (key: string, value: string | null, ttl: number, now: number): Change[] => [
    { key: `r:${key}`, value, expires: now + ttl * 1000 },
  ];

  const peek = (counters: readonly Counter[], now: number): Standing[] =>
    counters.map((counter) => standing(shelf.log(nameOf(counter), now), counter, now));

  function take(counters: readonly Counter[], now: number): Taken {
    const names: string[] = [];
    const logs: Log[] = [];
    const changes: Change[] = [];
    for (const counter of counters) {
      const name = nameOf(counter);
      // One after another, so that a key which is named twice counts twice.
      const earlier = names.lastIndexOf(name);
      const log = earlier >= 0 ? logs[earlier]! : shelf.log(name, now);
      if (standing(log, counter, now).retryIn > 0) return { taken: false, receipt: '', standings: peek(counters, now) };
      const longer = add(log, counter, now);
      names.push(name);
      logs.push(longer);
      changes.push(changed(name, counter, longer));
    }
    const receipt = randomUUID();
    changes.push({ key: `t:${receipt}`, value: [[now, 1, '']], expires: now + RECEIPT_LIFE * 1000 });
    shelf.write(changes, now);
    const standings = counters.map((counter, i) => standing(logs[names.lastIndexOf(names[i]!)]!, counter, now));
    return { taken: true, receipt, standings };
  }

  function giveBack(counters: readonly Counter[], receipt: string, now: number): void {
    const [taking] = shelf.log(`t:${receipt}`, now);
    if (!taking) return;
    const changes = rewrite(counters, now, (log, counter) => remove(log, counter, taking[0]));
    shelf.write([...changes, { key: `t:${receipt}`, value: null, expires: 0 }], now);
  }

  return {
    take: (counters, now) => run(() => take(counters, now)),
    peek: (counters, now) => run(() => peek(counters, now)),
    giveBack: (counters, receipt, now) => run(() => giveBack(counters, receipt, now)),
    clear: (counters, now) => run(() => shelf.write(rewrite(counters, now, forget), now)),
    get: (key, now) => run(() => shelf.text(`r:${key}`, now)),
    put: (key, value, ttl, now) => run(() => shelf.write(record(key, value, ttl, now), now)),
    claim: (key, value, ttl, now) =>
      run(() => {
        const there = shelf.text(`r:${key}`, now);
        if (there === null) shelf.write(record(key, value, ttl, now), now);
        return there;
      }),
    swap: (key, expected, value, ttl, now) =>
      run(() => {
        if (shelf.text(`r:${key}`, now) !== expected) return false;
        shelf.write(record(key, value, ttl, now), now);
        return true;
      }),
  };
}
