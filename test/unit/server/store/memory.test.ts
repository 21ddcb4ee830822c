/** The store in memory: what it refuses when it is full, and what it has forgotten by then. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, vi } from 'vitest';
import { StringArena } from '../../../../src/server/store/string-arena.js';
import { memoryStore } from '../../../../src/server/store/memory.js';
import { StoreError, type Counter } from '../../../../src/server/store/store.js';

const noon = Date.UTC(2026, 0, 1, 12);
const counter: Counter = { key: 'five', limit: 5, window: 600 };
const other: Counter = { key: 'other', limit: 5, window: 600 };

it('refuses when it is full, forgets nothing early, and has room again when entries expire', async () => {
  const store = memoryStore({ keys: 20 });
  for (let i = 0; i < 20; i++) await store.set(`${i}`, 'value', 600, noon);
  await expect(store.reserve([counter], noon)).rejects.toBeInstanceOf(StoreError);
  await expect(store.setIfAbsent('20', 'value', 600, noon)).rejects.toBeInstanceOf(StoreError);
  expect(await store.get('0', noon)).toBe('value');
  const later = noon + 601_000;
  for (let i = 0; i < 20; i++) await store.set('more', 'value', 600, later);
  expect((await store.reserve([counter], later)).granted).toBe(true);
});

it('still overwrites and removes entries when it is full', async () => {
  const store = memoryStore({ keys: 4 });
  const { reservationId } = await store.reserve([counter, other], noon);
  await store.set('record', 'value', 600, noon);
  await store.set('record', 'another', 600, noon);
  await expect(store.reserve([counter], noon)).rejects.toThrow(
    'The store in memory is full. Raise its option `keys`, or use Redis.',
  );
  await store.clear([{ ...counter, key: 'unknown', owner: 'somebody' }], noon);
  await store.refund([counter, other], reservationId, noon);
  expect(await store.peek([counter, other], noon)).toMatchObject([{ count: 0 }, { count: 0 }]);
  // Removed entries take no room: there is room for three, but not for a fourth.
  for (const key of ['a', 'b', 'c']) await store.set(key, 'value', 600, noon);
  await expect(store.set('d', 'value', 600, noon)).rejects.toBeInstanceOf(StoreError);
  expect(await store.get('record', noon)).toBe('another');
});

it.each([
  ['is before 1970', -5],
  ['has fractions of a millisecond', noon + 0.5],
])('counts by a clock that %s', async (_, now) => {
  const store = memoryStore();
  const once: Counter = { key: 'once', limit: 1, window: 600 };
  expect((await store.reserve([once], now)).granted).toBe(true);
  expect(await store.reserve([once], now + 1)).toMatchObject({
    granted: false,
    statuses: [{ count: 1, retryIn: 600 }],
  });
});

it('keeps records, and counters with one event, outside the heap', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = () => (collect(), process.memoryUsage().heapUsed);
  const store = memoryStore();
  await store.reserve([counter], noon);
  const before = heap();
  for (let i = 0; i < 10_000; i++) {
    await store.reserve(
      [
        { ...counter, key: `${i}` },
        { ...other, key: `of ${i}`, owner: 'somebody' },
      ],
      noon,
    );
    await store.set(`${i}`, 'value', 600, noon);
  }
  // As objects they would take five megabytes.
  expect(heap() - before).toBeLessThan(1_000_000);
  expect(await store.get('9999', noon)).toBe('value');
});

it('stores a counter with one event in its map entry, and a string only for an owner', async () => {
  const write = vi.spyOn(StringArena.prototype, 'write');
  const store = memoryStore();
  await store.reserve([counter, { ...other, owner: 'somebody' }], noon);
  expect(write.mock.calls).toEqual([[`${noon}:somebody`]]);
  write.mockRestore();
});

it('never has more than twice as many entries as are valid, however long it runs', async () => {
  // With room for only 2,000, a store that kept expired entries would refuse.
  const store = memoryStore({ keys: 2000 });
  for (let i = 0; i < 20_000; i++) await store.set(`${i}`, 'value', 60, noon + i * 100);
  expect(await store.get('19999', noon + 20_000 * 100)).toBe('value');
});
