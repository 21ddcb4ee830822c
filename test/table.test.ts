/** The memory under the store in memory: whatever is written, found, removed and swept, it says what a `Map` would say. */
import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hmac } from '../src/server/hmac.js';
import { Table } from '../src/server/store/table.js';

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
  { weight: 1, arbitrary: fc.record({ act: fc.constant('sweep' as const), looks: fc.nat(3000) }) },
);

it('holds what a Map would hold, while things are written over, removed and swept', () => {
  const walk = fc.property(fc.array(step, { minLength: 1, maxLength: 1000, size: 'max' }), (steps) => {
    const table = new Table<readonly number[]>();
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
  const table = new Table();
  for (let n = 0; n < 50_000; n += 1) table.set(`c:${n}`, n % 2 === 0 ? n : `text ${n}`, 10);
  expect(table.size).toBe(50_000);
  const all = Array.from({ length: 50_000 }, (_, n) => n);
  expect(all.filter((n) => table.get(`c:${n}`, 0) !== (n % 2 === 0 ? n : `text ${n}`))).toEqual([]);
  table.sweep(1_000_000, 10);
  expect(table.size).toBe(0);
});

it('names counters and records by the HMAC that others know as HMAC-SHA-256, however long the text', () => {
  const key = randomBytes(32);
  const ours = hmac(key);
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary', minLength: 300, maxLength: 1000 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(ours(text)).toBe(createHmac('sha256', key).update(text, 'utf8').digest('base64url'));
    }),
    { numRuns: 30 },
  );
});
