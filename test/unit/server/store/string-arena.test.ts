/** The string arena: strings come back whole, and freed blocks are reused. */
import { describe, expect, it } from 'vitest';
import { StringArena } from '../../../../src/server/store/string-arena.js';

/** A string's number is made of its size class, of 128, and its block. */
const blockOf = (number: number): [sizeClass: number, block: number] => [number % 128, Math.floor(number / 128)];

it.each(['a', 'ü', '€', '😀'])('strings of %s come back whole, whatever their length', (character) => {
  const arena = new StringArena();
  const lengths = [0, 1, 11, 12, 13, 27, 28, 29, 127, 128, 507, 508, 509, 510, 1019, 1020, 1021, 5000, 100_000];
  const all = lengths.map((length) => character.repeat(length));
  const numbers = all.map((text) => arena.write(text));
  expect(numbers.map((number) => arena.read(number))).toEqual(all);
  expect(new Set(numbers).size).toBe(all.length);
  expect(Math.min(...numbers)).toBeGreaterThan(0);
});

describe('a string takes a block', () => {
  // Each block begins with the length, in four bytes.
  it.each([
    ['of 8 bytes for 0', 0, 1],
    ['of 8 bytes for 4', 4, 1],
    ['of 16 for 5', 5, 2],
    ['of 512 for 508', 508, 64],
    ['of 1,024 for 509', 509, 65],
    ['of 1,024 for 1,020', 1020, 65],
    ['of 2,048 for 1,021', 1021, 66],
    ['of 131,072 for 100,000', 100_000, 72],
  ])('%s', (_, bytes, sizeClass) => {
    expect(blockOf(new StringArena().write('x'.repeat(bytes)))).toEqual([sizeClass, 0]);
  });
});

it('nothing is left of a longer string when a shorter one reuses its block', () => {
  const arena = new StringArena();
  arena.free(arena.write('eleven char'));
  const number = arena.write('short');
  expect(arena.read(number)).toBe('short');
});

it('freed blocks are reused for strings of the same size, over several slabs', () => {
  const arena = new StringArena();
  const all = Array.from({ length: 1500 }, (_, n) => `${n} `.repeat(1 + (n % 40)));
  const numbers = all.map((text) => arena.write(text));
  expect(numbers.map((number) => arena.read(number))).toEqual(all);
  for (const number of numbers) arena.free(number);
  const again = all.map((text) => arena.write(text));
  expect(again.map((number) => arena.read(number))).toEqual(all);
  expect(new Set(again)).toEqual(new Set(numbers));
});

it('strings of one size are adjacent, and no slab has more blocks than it has room for', () => {
  const arena = new StringArena();
  const numbers = Array.from({ length: 2050 }, (_, n) => arena.write(String(n).padStart(12, '0')));
  expect(numbers.map((number) => blockOf(number))).toEqual(numbers.map((_, n) => [2, n]));
  expect(arena.read(numbers[1023]!)).toBe('000000001023');
  expect(arena.read(numbers[1024]!)).toBe('000000001024');
});
