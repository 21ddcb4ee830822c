/** Parsing of what people type, paste and attack with. */
import fc from 'fast-check';
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, test } from 'vitest';
import { parseContact, type ContactRules } from '../../../../src/server/contacts/parse-contact.js';
import { loadPhoneMetadata } from '../../../../src/server/contacts/phone-metadata.js';

await loadPhoneMetadata();

const rules: ContactRules = { types: ['phone', 'email'], channels: ['sms', 'call', 'email'] };

/** The parsed value, or the problem. */
function read(to: string, country?: string, more: Partial<ContactRules> = {}): string {
  const result = parseContact(to, country, { ...rules, ...more });
  return 'contact' in result ? result.contact.value : result.problem;
}

const british = '+447911123456';
const american = '+14155552671';

describe('numbers', () => {
  test.each([
    ['+44 7911 123456', 'US'],
    ['+44 (0)7911 123456', 'US'],
    ['(+44) 7911-123-456', undefined],
    ['0044 7911 123456', undefined],
    ['00447911123456', 'US'],
    ['0044 (0) 7911 123456', 'DE'],
    ['011 44 7911 123456', 'US'],
    ['07911 123456', 'GB'],
    ['7911123456', 'GB'],
    ['+44\u00a07911\u2011123\u2011456', undefined],
    ['\u202a+44 7911 123456\u202c', undefined],
    ['\u2066+447911\u200b123\u00ad456\u2069\ufeff', undefined],
    ['＋４４ ７９１１ １２３４５６', 'US'],
    ['＋447911123456', 'US'],
    ['+٤٤ ٧٩١١ ١٢٣٤٥٦', 'US'],
    ['۰۷۹۱۱ ۱۲۳۴۵۶', 'GB'],
    ['+४४७९१११२३४५६', 'IN'],
    ['+44\u2010791\u2013112\u22123456', undefined],
    ['\t+44.7911.123456 ', undefined],
    [`+44${' '.repeat(51)}7911123456`, undefined],
    ['+447911123456', 'ZZ'],
    [' +44/7911/123456', undefined],
  ])('%j is the same number, with %s selected', (to, country) => {
    expect(read(to, country)).toBe(british);
  });

  test('the selected country matters only for a number without an international prefix', () => {
    expect(read('(415) 555-2671', 'US')).toBe(american);
    expect(read('(415) 555-2671')).toBe('invalid-contact');
    expect(read('(415) 555-2671', 'GB')).toBe('invalid-contact');
    expect(read('(415) 555-2671', 'ZZ')).toBe('invalid-contact');
    expect(read('+1 415 555 2671', 'GB')).toBe(american);
    expect(parseContact('+44 7400 123456', 'US', rules)).toMatchObject({ country: 'GB', landline: false });
    // Guernsey shares Britain's +44.
    expect(parseContact('07911 123456', 'GB', rules)).toMatchObject({ country: 'GG' });
    expect(parseContact('(204) 234-5678', 'US', rules)).toMatchObject({ country: 'CA' });
  });

  test('the international prefix of the selected country is understood', () => {
    for (const [prefix, country] of [
      ['00', 'FR'],
      ['011', 'CA'],
      ['0011', 'AU'],
      ['810', 'RU'],
      ['010', 'JP'],
      ['00', 'JP'],
      ['001', 'HK'],
    ]) {
      expect([country, read(`${prefix} 44 7911 123456`, country)]).toEqual([country, british]);
    }
  });

  test.each([
    'hello +1 415 555 2671',
    '+1 415 555 2671 thanks',
    'tel:+14155552671',
    '+1 415 555 2671 x12',
    '+1 415 555 2671 ext. 12',
    '+14155552671;ext=12',
    '+14155552671#12',
    '+14155552671,,12',
    '1-800-FLOWERS',
    '++14155552671',
    '+1+4155552671',
    '-+14155552671',
    '9944 7911 123456',
    '1415+5552671',
    '+1 415 555 267',
    '+1 415 555 26711',
    '+999 123456789',
    '+0044 7911 123456',
    '+',
    '',
    ' ',
    '-',
    '()',
    '911',
    '112',
    '12345',
    '+1415555267²',
    '+1415555267①',
    '+1415555267Ⅵ',
    '+14155552671\n+14155552672',
    '+14155552671\0',
    '+14155552671\r',
    '+1 415 555 2671\ud800',
    '4️⃣1️⃣5️⃣5552671',
    `+1${' '.repeat(53)}4155552671`,
    `+${'1'.repeat(63)}`,
    'null',
    '{"$ne":null}',
  ])('%j is not a number', (to) => {
    expect(read(to, 'US')).toBe('invalid-contact');
  });

  test.each([
    ['toll-free', '+1 800 555 0199'],
    ['premium', '+1 900 555 0199'],
    ['premium', '+44 909 8790879'],
    ['shared cost', '+44 844 412 1212'],
    ['pager', '+44 76 4012 3456'],
    ['company', '+44 5512 345678'],
    ['internet telephony', '+44 56 1234 5678'],
    ['personal', '+44 70 1234 5678'],
    ['international toll-free', '+800 1234 5678'],
    ['Inmarsat', '+870 301 234 567'],
    ['satellite', '+881 612 345 678'],
    ['international network', '+883 510 012 345'],
    ['international premium', '+979 123 456 789'],
    ['international shared cost', '+808 1234 5678'],
    ['UPT', '+878 10 123 456 789 0'],
  ])('a code is never sent to a %s number such as %s', (_, to) => {
    expect(read(to)).toBe('unsupported-contact');
    const all = ['mobile', 'fixed-line-or-mobile', 'landline'] as const;
    expect(read(to, undefined, { numberTypes: all })).toBe('unsupported-contact');
  });

  test('a landline gets calls and never an SMS', () => {
    const berlin = '+49 30 123456';
    expect(parseContact(berlin, undefined, rules)).toEqual({
      contact: { type: 'phone', value: '+4930123456' },
      country: 'DE',
      landline: true,
    });
    expect(read(berlin, undefined, { channels: ['sms', 'whatsapp', 'email'] })).toBe('unsupported-contact');
    expect(read(berlin, undefined, { numberTypes: ['mobile'] })).toBe('unsupported-contact');
  });

  test('the host chooses the countries and the types of number', () => {
    expect(read(british, undefined, { countries: ['US', 'CA'] })).toBe('unsupported-contact');
    expect(read(american, undefined, { countries: ['US', 'CA'] })).toBe(american);
    expect(read(american, undefined, { countries: [] })).toBe('unsupported-contact');
    expect(read('+44 56 1234 5678', undefined, { numberTypes: ['voip'] })).toBe('+445612345678');
    expect(read('+44 70 1234 5678', undefined, { numberTypes: ['personal'] })).toBe('+447012345678');
    expect(read(american, undefined, { types: ['email'] })).toBe('unsupported-contact');
    expect(read(american, undefined, { channels: ['email'] })).toBe('unsupported-contact');
    for (const channel of ['sms', 'call', 'whatsapp'] as const)
      expect(read(american, undefined, { channels: [channel] })).toBe(american);
  });

  test.each([
    ['11 2345-6789', 'AR', '+5491123456789'],
    ['+54 11 2345-6789', 'AR', '+5491123456789'],
    ['+54 11 2345-6789', 'US', '+5491123456789'],
    ['54 11 2345-6789', 'AR', '+5491123456789'],
    ['011 15 2345-6789', 'AR', '+5491123456789'],
    ['+54 9 11 2345-6789', 'AR', '+5491123456789'],
    ['55 1234 5678', 'MX', '+525512345678'],
    ['030 123456', 'DE', '+4930123456'],
  ])(
    '%s, typed with %s selected, is %s: people leave out the digit that only the international format has',
    (to, country, value) => {
      expect(read(to, country)).toBe(value);
      if (value !== '+4930123456') expect(read(to, country, { channels: ['sms'] })).toBe(value);
    },
  );

  test.each([
    ['4915123456789', 'DE', '+4915123456789'],
    ['49 1512 3456789', 'DE', '+4915123456789'],
    ['62 812 345 678', 'ID', '+62812345678'],
    ['383 43 201 234', 'XK', '+38343201234'],
    ['43 0667354405', 'AT', '+43667354405'],
    ['0491 5123456', 'DE', '+494915123456'],
    ['04915 123456789', 'DE', '+494915123456789'],
    ['49 30 123456', 'DE', '+4930123456'],
    // A landline of Germany, as far as the library knows. Only the calling code of the selected country needs no plus.
    ['44 7400 123456', 'DE', '+49447400123456'],
    ['49 1512 3456789', 'US', 'invalid-contact'],
  ])(
    '%s, typed with %s selected, is %s: only the selected country’s calling code needs no plus',
    (to, country, value) => {
      expect(read(to, country)).toBe(value);
    },
  );

  test('a mobile number with its calling code and no plus gets an SMS', () => {
    for (const channels of [['sms'], ['sms', 'call']] as const)
      expect(parseContact('4915123456789', 'DE', { ...rules, channels })).toMatchObject({ landline: false });
  });

  test('an Argentine number with the national prefix, or written by a program, is the landline that it says', () => {
    expect(parseContact('011 2345-6789', 'AR', rules)).toMatchObject({ landline: true });
    expect(read('011 2345-6789', 'AR')).toBe('+541123456789');
    expect(read('+541123456789')).toBe('+541123456789');
  });

  test.each([
    '[415] 555-2671',
    '[+1] 415 555 2671',
    '415·555·2671',
    '415•555•2671',
    '415∙555⋅2671',
    '415‧555・2671',
    '+1415555\u2028 2671',
    '415\u20295552671',
  ])('%j, with the separators of other programs and scripts, is one number', (to) => {
    expect(read(to, 'US')).toBe(american);
  });

  test.each(['415\t5552671', '\t(415)\t555\t2671', '415\u00a0\t555 2671', '\t(+1\t415) 555\t2671'])(
    '%j, copied from the cells of a table, is one number',
    (to) => {
      expect(read(to, 'US')).toBe(american);
    },
  );

  test("every country's example number is parsed, in national and international format", () => {
    const refused = getCountries().filter((country) => {
      const number = getExampleNumber(country, examples);
      if (!number) return true;
      return (
        read(number.formatNational(), country) !== number.number ||
        read(number.formatInternational(), 'US') !== number.number
      );
    });
    expect(refused).toEqual([]);
  });

  test('no spelling of a number, in any script and with any marks, leads to another one', () => {
    const scripts = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10, 0x1d7ce, 0x1e950];
    const known = getCountries().flatMap((country) => getExampleNumber(country, examples) ?? []);
    const noise = fc.constantFrom(
      '',
      '',
      '',
      ' ',
      '\u00a0',
      '\u200b',
      '\u200f',
      '\u00ad',
      '-',
      '\u2011',
      '.',
      '\u2060',
    );
    const any = fc.record({
      number: fc.constantFrom(...known),
      zero: fc.constantFrom(...scripts),
      plus: fc.constantFrom('+', '＋', '\u207a', '﬩', '00', '\u202a+', ' ('),
      country: fc.constantFrom(undefined, ...getCountries()),
      marks: fc.array(noise, { minLength: 20, maxLength: 20 }),
    });
    const property = fc.property(any, ({ number, zero, plus, country, marks }) => {
      const digits = [...number.number.slice(1)].map(
        (digit, at) => String.fromCodePoint(zero + Number(digit)) + (marks[at] ?? ''),
      );
      const prefix = plus === '00' ? String.fromCodePoint(zero).repeat(2) : plus.replace('(', '+');
      const result = read(prefix + digits.join(''), plus === '00' ? undefined : country);
      expect(result).toBe(number.number);
    });
    fc.assert(property, { numRuns: 1500 });
  });

  test('any input gives a valid number or none, and the number parses to itself', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 70 }),
      fc.string({ unit: fc.constantFrom(...'+0123456789 ()-./x#٤＋７²'), maxLength: 24 }),
    );
    const property = fc.property(text, fc.constantFrom(undefined, ...getCountries()), (to, country) => {
      const result = parseContact(to, country, { ...rules, types: ['phone'] });
      if (!('contact' in result)) return;
      expect(result.contact.value).toMatch(/^\+[1-9][0-9]{6,14}$/);
      expect(parsePhoneNumberFromString(result.contact.value)?.isValid()).toBe(true);
      expect(parseContact(result.contact.value, country === 'US' ? 'GB' : 'US', rules)).toEqual(result);
    });
    fc.assert(property, { numRuns: 3000 });
  });
});
