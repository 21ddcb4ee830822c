/** Texts outside of the heap: they come back whole, and their blocks are used again. */
import { describe, expect, it } from 'vitest';
import { Blocks } from '../src/server/store/blocks.js';

/** How many blocks have been made before the next text: it gets the next number, since none is free. */
const made = (blocks: Blocks): number => blocks.write('') - 1;

it.each(['a', 'ü', '€', '😀'])('texts of %s come back whole, however long they are', (character) => {
  for (const length of [
    0, 1, 55, 56, 57, 115, 116, 117, 254, 255, 256, 338, 339, 340, 341, 342, 343, 1020, 1021, 5000,
  ]) {
    // Fresh, so that the text is the first that its buffer is made for.
    const blocks = new Blocks();
    const text = character.repeat(length);
    expect(blocks.read(blocks.write(text)) === text, `${length} times`).toBe(true);
  }
});

it('a longer text does not shine through where a shorter one is written over it', () => {
  const blocks = new Blocks();
  blocks.free(blocks.write('long '.repeat(1000)));
  const first = blocks.write('short');
  const second = blocks.write('another '.repeat(20));
  expect([blocks.read(first), blocks.read(second)]).toEqual(['short', 'another '.repeat(20)]);
});

describe('a text takes', () => {
  // The first block begins with the length: four bytes of its sixty.
  it.each([
    ['one block for fifty-six bytes', 56, 1],
    ['two for fifty-seven', 57, 2],
    ['two for a hundred and sixteen', 116, 2],
    ['three for one more', 117, 3],
  ])('%s', (_, bytes, count) => {
    const blocks = new Blocks();
    blocks.write('x'.repeat(bytes));
    expect(made(blocks)).toBe(count);
  });
});

it('no block is lost: what was freed holds the next texts, over several pieces of memory', () => {
  const blocks = new Blocks();
  const texts = Array.from({ length: 1500 }, (_, n) => `${n} `.repeat(1 + (n % 40)));
  const numbers = texts.map((text) => blocks.write(text));
  expect(numbers.map((number) => blocks.read(number))).toEqual(texts);
  for (const number of numbers) blocks.free(number);
  const again = texts.map((text) => blocks.write(text));
  expect(again.map((number) => blocks.read(number))).toEqual(texts);
  const needed = texts.map((text) => Math.ceil((text.length + 4) / 60)).reduce((sum, count) => sum + count);
  expect(made(blocks)).toBe(needed);
});
