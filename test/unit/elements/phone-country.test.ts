/** The country that the phone field selects: the one that the person chose, unless a plus and the digits behind it say otherwise. */
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { getCountries, getExampleNumber, parsePhoneNumber } from 'libphonenumber-js/max';
import { beforeAll, describe, expect, test } from 'vitest';
import { callingCodes } from '../../../src/elements/fields/countries.js';
import { loadPlans } from '../../../src/elements/fields/phone-plans.js';
import { TypedPhoneField } from '../../support/typed-phone-field.js';

beforeAll(() => Promise.all([...callingCodes.values()].map(loadPlans)));

describe('the country', () => {
  const selectedAfter = (country: string, text: string, countries?: readonly string[]) => {
    const field = new TypedPhoneField(country, countries);
    field.type(text);
    return field.sent.country;
  };

  test.each([
    ['IM', '+44 7400 123456', 'IM'],
    ['AX', '+358 40 1234567', 'AX'],
    ['VA', '+39 312 345 6789', 'VA'],
    ['GB', '+44 7624 123456', 'IM'],
    ['US', '+1 416 555 2671', 'CA'],
    ['US', '+1 868', 'TT'],
    ['US', '+1 4', 'US'],
    ['US', '+1 41', 'US'],
    ['US', '+1 415', 'US'],
    ['US', '+1 416', 'CA'],
    ['CA', '+1 416', 'CA'],
    ['CA', '+1 415', 'US'],
    ['CA', '+1 800', 'CA'],
    ['DE', '+1 416', 'CA'],
    ['DE', '+1 415', 'US'],
    ['US', '+1 000', 'US'],
    ['RU', '+7 7', 'KZ'],
    ['RU', '+7 701 123-45-67', 'KZ'],
    ['KZ', '+7 9', 'RU'],
    ['GB', '+44 7', 'GB'],
    ['GB', '+44 7624', 'IM'],
    ['GB', '+44 1481', 'GG'],
    ['JE', '+44 1481', 'GG'],
    ['IM', '+44 20', 'GB'],
    ['AU', '+61 8', 'AU'],
    ['AU', '+61 8 9162', 'CC'],
    ['CC', '+61 4', 'CC'],
    ['CC', '+61 2', 'AU'],
    ['FI', '+358 18', 'AX'],
    ['NO', '+47 79', 'SJ'],
    ['US', '+49', 'DE'],
    ['DE', '+7', 'RU'],
    ['US', '0044 7400 123456', 'US'],
  ])('%s stays selected while the digits allow it: after %s it is %s', (country, text, selected) => {
    expect(selectedAfter(country, text)).toBe(selected);
  });

  test.each([
    ['CA', '+1 415 555 2671', '+1 4', 'CA'],
    ['KZ', '+7 912 345-67-89', '+7', 'KZ'],
    ['AL', '+33 6 12 34 56 78', '+', 'AL'],
    ['AL', '+33 6 12 34 56 78', '', 'AL'],
  ])('with %s selected, is possible again after %s is shortened to %j', (country, text, rest, selected) => {
    const field = new TypedPhoneField(country);
    field.paste(text);
    expect(field.sent.country).not.toBe(country);
    while (field.value.length > rest.length) field.press('Backspace');
    expect(field.sent).toEqual({ text: rest, country: selected });
  });

  test('that the person chose last is the one of the next number without plus', () => {
    const field = new TypedPhoneField('US');
    field.select('AL');
    field.paste('+33 6 12 34 56 78');
    while (field.value) field.press('Backspace');
    field.type('0672123456');
    expect(field.sent.country).toBe('AL');
    field.selectAll();
    field.paste('+33 6 12 34 56 78');
    field.select('MC');
    field.selectAll();
    field.type('06 12 34 56 78');
    expect(field.sent.country).toBe('MC');
  });

  test('of every number that shares its calling code is the one in the end that its area code said', () => {
    const wrong: string[] = [];
    for (const country of getCountries()) {
      const text = getExampleNumber(country, examples)!.formatInternational();
      const field = new TypedPhoneField('ZZ');
      field.type(text);
      if (field.sent.country !== parsePhoneNumber(text).country) wrong.push(`${country} ${text} ${field.sent.country}`);
    }
    expect(wrong).toEqual([]);
  });

  test('is only one that the page offers', () => {
    expect(selectedAfter('US', '+1 416', ['US', 'GB'])).toBe('US');
    expect(selectedAfter('US', '+44 7400 123456', ['US', 'CA'])).toBe('US');
    expect(selectedAfter('US', '+1 416 555 2671', ['US', 'GB'])).toBe('US');
  });

  test('that the person chose is selected again when its calling code is typed again', () => {
    const field = new TypedPhoneField('US');
    field.select('JE');
    field.type('+49');
    expect(field.sent.country).toBe('DE');
    field.press('Control+Backspace');
    field.type('+44 7');
    expect(field.sent.country).toBe('JE');
  });

  test('does not change during a correction, and changes when the corrected number is one of another country', () => {
    const field = new TypedPhoneField('GB');
    field.type('+44 7400 123456');
    field.setSelectionRange(3, 3);
    field.press('Backspace');
    expect(field.sent).toEqual({ text: '+47 400123456', country: 'GB' });
    field.setSelectionRange(0, field.value.length);
    field.paste('+43 660 1234567');
    field.setSelectionRange(3, 3);
    field.press('Backspace');
    field.type('9');
    expect(field.sent.country).toBe('DE');
  });

  test('when it is changed by hand, changes the calling code in the number', () => {
    const field = new TypedPhoneField('US');
    field.type('+1 415');
    field.select('GB');
    expect(field.sent).toEqual({ text: '+44 415', country: 'GB' });
  });
});
