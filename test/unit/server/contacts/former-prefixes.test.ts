/** Mobile numbers with digits that their country has abolished, and that people still write. */
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { parseContact } from '../../../../src/server/contacts/parse-contact.js';
import { loadPhoneMetadata } from '../../../../src/server/contacts/phone-metadata.js';
import { differencesOf } from '../../../support/phone-table.js';

await loadPhoneMetadata();

function read(to: string, country?: string): string {
  const result = parseContact(to, country, { types: ['phone'], channels: ['sms'] });
  return 'contact' in result ? result.contact.value : result.problem;
}

describe('a number as people wrote it until its country changed the plan', () => {
  test.each([
    ['+52 1 55 1234 5678', 'MX', '+525512345678'],
    ['+52 1 55 1234 5678', 'US', '+525512345678'],
    ['+5215512345678', undefined, '+525512345678'],
    ['0052 1 55 1234 5678', 'DE', '+525512345678'],
    ['011 52 1 55 1234 5678', 'US', '+525512345678'],
    ['52 1 55 1234 5678', 'MX', '+525512345678'],
    ['044 55 1234 5678', 'MX', '+525512345678'],
    ['045 55 1234 5678', 'MX', '+525512345678'],
    ['01 55 1234 5678', 'MX', '+525512345678'],
    ['+52 (044) 55 1234 5678', 'US', '+525512345678'],
    ['09 8765 4321', 'CL', '+56987654321'],
    ['+56 09 8765 4321', 'US', '+56987654321'],
    ['8 (050) 123-45-67', 'UA', '+380501234567'],
  ] as const)('%s, with %s selected, is %s, with the field and without it', (written, country, value) => {
    expect(read(written, country)).toBe(value);
    if (country) expect(differencesOf({ country, written })).toEqual([]);
  });

  test.each([
    // Without the calling code it could be a number of the United States.
    ['1 55 1234 5678', 'MX'],
    ['044 55 1234 567', 'MX'],
    ['044 55 1234 5678', 'AR'],
    ['044 55 1234 5678', 'US'],
    ['+52 1 1 55 1234 5678', 'MX'],
    ['+52 1 044 55 1234 5678', 'MX'],
    // A landline never had it.
    ['02 2345 6789', 'CL'],
    ['8 (044) 123-45-67', 'UA'],
  ] as const)('%s, with %s selected, is refused', (written, country) => {
    expect(read(written, country)).toMatch(/-contact$/);
  });

  test('is one of that country, whichever country is selected', () => {
    for (const country of getCountries()) {
      expect([country, read('+52 1 55 1234 5678', country)]).toEqual([country, '+525512345678']);
      const own = getExampleNumber(country, examples)!;
      const foreign = read(`044${own.nationalNumber}`, 'MX');
      expect(foreign).toMatch(/^\+52\d{10}$|-contact$/);
    }
  });
});
