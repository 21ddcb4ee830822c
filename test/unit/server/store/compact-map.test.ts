/** The memory under the store in memory: whatever is written, found, removed and swept, it says what a `Map` would say. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { isPackable, Segment, CompactMap } from '../../../../src/server/store/compact-map.js';
import { StringArena } from '../../../../src/server/store/string-arena.js';

type Value = number | string | readonly number[];

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.nat(),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.array(fc.nat(), { maxLength: 3 }),
);
// Few keys, so that they are overwritten and removed; many operations, so that the table grows and its places are used again.
const key = fc.nat(400).map((n) => `key ${n}`);
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant('set' as const), key, value, life: fc.integer({ min: 1, max: 50 }) }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('sweep' as const), looks: fc.nat(1200) }) },
);

it('holds what a Map would hold, while things are written over, removed and swept', () => {
  const walk = fc.property(fc.array(step, { minLength: 1, maxLength: 1000, size: 'max' }), (steps) => {
    const table = new CompactMap<readonly number[]>();
    const map = new Map<string, { value: Value; expires: number }>();
    steps.forEach((one, now) => {
      if (one.act === 'sweep') table.sweep(one.looks, now);
      else if (one.act === 'delete') {
        table.delete(one.key);
        map.delete(one.key);
      } else {
        table.set(one.key, one.value, now + one.life);
        map.set(one.key, { value: one.value, expires: now + one.life });
      }
    });
    const now = steps.length;
    const told = Array.from({ length: 401 }, (_, n) => table.get(`key ${n}`, now));
    const meant = told
      .map((_, n) => map.get(`key ${n}`))
      .map((one) => (one && one.expires > now ? one.value : undefined));
    expect(told).toEqual(meant);
    // A look at every place leaves what lives and nothing else.
    table.sweep(100_000, now);
    expect(table.size).toBe([...map.values()].filter(({ expires }) => expires > now).length);
  });
  fc.assert(walk, { numRuns: 25 });
});

it('keeps fifty thousand keys apart, and gives their places back', () => {
  const table = new CompactMap();
  for (let n = 0; n < 50_000; n += 1) table.set(`c:${n}`, n % 2 === 0 ? n : `text ${n}`, 10);
  expect(table.size).toBe(50_000);
  const all = Array.from({ length: 50_000 }, (_, n) => n);
  expect(all.filter((n) => table.get(`c:${n}`, 0) !== (n % 2 === 0 ? n : `text ${n}`))).toEqual([]);
  table.sweep(1_000_000, 10);
  expect(table.size).toBe(0);
});

/** The print of a key that belongs at a place of a part that has so many. */
const printAt = (home: number, capacity: number, n = 0) => Uint32Array.of(((home + 0.5) / capacity) * 2 ** 32, n, 0);

it('knows a key by all of its print', () => {
  const part = new Segment();
  const print = Uint32Array.of(1, 2, 3 * 2 ** 22);
  // Of the third word the lower 22 bits make room for a part of the time and of the value.
  const others = [16, 16, 2 ** 22].map((more, word) => print.map((value, i) => (i === word ? value + more : value)));
  for (const [n, one] of [print, ...others].entries()) part.set(part.probe(one), one, n, 10);
  expect([print, ...others].map((one) => part.value(part.probe(one)))).toEqual([0, 1, 2, 3]);
});

it('keeps print, time and value apart, whatever the others are', () => {
  const least = { print: Uint32Array.of(0, 0, 0), value: 0, expires: 1 };
  const most = {
    print: Uint32Array.of(2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1),
    value: 2 ** 44 - 1,
    expires: 2 ** 42 - 1,
  };
  const turns = [
    least,
    { ...least, value: most.value },
    { ...least, expires: most.expires },
    { ...least, print: most.print },
  ];
  for (const { print, value, expires } of [...turns, most]) {
    const part = new Segment();
    const at = part.probe(print);
    part.set(at, print, value, expires);
    expect([part.probe(print), part.has(at), part.value(at), part.expires(at)]).toEqual([at, true, value, expires]);
  }
});

it('a part grows by a quarter when more than four places in five are taken, and places that were freed are taken again', () => {
  const part = new Segment();
  const print = (n: number) => printAt(n % 16, 16, n);
  const add = (n: number) => part.set(part.probe(print(n)), print(n), n, 10);
  for (let n = 0; n < 12; n += 1) add(n);
  expect(part.capacity).toBe(16);
  for (let n = 12; n < 100; n += 1) {
    part.remove(part.probe(print(n - 12)));
    add(n);
    add(n);
  }
  expect(part.capacity).toBe(16);
  add(100);
  expect(part.capacity).toBe(20);
  for (let n = 101; n < 104; n += 1) add(n);
  expect(part.capacity).toBe(20);
  add(104);
  expect(part.capacity).toBe(25);
  expect(Array.from({ length: 17 }, (_, n) => part.value(part.probe(print(n + 88))))).toEqual(
    Array.from({ length: 17 }, (_, n) => n + 88),
  );
});

it('a part of several slabs grows by whole ones, and leaves its old ones, empty, to the next that grows', () => {
  const spare: Uint32Array[] = [];
  const fill = (part: Segment, capacity: number) => {
    for (let n = 0; part.capacity < capacity; n += 1) {
      const print = Uint32Array.of(Math.imul(n, 2654435761), n, 0);
      part.set(part.probe(print), print, n, 10);
    }
  };
  const one = new Segment(spare);
  fill(one, 1024);
  expect([one.capacity, spare.length]).toEqual([1024, 0]);
  fill(one, 1536);
  expect([one.capacity, spare.map((slab) => slab.some((word) => word !== 0))]).toEqual([1536, [false, false]]);
  fill(new Segment(spare), 1024);
  expect(spare).toEqual([]);
});

it('what was to go at the time 0 goes at 1, since 0 marks a free place', () => {
  const table = new CompactMap();
  table.set('key', 1, 0);
  table.set('key', 2, 0);
  expect([table.has('key'), table.has('other'), table.size, table.get('key', 1)]).toEqual([true, false, 1, undefined]);
  table.sweep(100_000, 1);
  expect([table.has('key'), table.size]).toEqual([false, 0]);
});

it('keeps times to the millisecond, and what is to go after the year 2109 until then', () => {
  const table = new CompactMap();
  const times = [1, 2 ** 32 - 1, 2 ** 32, 1_790_000_000_123, 2 ** 42 - 1];
  for (const time of times) table.set(`${time}`, 7, time);
  for (const time of times)
    expect([time, table.get(`${time}`, time - 1), table.get(`${time}`, time)]).toEqual([time, 7, undefined]);
  table.set('later', 7, Infinity);
  expect([table.get('later', 2 ** 42 - 2), table.get('later', 2 ** 42 - 1)]).toEqual([7, undefined]);
});

it('one look at every place, and one more for each that is freed, leaves nothing of what is over', () => {
  const table = new CompactMap();
  for (let n = 0; n < 100; n += 1) table.set(`over ${n}`, n, 10);
  // Sixty-four parts of sixteen places each.
  table.sweep(64 * 16 + 100, 10);
  expect(table.size).toBe(0);
  for (let n = 0; n < 100; n += 1) table.set(`lives ${n}`, n, 11);
  table.sweep(64 * 16, 10);
  expect(table.size).toBe(100);
});

it('nobody can choose keys that fall together: another table has them in other places', () => {
  const left = [new CompactMap(), new CompactMap()].map((table) => {
    const keys = Array.from({ length: 200 }, (_, n) => `key ${n}`);
    for (const key of keys) table.set(key, 0, 10);
    table.sweep(500, 10);
    return keys.filter((key) => table.has(key));
  });
  expect(left[0]).not.toEqual(left[1]);
});

it('frees each text once, where another value is written over it, where it is removed and where its time is over', () => {
  const free = vi.spyOn(StringArena.prototype, 'free');
  const table = new CompactMap();
  const ways = [() => table.set('key', 1, 10), () => table.delete('key'), () => table.sweep(2000, 10)];
  for (const way of ways) {
    table.set('key', 'text', 10);
    way();
    table.delete('key');
  }
  expect(free.mock.calls).toEqual([[1], [1], [1]]);
  free.mockRestore();
});

it('keeps a number that is whole, not negative and of 42 bits, and no other', () => {
  expect([0, 1, 2 ** 42 - 1].map((value) => isPackable(value))).toEqual([true, true, true]);
  expect([-1, 0.5, NaN, Infinity, 2 ** 42].map((value) => isPackable(value))).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
  const table = new CompactMap();
  for (const value of [0, 2 ** 42 - 1]) {
    table.set('key', value, 10);
    expect(table.get('key', 0)).toBe(value);
  }
});

it('lets go of an object with its entry, and gives its place to the next', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const set = vi.spyOn(Segment.prototype, 'set');
  const table = new CompactMap();
  const gone = (() => {
    const log = [1, 2];
    table.set('key', log, 10);
    return new WeakRef(log);
  })();
  table.delete('key');
  // A reference that was looked at in this turn of the event loop is held to its end.
  await new Promise(setImmediate);
  collect();
  expect(gone.deref()).toBeUndefined();
  table.set('another', [3], 10);
  table.set('one more', [4], 10);
  const [first, second, third] = set.mock.calls.map(([, , value]) => value);
  expect([second, third]).toEqual([first, first! + 1]);
  expect([table.get('another', 0), table.get('one more', 0)]).toEqual([[3], [4]]);
  set.mockRestore();
});

it('keeps a number in its entry, and nothing of it anywhere else', () => {
  const set = vi.spyOn(Segment.prototype, 'set');
  new CompactMap().set('key', 1_790_000_000_123, 10);
  expect(set.mock.calls[0]![2]).toBe(1_790_000_000_123);
  set.mockRestore();
});

it('closes the gap where one of several that fell together is removed, around the end of the part as well', () => {
  for (let first = 0; first < 16; first += 1) {
    // Four that belong at one place, two at the next and one two further on: the last have gone past others.
    const all = [0, 0, 0, 0, 1, 1, 2].map((after, n) => printAt((first + after) % 16, 16, n));
    for (const [gone] of all.entries()) {
      const part = new Segment();
      all.forEach((one, n) => part.set(part.probe(one), one, n, 10));
      part.remove(part.probe(all[gone]!));
      const found = all.map((one) => (part.has(part.probe(one)) ? part.value(part.probe(one)) : null));
      expect(found).toEqual(all.map((_, n) => (n === gone ? null : n)));
    }
  }
});
