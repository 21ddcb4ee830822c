/** Texts outside of the heap: they come back whole, and their places are used again. */
import { describe, expect, it } from 'vitest';
import { StringArena } from '../../../../src/server/store/string-arena.js';

/** A hundred and twenty-eight kinds of slots share the numbers of texts. */
const slotOf = (number: number): [kind: number, slot: number] => [number % 128, Math.floor(number / 128)];

it.each(['a', 'ü', '€', '😀'])('texts of %s come back whole, however long they are', (character) => {
  const texts = new StringArena();
  const lengths = [0, 1, 11, 12, 13, 27, 28, 29, 127, 128, 507, 508, 509, 510, 1019, 1020, 1021, 5000, 100_000];
  const all = lengths.map((length) => character.repeat(length));
  const numbers = all.map((text) => texts.write(text));
  expect(numbers.map((number) => texts.read(number))).toEqual(all);
  expect(new Set(numbers).size).toBe(all.length);
  expect(Math.min(...numbers)).toBeGreaterThan(0);
});

describe('a text takes a slot', () => {
  // Each begins with the length, in four bytes.
  it.each([
    ['of 8 bytes for none', 0, 1],
    ['of 8 bytes for 4', 4, 1],
    ['of 16 for 5', 5, 2],
    ['of 512 for 508', 508, 64],
    ['of 1,024 for 509', 509, 65],
    ['of 1,024 for 1,020', 1020, 65],
    ['of 2,048 for 1,021', 1021, 66],
    ['of 131,072 for 100,000', 100_000, 72],
  ])('%s', (_, bytes, kind) => {
    expect(slotOf(new StringArena().write('x'.repeat(bytes)))).toEqual([kind, 0]);
  });
});

it('a longer text does not shine through where a shorter one is written over it', () => {
  const texts = new StringArena();
  texts.free(texts.write('eleven char'));
  const number = texts.write('short');
  expect(texts.read(number)).toBe('short');
});

it('no slot is lost: what was freed holds the next texts of its size, over several pieces of memory', () => {
  const texts = new StringArena();
  const all = Array.from({ length: 1500 }, (_, n) => `${n} `.repeat(1 + (n % 40)));
  const numbers = all.map((text) => texts.write(text));
  expect(numbers.map((number) => texts.read(number))).toEqual(all);
  for (const number of numbers) texts.free(number);
  const again = all.map((text) => texts.write(text));
  expect(again.map((number) => texts.read(number))).toEqual(all);
  expect(new Set(again)).toEqual(new Set(numbers));
});

it('texts of one size lie side by side, and no piece of memory holds more than it has room for', () => {
  const texts = new StringArena();
  const numbers = Array.from({ length: 2050 }, (_, n) => texts.write(String(n).padStart(12, '0')));
  expect(numbers.map((number) => slotOf(number))).toEqual(numbers.map((_, n) => [2, n]));
  expect(texts.read(numbers[1023]!)).toBe('000000001023');
  expect(texts.read(numbers[1024]!)).toBe('000000001024');
});
