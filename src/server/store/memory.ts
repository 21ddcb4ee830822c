/** A store in this process: fast, exact, bounded, and gone when the process ends. It shares nothing with other instances. */
import { overShelf, type Change, type Shelf } from './shelf.js';
import { StoreError, type Store } from './store.js';

/** How much {@link memoryStore} may hold. */
export interface MemoryStoreOptions {
  /** Counters and records at once; beyond it the store refuses rather than forgets. Default 500,000 (some 200 MB). */
  keys?: number;
}

/** The embedded default: nothing to install, nothing loaded, counters lost on a restart. */
export function memoryStore({ keys = 500_000 }: MemoryStoreOptions = {}): Store {
  const kept = new Map<string, { value: string; expires: number }>();
  let sweep = kept.entries();

  /** A few steps a write: what expired goes without a timer, and no single request pays for all. */
  function sweepOn(steps: number, now: number): void {
    for (let i = 0; i < steps; i++) {
      const next = sweep.next();
      if (next.done) {
        sweep = kept.entries();
        return;
      }
      if (next.value[1].expires <= now) kept.delete(next.value[0]);
    }
  }

  const freshIn = (changes: readonly Change[]) =>
    changes.filter(({ key, value }) => value !== null && !kept.has(key)).length;

  const shelf: Shelf = {
    read(key, now) {
      const entry = kept.get(key);
      return entry && entry.expires > now ? entry.value : null;
    },
    write(changes, now) {
      sweepOn(2 * changes.length, now);
      // Forgetting a living counter to make room would be failing open. They are counted only where it is nearly full.
      if (kept.size + changes.length > keys && kept.size + freshIn(changes) > keys)
        throw new StoreError('The store in memory is full.');
      for (const { key, value, expires } of changes) {
        if (value === null) kept.delete(key);
        else kept.set(key, { value, expires });
      }
    },
  };

  return {
    ...overShelf(shelf, async (step) => step()),
    ready: async () => undefined,
    close: async () => kept.clear(),
  };
}
