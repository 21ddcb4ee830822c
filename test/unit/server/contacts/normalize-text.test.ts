/** Normalization of digits in every script, of invisible marks and of pasted codes. */
import { describe, expect, test } from 'vitest';
import { normalizeText, parseCode } from '../../../../src/server/contacts/normalize-text.js';

const everyPoint = function* (): Generator<string> {
  for (let point = 0; point <= 0x10ffff; point += 1)
    if (point < 0xd800 || point > 0xdfff) yield String.fromCodePoint(point);
};

describe('plain text', () => {
  test('every decimal digit of Unicode becomes the ASCII digit of its value', () => {
    const digits = [...everyPoint()].filter((one) => /\p{Nd}/u.test(one));
    expect(digits.length).toBeGreaterThan(600);
    expect(digits.length % 10).toBe(0);
    expect(digits.map((one) => normalizeText(one)).join('')).toBe('0123456789'.repeat(digits.length / 10));
  });

  test('a character that only looks like a digit never becomes one', () => {
    for (const one of everyPoint()) {
      if (/\p{Nd}/u.test(one) || !/[0-9]/.test(normalizeText(one) ?? '')) continue;
      // What is left are units such as ㏠ ("1 day"): a letter stays beside the digit, and no number or code has letters.
      expect(parseCode(one, (normalizeText(one) ?? '').length)).toBeNull();
    }
    for (const odd of ['²', '①', 'Ⅵ', '½', '⑴', '㊀', '௰']) expect(normalizeText(odd)).toBeNull();
  });

  test.each([
    ['123456', '123456'],
    [' 123-456 ', '123456'],
    ['\t123--456\n', '123456'],
    ['123 456', '123456'],
    ['123\u00a0456', '123456'],
    ['１２３４５６', '123456'],
    ['١٢٣٤٥٦', '123456'],
    ['۱۲۳-۴۵۶', '123456'],
    ['१२३४५६', '123456'],
    ['\u2068123456\u2069', '123456'],
    ['000000', '000000'],
    ['12\u00ad34\u200b56', '123456'],
  ])('the code %j is read as %s', (typed, code) => {
    expect(parseCode(typed, 6)).toBe(code);
  });

  test.each([
    '',
    ' ',
    '12345',
    '1234567',
    '1e5000',
    '0x1234',
    '12345a',
    '+12345',
    '12.456',
    '１２３４５６７',
    '12345²',
    '-',
    '12345\n6',
    '1️⃣23456',
    '{"$ne":1}',
  ])('%j is not a code of six digits', (typed) => {
    expect(parseCode(typed, 6)).toBeNull();
  });
});
