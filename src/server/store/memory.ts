/** A store in the memory of this process: fast, exact and bounded. It is gone when the process ends, and no other instance sees it. */
import { checkOptions } from '../options/check-options.js';
import { memoryStoreOptions } from '../options/stores.js';
import { createStore, type Write, type StorageAdapter } from './storage-adapter.js';
import { StoreError, type Store } from './store.js';
import { isPackable, CompactMap } from './compact-map.js';
import type { EventLog } from './sliding-window.js';

/** How large {@link memoryStore} may grow. */
export interface MemoryStoreOptions {
  /**
   * The largest number of counters and records. A full store refuses requests rather than forget a counter.
   * Default 1,000,000, which take some 80 MB. A person who verifies leaves up to 17, most of them for a day.
   */
  keys?: number;
}

/** Entries of the map that each write checks for expiry. It must be more than one, or expired entries would pile up. */
const SWEEP_PER_WRITE = 8;
const SWEEP_WHEN_FULL = 2048;

/** Makes a store in memory, the default. It needs no installation, and a restart forgets its counters. */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const { keys = 1_000_000 } = checkOptions('memoryStore', memoryStoreOptions, options);
  let map = new CompactMap<EventLog>();

  const countNew = (changes: readonly Write[]) =>
    changes.filter(({ key, value }) => value !== null && !map.has(key)).length;

  const storage: StorageAdapter = {
    log: (key, now) => unpack(map.get(key, now)),
    record(key, now) {
      const value = map.get(key, now);
      return typeof value === 'string' ? value : null;
    },
    write(changes, now) {
      // New entries are counted only when the map is nearly full, because it takes time.
      if (map.size + changes.length > keys) {
        map.sweep(SWEEP_WHEN_FULL, now);
        // Evicting a counter to make room would lift a limit.
        if (map.size + countNew(changes) > keys)
          throw new StoreError('The store in memory is full. Raise its option `keys`, or use Redis.');
      }
      for (const { key, value, expires } of changes) {
        map.sweep(SWEEP_PER_WRITE, now);
        if (value === null) map.delete(key);
        else map.set(key, typeof value === 'string' ? value : pack(value), expires);
      }
    },
  };

  return {
    ...createStore(storage, async (transaction) => transaction()),
    ready: async () => undefined,
    close: async () => void (map = new CompactMap()),
  };
}

/** Most counters have one event. It is stored as its time, followed by its member or owner if there is one. */
function pack(log: EventLog): number | string | EventLog {
  const first = log[0]!;
  if (log.length > 1 || first[1] > 1) return log;
  return first[2] === '' && isPackable(first[0]) ? first[0] : `${first[0]}:${first[2]}`;
}

function unpack(value: number | string | EventLog | undefined): EventLog {
  if (typeof value === 'number') return [[value, 1, '']];
  if (typeof value !== 'string') return value ?? [];
  const end = value.indexOf(':');
  return [[Number(value.slice(0, end)), 1, value.slice(end + 1)]];
}
