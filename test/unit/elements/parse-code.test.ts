/** The code that is found in text that a person pastes, dictates or has filled in. The field itself is tested in a browser. */
import { describe, expect, test } from 'vitest';
import { toAsciiText } from '../../../src/elements/fields/ascii-text.js';
import { extractCode } from '../../../src/elements/fields/parse-code.js';
import { translations, wordings } from '../../browser/support/sms-messages.js';

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

describe('the code is found in what known senders write, and in every language', () => {
  test.each([...wordings, ...translations])('%s: %j', (_sender, text, code) => {
    expect(extractCode(text, code.length)).toBe(code);
  });
});

/** Things with digits that messages have beside their code, with as many digits as the code, where that is possible. */
const surroundings: readonly (readonly [kind: string, text: (digits: string) => string])[] = [
  ['a date and time', () => '27.11.2026 14:03'],
  ['a date of a form', () => '2026-11-27'],
  ['a British date', () => '27/11/2026'],
  ['a date in words', () => '27 November 2026'],
  ['an American date in words', () => 'November 27, 2026'],
  ['a Spanish date in words', () => '27 de noviembre de 2026'],
  ['a Japanese date', () => '2026年11月27日'],
  ['a copyright', () => '© 2026 Acme'],
  ['an order', (digits) => `order #${digits}`],
  ['a reference', (digits) => `Ref X${digits}`],
  ['an invoice', (digits) => `INV-${digits}`],
  ['a name with digits', (digits) => `${digits}Bloom`],
  ['a link', (digits) => `https://acme.example/track?id=${digits}`],
  ['a link without a scheme', (digits) => `acme.example/${digits}`],
  ['an address', (digits) => `${digits}@acme.example`],
  ['an amount in dollars', (digits) => `$${digits}`],
  ['an amount in euros', (digits) => `${digits} €`],
  ['an amount in rupees', (digits) => `Rs. ${digits}`],
  ['an amount by its code', (digits) => `${digits} USD`],
  ['an amount with cents', (digits) => `USD ${digits}.00`],
  ['a price in German', () => '1.234,56 EUR'],
  ['a card', (digits) => `card **${digits}`],
  ['a card in capitals', (digits) => `card XXXX${digits}`],
  ['a number abroad', () => '+1 415 555 2671'],
  ['a number at home', () => '(415) 555-2671'],
  ['a number with dashes', () => '1-800-555-2671'],
];

describe('what stands beside the code does not count', () => {
  test.each(surroundings)('%s', (_kind, surrounding) => {
    for (const [, text, code] of [...wordings, ...translations]) {
      const beside = surrounding('7712048365'.slice(0, code.length));
      for (const message of [`${beside}: ${text}`, `${beside}\n${text}`, `${text}\n${beside}`, `${text} (${beside})`])
        expect(extractCode(message, code.length), message).toBe(code);
    }
  });

  test.each([
    ['27.11.2026 14:03 Your code is 4829', '4829'],
    ['Your 1800Bloom code is: 4829', '4829'],
    ['Ref X103344: your code is 482913', '482913'],
    ['Use 482913 to confirm order #771204', '482913'],
    ['@example.com #482913\nOrder 771204 is on its way.', '482913'],
    ['Order 771204: the line @example.com #482913 stands in the middle.', '482913'],
    ['Authorize 4829 EUR with 7712', '7712'],
    ['To register tap app://register/12-345-678-9090/771204 or enter 482913', '482913'],
    ['388-941-4444 your code is 482-913', '482913'],
  ])('%j has the code %s', (text, code) => {
    expect(extractCode(text, code.length)).toBe(code);
  });

  test.each([
    ['#482913 is your code', '482913'],
    ['PIN:#4829', '4829'],
    ['Code482913', '482913'],
    ['482913is your code', '482913'],
    ['Code: 482,913', '482913'],
    ['https://acme.example/verify?code=482913', '482913'],
    ['Acme code: 2026', '2026'],
  ])('%j has no other code, so it is %s', (text, code) => {
    expect(extractCode(text, code.length)).toBe(code);
  });
});

describe('a code that was pasted twice is one code', () => {
  test.each(['482913482913', '482-913482-913', '482 913 482 913', '482913 482913', '482913\n482913', '٤٨٢٩١٣٤٨٢٩١٣'])(
    '%j',
    (text) => expect(extractCode(text, 6)).toBe('482913'),
  );

  test('but two different ones are too many digits', () => {
    expect(extractCode('482913482914', 6)).toBe('482913482914');
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
  for (const piece of [
    '1 ',
    '-',
    '12',
    '#1',
    ' 1-',
    'a1',
    '$1',
    '+1',
    '20 jan ',
    '@a',
    'www.',
    '(123)',
    '482913 1.5 ',
    'code 482913 ',
    'old code ',
    '482913 is is ',
  ])
    // Even where the runtime interprets the expressions, which takes some 25 times as long as compiled ones.
    expect(extractCode(piece.repeat(8_000), 6).length).toBeLessThanOrEqual(24_000);
});
