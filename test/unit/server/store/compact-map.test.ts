/** The compact map: whatever is written, removed and swept, it returns what a `Map` would return. */
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
// Few keys, so that they are overwritten and removed; many operations, so that the map grows and reuses its memory.
const key = fc.nat(400).map((n) => `key ${n}`);
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant('set' as const), key, value, life: fc.integer({ min: 1, max: 50 }) }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('sweep' as const), count: fc.nat(1200) }) },
);

it('has the content of a Map while entries are overwritten, removed and swept', () => {
  const walk = fc.property(fc.array(step, { minLength: 1, maxLength: 1000, size: 'max' }), (steps) => {
    const compact = new CompactMap<readonly number[]>();
    const map = new Map<string, { value: Value; expires: number }>();
    steps.forEach((one, now) => {
      if (one.act === 'sweep') compact.sweep(one.count, now);
      else if (one.act === 'delete') {
        compact.delete(one.key);
        map.delete(one.key);
      } else {
        compact.set(one.key, one.value, now + one.life);
        map.set(one.key, { value: one.value, expires: now + one.life });
      }
    });
    const now = steps.length;
    const actual = Array.from({ length: 401 }, (_, n) => compact.get(`key ${n}`, now));
    const expected = actual
      .map((_, n) => map.get(`key ${n}`))
      .map((one) => (one && one.expires > now ? one.value : undefined));
    expect(actual).toEqual(expected);
    // A sweep over everything leaves only what has not expired.
    compact.sweep(100_000, now);
    expect(compact.size).toBe([...map.values()].filter(({ expires }) => expires > now).length);
  });
  fc.assert(walk, { numRuns: 25 });
});

it('keeps fifty thousand keys apart, and frees them all', () => {
  const compact = new CompactMap();
  for (let n = 0; n < 50_000; n += 1) compact.set(`c:${n}`, n % 2 === 0 ? n : `text ${n}`, 10);
  expect(compact.size).toBe(50_000);
  const all = Array.from({ length: 50_000 }, (_, n) => n);
  expect(all.filter((n) => compact.get(`c:${n}`, 0) !== (n % 2 === 0 ? n : `text ${n}`))).toEqual([]);
  compact.sweep(1_000_000, 10);
  expect(compact.size).toBe(0);
});

/** The hash of a key whose home is this index in a segment of this capacity. */
const hashAt = (home: number, capacity: number, n = 0) => Uint32Array.of(((home + 0.5) / capacity) * 2 ** 32, n, 0);

it('compares all bits of a key hash', () => {
  const segment = new Segment();
  const keyHash = Uint32Array.of(1, 2, 3 * 2 ** 22);
  // The low 22 bits of the third word belong to the expiry and the value.
  const others = [16, 16, 2 ** 22].map((more, word) => keyHash.map((value, i) => (i === word ? value + more : value)));
  for (const [n, one] of [keyHash, ...others].entries()) segment.set(segment.probe(one), one, n, 10);
  expect([keyHash, ...others].map((one) => segment.value(segment.probe(one)))).toEqual([0, 1, 2, 3]);
});

it('keeps hash, expiry and value apart, whatever the others are', () => {
  const least = { keyHash: Uint32Array.of(0, 0, 0), value: 0, expires: 1 };
  const most = {
    keyHash: Uint32Array.of(2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1),
    value: 2 ** 44 - 1,
    expires: 2 ** 42 - 1,
  };
  const cases = [
    least,
    { ...least, value: most.value },
    { ...least, expires: most.expires },
    { ...least, keyHash: most.keyHash },
  ];
  for (const { keyHash, value, expires } of [...cases, most]) {
    const segment = new Segment();
    const at = segment.probe(keyHash);
    segment.set(at, keyHash, value, expires);
    expect([segment.probe(keyHash), segment.has(at), segment.value(at), segment.expires(at)]).toEqual([
      at,
      true,
      value,
      expires,
    ]);
  }
});

it('a segment grows by a quarter when more than four fifths are in use, and reuses freed entries', () => {
  const segment = new Segment();
  const keyHash = (n: number) => hashAt(n % 16, 16, n);
  const add = (n: number) => segment.set(segment.probe(keyHash(n)), keyHash(n), n, 10);
  for (let n = 0; n < 12; n += 1) add(n);
  expect(segment.capacity).toBe(16);
  for (let n = 12; n < 100; n += 1) {
    segment.remove(segment.probe(keyHash(n - 12)));
    add(n);
    add(n);
  }
  expect(segment.capacity).toBe(16);
  add(100);
  expect(segment.capacity).toBe(20);
  for (let n = 101; n < 104; n += 1) add(n);
  expect(segment.capacity).toBe(20);
  add(104);
  expect(segment.capacity).toBe(25);
  expect(Array.from({ length: 17 }, (_, n) => segment.value(segment.probe(keyHash(n + 88))))).toEqual(
    Array.from({ length: 17 }, (_, n) => n + 88),
  );
});

it('a segment of several slabs grows by whole slabs, and leaves its old ones, emptied, to the next that grows', () => {
  const spare: Uint32Array[] = [];
  const fill = (segment: Segment, capacity: number) => {
    for (let n = 0; segment.capacity < capacity; n += 1) {
      const keyHash = Uint32Array.of(Math.imul(n, 2654435761), n, 0);
      segment.set(segment.probe(keyHash), keyHash, n, 10);
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

it('an expiry of 0 becomes 1, since 0 marks a free index', () => {
  const compact = new CompactMap();
  compact.set('key', 1, 0);
  compact.set('key', 2, 0);
  expect([compact.has('key'), compact.has('other'), compact.size, compact.get('key', 1)]).toEqual([
    true,
    false,
    1,
    undefined,
  ]);
  compact.sweep(100_000, 1);
  expect([compact.has('key'), compact.size]).toEqual([false, 0]);
});

it('keeps an expiry to the millisecond, and the latest is in the year 2109', () => {
  const compact = new CompactMap();
  const times = [1, 2 ** 32 - 1, 2 ** 32, 1_790_000_000_123, 2 ** 42 - 1];
  for (const time of times) compact.set(`${time}`, 7, time);
  for (const time of times)
    expect([time, compact.get(`${time}`, time - 1), compact.get(`${time}`, time)]).toEqual([time, 7, undefined]);
  compact.set('later', 7, Infinity);
  expect([compact.get('later', 2 ** 42 - 2), compact.get('later', 2 ** 42 - 1)]).toEqual([7, undefined]);
});

it('checking every index once, and once more for each removal, leaves nothing that has expired', () => {
  const compact = new CompactMap();
  for (let n = 0; n < 100; n += 1) compact.set(`over ${n}`, n, 10);
  // 64 segments with 16 entries each.
  compact.sweep(64 * 16 + 100, 10);
  expect(compact.size).toBe(0);
  for (let n = 0; n < 100; n += 1) compact.set(`lives ${n}`, n, 11);
  compact.sweep(64 * 16, 10);
  expect(compact.size).toBe(100);
});

it('nobody can choose keys that collide, since every map hashes them differently', () => {
  const left = [new CompactMap(), new CompactMap()].map((compact) => {
    const keys = Array.from({ length: 200 }, (_, n) => `key ${n}`);
    for (const key of keys) compact.set(key, 0, 10);
    compact.sweep(500, 10);
    return keys.filter((key) => compact.has(key));
  });
  expect(left[0]).not.toEqual(left[1]);
});

it('frees each string once, when it is overwritten, removed or expired', () => {
  const free = vi.spyOn(StringArena.prototype, 'free');
  const compact = new CompactMap();
  const removals = [() => compact.set('key', 1, 10), () => compact.delete('key'), () => compact.sweep(2000, 10)];
  for (const removal of removals) {
    compact.set('key', 'text', 10);
    removal();
    compact.delete('key');
  }
  expect(free.mock.calls).toEqual([[1], [1], [1]]);
  free.mockRestore();
});

it('can store an integer of 42 bits that is not negative, and no other number', () => {
  expect([0, 1, 2 ** 42 - 1].map((value) => isPackable(value))).toEqual([true, true, true]);
  expect([-1, 0.5, NaN, Infinity, 2 ** 42].map((value) => isPackable(value))).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
  const compact = new CompactMap();
  for (const value of [0, 2 ** 42 - 1]) {
    compact.set('key', value, 10);
    expect(compact.get('key', 0)).toBe(value);
  }
});

it('releases an object with its entry, and reuses its index', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const set = vi.spyOn(Segment.prototype, 'set');
  const compact = new CompactMap();
  const gone = (() => {
    const log = [1, 2];
    compact.set('key', log, 10);
    return new WeakRef(log);
  })();
  compact.delete('key');
  // A WeakRef keeps its target alive until the current task ends.
  await new Promise(setImmediate);
  collect();
  expect(gone.deref()).toBeUndefined();
  compact.set('another', [3], 10);
  compact.set('one more', [4], 10);
  const [first, second, third] = set.mock.calls.map(([, , value]) => value);
  expect([second, third]).toEqual([first, first! + 1]);
  expect([compact.get('another', 0), compact.get('one more', 0)]).toEqual([[3], [4]]);
  set.mockRestore();
});

it('stores a number in its entry and nowhere else', () => {
  const set = vi.spyOn(Segment.prototype, 'set');
  new CompactMap().set('key', 1_790_000_000_123, 10);
  expect(set.mock.calls[0]![2]).toBe(1_790_000_000_123);
  set.mockRestore();
});

it('closes the gap when one of several colliding entries is removed, also around the end of the segment', () => {
  for (let first = 0; first < 16; first += 1) {
    // Four have the same home, two the next one, and one the one after: the last ones have probed past others.
    const all = [0, 0, 0, 0, 1, 1, 2].map((after, n) => hashAt((first + after) % 16, 16, n));
    for (const [gone] of all.entries()) {
      const segment = new Segment();
      all.forEach((one, n) => segment.set(segment.probe(one), one, n, 10));
      segment.remove(segment.probe(all[gone]!));
      const found = all.map((one) => (segment.has(segment.probe(one)) ? segment.value(segment.probe(one)) : null));
      expect(found).toEqual(all.map((_, n) => (n === gone ? null : n)));
    }
  }
});
