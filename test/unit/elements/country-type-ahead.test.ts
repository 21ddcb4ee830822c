/** What a person types on the closed list of countries, and the country that it finds. */
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { getCountries, getCountryCallingCode, getExampleNumber, parsePhoneNumber } from 'libphonenumber-js/max';
import { describe, expect, test } from 'vitest';
import { callingCodes, countryLabel, nameOfCountry, sortByName } from '../../../src/elements/fields/countries.js';
import {
  continueSearch,
  findCountry,
  foldName,
  typedText,
  type CountrySearch,
} from '../../../src/elements/fields/country-type-ahead.js';

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
  let selected = from;
  let search: CountrySearch | undefined;
  for (const key of keys) {
    search = continueSearch(search, key, selected) ?? search;
    if (search) selected = findCountry(search, selected, listed, index);
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
    expect(type('1415', { from: 'FR' })).toBe('US');
  });

  test.each([
    ['1876', 'JM'],
    ['+1 684', 'AS'],
    ['001242', 'BS'],
    ['1868', 'TT'],
    ['1416', 'CA'],
    ['+1 604', 'CA'],
    ['1415', 'US'],
    ['77', 'KZ'],
    ['79', 'RU'],
    ['441481', 'GG'],
    ['4420', 'GB'],
    ['35818', 'AX'],
    ['262269', 'YT'],
    ['+262 639', 'YT'],
    ['262262', 'RE'],
    ['5997', 'BQ'],
    ['5999', 'CW'],
    ['187', 'US'],
  ])('with what people take for a part of it: %s', (keys, country) => {
    expect(type(keys, { from: 'FR' })).toBe(country);
  });

  test('with what people take for a part of it, for every small country that shares +1', () => {
    const small = getCountries().filter((country) => getCountryCallingCode(country) === '1' && !/US|CA/.test(country));
    expect(small.length).toBeGreaterThan(20);
    const missed = small.filter((country) => {
      const { nationalNumber } = getExampleNumber(country, examples)!;
      return type(`1${nationalNumber.slice(0, 3)}`, { from: 'FR' }) !== country;
    });
    expect(missed).toEqual([]);
    expect(type('1415', { from: 'CA' })).toBe('US');
    expect(type('79', { from: 'KZ' })).toBe('RU');
    expect(type('1416', { from: 'FR', countries: ['US', 'FR'] })).toBe('US');
    expect(type('1876', { from: 'FR', countries: ['US', 'FR'] })).toBe('US');
  });

  test('with each area code of the United States and Canada', () => {
    const wrong: string[] = [];
    for (let code = 200; code < 1000; code++) {
      const country = [2, 3, 4, 5, 6, 7, 8, 9]
        .map((digit) => parsePhoneNumber(`+1${code}${digit}345678`))
        .find((number) => number.getType() === 'FIXED_LINE_OR_MOBILE')?.country;
      if (country && type(`1${code}`, { from: 'FR' }) !== country) wrong.push(`${code} ${country}`);
    }
    expect(wrong).toEqual([]);
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
    ['UK', 'en', 'GB'],
    ['uk', 'de', 'GB'],
    ['ukr', 'en', 'UA'],
    ['UAE', 'en', 'AE'],
    ['USA', 'en', 'US'],
    ['usa', 'fr', 'US'],
    ['한국', 'en', 'KR'],
    ['台灣', 'en', 'TW'],
    ['台湾', 'en', 'TW'],
    ['Қазақстан', 'en', 'KZ'],
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

  test.each([
    ['suisse', 'CH'],
    ['svizzera', 'CH'],
    ['schweiz', 'CH'],
    ['eire', 'IE'],
    ['belgique', 'BE'],
    ['belgien', 'BE'],
    ['aotearoa', 'NZ'],
    ['noreg', 'NO'],
  ])('of a country with several languages: %s', (keys, country) => {
    expect(type(keys, { from: 'US' })).toBe(country);
  });

  test('and leave what was selected before the search if there is no such name', () => {
    expect(type('z', { from: 'FR' })).toBe('ZM');
    expect(type('zy', { from: 'FR' })).toBe('FR');
    expect(type('germ', { from: 'FR' })).toBe('DE');
    expect(type('germx', { from: 'FR' })).toBe('FR');
    expect(type('qx', { from: 'FR' })).toBe('FR');
    expect(type('49qx', { from: 'FR' })).toBe('DE');
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
