/** A store in this process: fast, exact, bounded, and gone when the process ends. It shares nothing with other instances. */
import { createStore, type Write, type StorageAdapter } from './storage-adapter.js';
import { StoreError, type Store } from './store.js';
import { isPackable, CompactMap } from './compact-map.js';
import type { EventLog } from './sliding-window.js';

/** How much {@link memoryStore} may hold. */
export interface MemoryStoreOptions {
  /** Counters and records at once; beyond it the store refuses rather than forgets. Default 1,000,000 (some 80 MB), of which a pending verification takes six. */
  keys?: number;
}

/** Places of the table that are looked at for each thing written: more than are written, or what is over would pile up. */
const SWEEP = 8;
const SWEEP_IF_FULL = 2048;

/** The embedded default: nothing to install, nothing loaded, counters lost on a restart. */
export function memoryStore({ keys = 1_000_000 }: MemoryStoreOptions = {}): Store {
  let kept = new CompactMap<EventLog>();

  const freshIn = (changes: readonly Write[]) =>
    changes.filter(({ key, value }) => value !== null && !kept.has(key)).length;

  const shelf: StorageAdapter = {
    log: (key, now) => logOf(kept.get(key, now)),
    text(key, now) {
      const value = kept.get(key, now);
      return typeof value === 'string' ? value : null;
    },
    write(changes, now) {
      // Which of them are new is asked only where it is nearly full.
      if (kept.size + changes.length > keys) {
        kept.sweep(SWEEP_IF_FULL, now);
        // Forgetting a living counter to make room would be failing open.
        if (kept.size + freshIn(changes) > keys) throw new StoreError('The store in memory is full.');
      }
      for (const { key, value, expires } of changes) {
        kept.sweep(SWEEP, now);
        if (value === null) kept.delete(key);
        else kept.set(key, typeof value === 'string' ? value : compact(value), expires);
      }
    },
  };

  return {
    ...createStore(shelf, async (step) => step()),
    ready: async () => undefined,
    close: async () => void (kept = new CompactMap()),
  };
}

/** Most counters have seen one event: it is kept as its time, with the member's or the mark's name behind it. */
function compact(log: EventLog): number | string | EventLog {
  const first = log[0]!;
  if (log.length > 1 || first[1] > 1) return log;
  return first[2] === '' && isPackable(first[0]) ? first[0] : `${first[0]}:${first[2]}`;
}

function logOf(value: number | string | EventLog | undefined): EventLog {
  if (typeof value === 'number') return [[value, 1, '']];
  if (typeof value !== 'string') return value ?? [];
  const end = value.indexOf(':');
  return [[Number(value.slice(0, end)), 1, value.slice(end + 1)]];
}
