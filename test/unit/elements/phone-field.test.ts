/** What the phone field sends: the digits that the person typed, so that the backend reads what it would read without the field. */
import { beforeAll, describe, expect, test } from 'vitest';
import { callingCodes } from '../../../src/elements/fields/countries.js';
import { copiedNumber, plainNumber } from '../../../src/elements/fields/parse-number.js';
import { normalizeNumber } from '../../../src/server/contacts/normalize-text.js';
import { parseContact, type ContactRules } from '../../../src/server/contacts/parse-contact.js';
import { loadPhoneMetadata } from '../../../src/server/contacts/phone-metadata.js';
import { loadPlans } from '../../../src/elements/fields/phone-plans.js';
import { dialOutPrefixes, differencesOf, examinePhoneTable } from '../../support/phone-table.js';
import { TypedPhoneField } from '../../support/typed-phone-field.js';

beforeAll(() => Promise.all([loadPhoneMetadata(), ...[...callingCodes.values()].map(loadPlans)]));

const rules: ContactRules = { types: ['phone'], channels: ['sms', 'call'] };

describe('the backend reads the same number with the field as without it', () => {
  test(
    'in a sample of every country, every way to dial abroad, and every way to enter and correct a number',
    { timeout: 60_000 },
    () => {
      expect(dialOutPrefixes()).toEqual(expect.arrayContaining(['00', '0011', '001', '010', '810', '99']));
      const { rows, ...result } = examinePhoneTable(401);
      expect(rows).toBeGreaterThan(300);
      expect(result).toEqual({ different: 0, examples: [] });
    },
  );

  test.each([
    ['AU', '0011 47 4234 5678'],
    ['SG', '001 47 4234 5678'],
    ['HK', '001 65 9123 4567'],
    ['US', '0044 7400 123456'],
    ['JP', '090-1234-5678'],
    ['JP', '070-1234-5678'],
    ['KR', '010-1234-5678'],
    ['EG', '010 0123 4567'],
    ['MX', '1 55 1234 5678'],
    ['AL', '0672123456'],
    ['AE', '050 123 4567'],
    ['AM', '077 123456'],
    ['US', '447400123456'],
    ['GB', '447400123456'],
    ['US', '415\t5552671'],
    ['CN', '131\t2345\t6789'],
    ['US', '[415] 555-2671'],
    ['US', '415·555·2671'],
    ['US', '415•555•2671'],
    ['US', '415\u2028555\u20282671'],
    ['BR', '(11) 96123-4567'],
    ['AU', '(04) 1234 5678'],
    ['RU', '8 (916) 123-45-67'],
    ['US', '1 (415) 555-2671'],
    ['UA', '+380 (50) 123 45 67'],
    ['DE', '+49 (0) 1512 3456789'],
    ['JP', '090・1234・5678'],
    ['AR', '11 2345-6789'],
    ['AR', '+54 11 2345-6789'],
    ['CV', '0991 12 34'],
    ['WS', '072 12345'],
    ['RU', '8~10 44 7400 123456'],
  ] as const)('with %s selected, and %j', (country, written) => {
    expect(differencesOf({ country, written })).toEqual([]);
  });
});

describe('a key', () => {
  const spelled = [
    ['US', '(415) 555-2671'],
    ['FR', '06 12 34 56 78'],
    ['BR', '(11) 96123-4567'],
    ['DE', '+49 1512 3456789'],
  ] as const;

  test.each(spelled)('for deletion always deletes a digit, at each place of a number of %s', (country, text) => {
    for (const key of ['Backspace', 'Delete', 'Control+Backspace', 'Control+Delete'] as const) {
      for (let at = 0; at <= text.length; at++) {
        const field = new TypedPhoneField(country);
        field.type(text);
        expect(field.value).toBe(text);
        field.setSelectionRange(at, at);
        const rest = key.endsWith('Delete') ? text.slice(at) : text.slice(0, at);
        field.press(key);
        const deleted = plainNumber(text)!.length - plainNumber(field.value)!.length;
        if (key.startsWith('Control')) expect([at, deleted > 0]).toEqual([at, /[\d+]/.test(rest)]);
        else expect([at, deleted]).toEqual([at, /[\d+]/.test(rest) ? 1 : 0]);
      }
    }
  });

  test.each(spelled)('leaves the caret between the same digits of a number of %s', (country, text) => {
    for (let at = 1; at < text.length; at++) {
      const field = new TypedPhoneField(country);
      field.type(text);
      field.setSelectionRange(at, at);
      const before = plainNumber(text.slice(0, at))!;
      field.type('5');
      expect(plainNumber(field.value.slice(0, field.selectionStart))).toBe(`${before}5`);
      field.press('Backspace');
      expect(plainNumber(field.value.slice(0, field.selectionStart))).toBe(before);
    }
  });
});

describe('a number that was copied', () => {
  test.each([
    'tel:+44-7400-123456',
    'TEL:+44%207400%20123456',
    'tel://+447400123456',
    '+44 7400 123456,',
    '+44 7400 123456, ',
    ';+44 7400 123456;',
    'Tel.: +44 7400 123456',
    'Mobile: +44 7400 123456',
    'Ada Lovelace <+44 7400 123456>',
    '"+44 7400 123456"',
    'Mobile +44 7400 123456',
    'Tél\u00a0: +44 7400 123456',
    '電話：+44 7400 123456',
    'Ada\t+44 7400 123456',
    'Ada Lovelace\n+44 7400 123456',
    '「+44 7400 123456」',
    '«+44 7400 123456»',
    '+44 7400 123456。',
    'Tel/Fax: (+44) 7400 123456',
    '+44 7400 123456\r\n',
    '\u202a+44 7400 123456\u202c',
    'Ada\tLovelace\t+44 7400 123456',
    '+44 7400 123456\tAda Lovelace',
    '+44 7400 123456\nAda Lovelace',
    '+44 7400 123456 (mobile)',
    '+44 7400 123456 [work]',
    'Cell # +44 7400 123456',
    'Phone #: +44 7400 123456',
    '> +44 7400 123456',
    '[+44 7400 123456](tel:+447400123456)',
    '[07400 123456](tel:+447400123456)',
    '[Call Ada](tel:+44-7400-123456)',
    '[+44 7400 123456]',
    '[+44] 7400 123456',
    '1. +44 7400 123456',
    '☎ +44 7400 123456',
    '☎️+44 7400 123456',
    '📞 +44 7400 123456',
    '+44·7400·123456',
    '+44•7400•123456',
    '+44・7400・123456',
    '+44\u20287400\u2029123456',
    '+44 7400 123456\u2028',
    '＋４４ ７４００ １２３４５６',
    '+٤٤ ٧٤٠٠ ١٢٣٤٥٦',
  ])('as %j is understood', (text) => {
    for (const enter of ['paste', 'fill', 'compose'] as const) {
      const field = new TypedPhoneField('US');
      field[enter](text);
      if (enter !== 'compose' || plainNumber(text))
        expect(field.sent).toEqual({ text: '+44 7400 123456', country: 'GB' });
    }
  });

  test.each([
    '1-800-FLOWERS',
    '+1 415 555 2671 x12',
    'tel:+14155552671;ext=12',
    'Room 12',
    'ada@example.org +1 415 555 2671',
    'Order 4, +1 415 555 2671',
    '+1 415 555 2671, +1 415 555 2672',
    '415 555 2671²',
    'call me: 12 or 13 x',
    '',
    '[+1 415 555 2671](tel:+14155552672)',
    '[+1 415 555 2671](https://example.org)',
    '+1 415 555 2671\t+1 415 555 2672',
    '+1 415 555 2671\text. 12',
    'Call 12 times',
  ])('as %j has no one meaning, and stays as it is', (text) => {
    expect(copiedNumber(text)).toBe(text);
    const field = new TypedPhoneField('US');
    field.paste(text);
    expect(field.value).toBe(text);
  });

  test('with its plus replaces a number in the field', () => {
    const field = new TypedPhoneField('US');
    field.type('+49');
    field.paste('+44 7400 123456');
    expect(field.value).toBe('+44 7400 123456');
  });
});

describe('one or two digits beside a number are not a part of it', () => {
  test.each([
    ['AT', '0664 173376[5]'],
    ['AT', '0664 173376 [12]'],
    ['AT', '+43 664 173376 [4]'],
    ['AT', '0664 173376[5'],
    ['AT', '0664 173376［5］'],
    ['AT', '0664 173376 (5)'],
    ['AT', '0664 173376（5）'],
    ['AT', '(0664) 173376 (5)'],
    ['AT', '[0664 173376] 5'],
    ['AT', '(0664 173376) 5'],
    ['AT', '0664 173376 · 1'],
    ['AT', '0664 173376 • 1'],
    ['AT', '+43 664 173376 · 1'],
    ['AT', '0664 173376・1'],
    ['AT', '0664 173376\u20281'],
    ['AT', '0664 173376\u20291'],
    ['AT', '0664 173376\t5'],
    ['AT', '0664 173376\n5'],
    ['AT', '+43 664 173376\r\n5'],
    ['DE', '[2] 01512 3489576'],
    ['DE', '(2) 01512 3489576'],
    ['DE', '2) 01512 3489576'],
    ['DE', '2] 01512 3489576'],
    ['DE', '2\t01512 3489576'],
    ['DE', '2\n01512 3489576'],
    ['DE', '2 · 01512 3489576'],
    ['BQ', '• 5 8917'],
  ])('with %s selected, %j is refused, on the page and by the backend alone', (country, written) => {
    for (const enter of ['paste', 'fill'] as const) {
      // A browser joins the lines of what is filled in, before the page hears of it.
      if (enter === 'fill' && /[\r\n]/.test(written)) continue;
      const field = new TypedPhoneField(country);
      field[enter](written);
      expect(plainNumber(field.value)).toBeNull();
      expect(parseContact(field.sent.text, country, rules)).toEqual({ problem: 'invalid-contact' });
      expect(parseContact(written, country, rules)).toEqual({ problem: 'invalid-contact' });
    }
  });

  test.each([
    ['AT', '• 0664 1733765', '+436641733765'],
    ['AT', '· +43 664 1733765', '+436641733765'],
    ['AT', '+43 664 1733765 •', '+436641733765'],
    ['AT', '[+43 664 1733765]', '+436641733765'],
    ['FR', '06 · 12 · 34 · 56 · 78', '+33612345678'],
    ['FR', '06•12•34•56•78', '+33612345678'],
  ])(
    'but a mark alone is no note, and neither is a pair of many: with %s selected, %j is read',
    (country, written, value) => {
      const field = new TypedPhoneField(country);
      field.paste(written);
      expect(parseContact(field.sent.text, country, rules)).toMatchObject({ contact: { value } });
    },
  );
});

test('the same characters may stand in a number on both sides', () => {
  const others = /[\p{Nd}\p{No}\p{Nl}\p{Zs}\p{Cf}\p{Pd}\p{Sm}\p{Default_Ignorable_Code_Point}]/u;
  const different: string[] = [];
  for (let point = 0; point < 0x110000; point++) {
    const character = String.fromCodePoint(point);
    if (point > 0x33ff && !others.test(character) && (point < 0xf900 || point > 0xffff)) continue;
    for (const text of [`415${character}5552671`, `${character}4155552671`, `+1 (415) 555-267${character}`])
      if (plainNumber(text) !== normalizeNumber(text)) different.push(`U+${point.toString(16)}`);
  }
  expect(different).toEqual([]);
});

test('without the rules of its country, a number stays as it was typed', () => {
  const field = new TypedPhoneField('ZZ');
  field.type('415-5552671');
  expect(field.sent).toEqual({ text: '415-5552671', country: 'ZZ' });
});
