/** The code that is found in text that a person pastes, dictates or has filled in. The field itself is tested in a browser. */
import { describe, expect, test } from 'vitest';
import { extractCode, toAsciiText } from '../../../src/elements/fields/parse-code.js';
import { wordings } from '../../browser/support/sms-messages.js';

describe('the code is found in what was pasted', () => {
  test.each([
    '123456',
    ' 123456\n',
    '123-456',
    '123 456',
    '12 34 56',
    '1 2 3 4 5 6',
    '123\u00a0456',
    '123\u2011456',
    '123–456',
    '\u200e123456\u200f',
    '123\u00ad456',
    'G-123456',
    'Your code is 123456',
    'Acme 24: your code is 123-456, valid 10 min',
    '123 456 10 min',
    '123456 is your Acme code. Ref 99887766',
    'Order 445566 is on its way.\n@example.com #123456',
    'Call 415-555-2671 for help. Code 123456.',
    'Your Acme verification code is: 123456. Don’t share this code with anyone.',
    '<#> 123456 is your code FA+9qCX9VSu',
    '[Acme] 123456 est votre code, valable 10 minutes',
    '【Acme】验证码:123456，10分钟内有效',
    '١٢٣٤٥٦',
    '۱۲۳۴۵۶',
    'رمز التحقق الخاص بك هو ١٢٣٤٥٦',
    '१२३४५६',
    '১২৩৪৫৬',
    '１２３４５６',
    '１２３－４５６',
    '𝟏𝟐𝟑𝟒𝟓𝟔',
  ])('%j', (text) => {
    expect(extractCode(text, 6)).toBe('123456');
  });

  test('a code of four or eight digits is found as well', () => {
    expect(extractCode('Acme 24: your PIN is 1234, valid 10 min', 4)).toBe('1234');
    expect(extractCode('Code 1234 5678', 8)).toBe('12345678');
  });
});

describe('the code is found in what known senders write', () => {
  test.each(wordings)('%s: %j', (_sender, text, code) => {
    expect(extractCode(text, code.length)).toBe(code);
  });
});

describe('where there is no code', () => {
  test('what was typed so far keeps its digits', () => {
    expect(extractCode('12', 6)).toBe('12');
    expect(extractCode('12-3', 6)).toBe('123');
    expect(extractCode('1234567', 6)).toBe('1234567');
  });

  test('letters and Roman numerals are no digits', () => {
    expect(extractCode('abc', 6)).toBe('');
    expect(extractCode('ⅥⅦ', 6)).toBe('');
  });
});

test('every decimal digit of Unicode has its value', () => {
  const values = new Map<string, number>();
  for (let point = 0; point <= 0x1ffff; point++) {
    const character = String.fromCodePoint(point);
    if (/\p{Nd}/u.test(character)) values.set(character, Number(toAsciiText(character)));
  }
  const counts = Array.from({ length: 10 }, (_, n) => [...values.values()].filter((value) => value === n).length);
  expect(values.size).toBeGreaterThan(600);
  expect(new Set(counts).size).toBe(1);
  // Compared with ICU, which formats numbers in these systems.
  for (const system of ['arab', 'arabext', 'beng', 'deva', 'fullwide', 'khmr', 'mymr', 'tamldec', 'thai', 'tibt']) {
    const seven = new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false }).format(1234567890);
    expect(toAsciiText(seven)).toBe('1234567890');
  }
});

test('a long text takes time in proportion to its length', () => {
  for (const piece of ['1 ', '-', '12', '#1', ' 1-'])
    expect(extractCode(piece.repeat(100_000), 6).length).toBeLessThan(200_001);
});
