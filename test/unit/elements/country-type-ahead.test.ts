/** What a person types on the closed list of countries, and the country that it finds. */
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min';
import { describe, expect, test } from 'vitest';
import { callingCodes, countryLabel, nameOfCountry, sortByName } from '../../../src/elements/fields/countries.js';
import { findCountry, foldName, typedText } from '../../../src/elements/fields/country-type-ahead.js';

const index = { callingCodes, nameOfCountry };

const allCountries = [...callingCodes.keys()];
const fullLists = new Map<string, ReturnType<typeof listOf>>();

function listOf(countries: readonly string[], lang: string) {
  return sortByName(countries, lang).map((country) => ({ country, label: countryLabel(country, lang) }));
}

/** Types into a list in this language, without a pause, and returns the country at the end. */
function type(keys: string, { lang = 'en', from = 'US', countries = allCountries } = {}): string {
  if (!fullLists.has(lang)) fullLists.set(lang, listOf(allCountries, lang));
  const listed = countries === allCountries ? fullLists.get(lang)! : listOf(countries, lang);
  let [selected, text] = [from, ''];
  for (const key of keys) {
    text = typedText(text, key) ?? text;
    selected = findCountry(text, selected, listed, index) ?? selected;
  }
  return selected;
}

describe('digits find the calling code', () => {
  test.each([
    ['49', 'DE'],
    ['+49', 'DE'],
    ['0049', 'DE'],
    ['00 49', 'DE'],
    ['٤٩', 'DE'],
    ['＋４９', 'DE'],
    ['353', 'IE'],
    ['44', 'GB'],
    ['7', 'RU'],
    ['+39', 'IT'],
  ])('%s', (keys, country) => {
    expect(type(keys)).toBe(country);
  });

  test('of every country', () => {
    for (const country of getCountries()) {
      const code = getCountryCallingCode(country);
      for (const keys of [code, `+${code}`, `00${code}`]) expect(callingCodes.get(type(keys, { from: '' }))).toBe(code);
    }
  });

  test('and leave the selected country while the code is not complete, or is none', () => {
    expect(type('3', { from: 'FR' })).toBe('FR');
    expect(type('+', { from: 'FR' })).toBe('FR');
    expect(type('00', { from: 'FR' })).toBe('FR');
    expect(type('999', { from: 'FR' })).toBe('FR');
  });

  test('and leave it if it has the code, or if the number goes on', () => {
    expect(type('1', { from: 'CA' })).toBe('CA');
    expect(type('+4930123', { from: 'FR' })).toBe('DE');
    expect(type('1868', { from: 'FR' })).toBe('US');
  });

  test('only among the countries of the page', () => {
    expect(type('1', { from: 'DE', countries: ['CA', 'DE', 'JM'] })).toBe('CA');
    expect(type('44', { from: 'DE', countries: ['CA', 'DE'] })).toBe('DE');
  });
});

describe('letters find the name', () => {
  test.each([
    ['Germany', 'en', 'DE'],
    ['germ', 'en', 'DE'],
    ['Deutschland', 'en', 'DE'],
    ['Germany', 'fr', 'DE'],
    ['Allemagne', 'fr', 'DE'],
    ['Deutschland', 'fr', 'DE'],
    ['osterreich', 'en', 'AT'],
    ['ÖSTERREICH', 'de', 'AT'],
    ['cote', 'fr', 'CI'],
    ["cote d'ivoire", 'fr', 'CI'],
    ['côte divoire', 'en', 'CI'],
    ['reunion', 'en', 'RE'],
    ['aland', 'en', 'AX'],
    ['new z', 'en', 'NZ'],
    ['unitedk', 'en', 'GB'],
    ['guinea-b', 'en', 'GW'],
    ['suomi', 'en', 'FI'],
    ['españa', 'en', 'ES'],
    ['espana', 'ja', 'ES'],
    ['Россия', 'en', 'RU'],
    ['Japan', 'ja', 'JP'],
    ['duc', 'vi', 'DE'],
    ['wlochy', 'pl', 'IT'],
    ['ostrig', 'da', 'AT'],
    ['المانيا', 'ar', 'DE'],
    ['ألمانيا', 'ar', 'DE'],
    ['גרמניה', 'he', 'DE'],
  ])('%s in a list in %s', (keys, lang, country) => {
    expect(type(keys, { lang })).toBe(country);
  });

  test('of every country, in its own language and in English', () => {
    const missed = getCountries().filter((country) => {
      const language = new Intl.Locale(`und-${country}`).maximize().language;
      return [language, 'en'].some((lang) => {
        const name = nameOfCountry(country, lang);
        // A longer or another country can have the same name at its beginning: Niger, Nigeria.
        return !foldName(nameOfCountry(type(name, { from: 'AQ' }), lang)).startsWith(foldName(name));
      });
    });
    expect(missed).toEqual([]);
  });

  test('and leave the selected country if there is no such name', () => {
    expect(type('zy', { from: 'FR' })).toBe('ZM');
    expect(type('germx', { from: 'FR' })).toBe('DE');
    expect(type('qx', { from: 'FR' })).toBe('QA');
  });

  test('and a letter that is repeated goes to the next country with it, and from the last to the first', () => {
    const cycle = ['d', 'dd', 'ddd', 'dddd', 'ddddd'].map((keys) => type(keys, { from: 'CZ' }));
    expect(cycle).toEqual(['DK', 'DJ', 'DM', 'DO', 'DK']);
    expect(type('d', { from: 'DK' })).toBe('DJ');
    expect(type('de', { from: 'DK' })).toBe('DK');
  });
});

describe('the keys of a search', () => {
  test('are digits or letters: the other kind begins a new one', () => {
    expect(typedText('ger', '4')).toBe('4');
    expect(typedText('49', 'g')).toBe('g');
    expect(typedText('4', '9')).toBe('49');
    expect(typedText('ge', 'r')).toBe('ger');
  });

  test('are a space and punctuation only inside a name or a number', () => {
    expect(typedText('new', ' ')).toBe('new ');
    expect(typedText('+1', ' ')).toBe('+1 ');
    for (const key of [' ', '/', "'", '-']) expect(typedText('', key)).toBeNull();
  });

  test('are never those that type nothing', () => {
    const keys = ['Enter', 'Tab', 'ArrowDown', 'Home', 'Escape', 'Backspace', 'Shift', 'Dead', 'Process', 'F4'];
    for (const key of keys) expect([typedText('', key), typedText('ger', key)]).toEqual([null, null]);
  });
});
