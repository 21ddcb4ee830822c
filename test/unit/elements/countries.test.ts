/** The calling codes against libphonenumber's, and the initial country of a phone field. */
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min';
import metadata from 'libphonenumber-js/min/metadata';
import { expect, test } from 'vitest';
import {
  selectableCountries,
  callingCode,
  callingCodes,
  countryLabel,
  preferredCountries,
  sortByName,
} from '../../../src/elements/fields/countries.js';
import { parseCountries } from '../../../src/elements/controllers/parse-countries.js';
import { defaultCountry } from '../../../src/elements/fields/default-country.js';

test('every country has the calling code that libphonenumber knows, and no other country is there', () => {
  const known = getCountries().map((country) => [country, getCountryCallingCode(country)]);
  expect(Object.fromEntries(callingCodes)).toEqual(Object.fromEntries(known));
});

test('of the countries that share a code the main one comes first', () => {
  for (const [code, [main]] of Object.entries(metadata.country_calling_codes)) {
    if (!callingCodes.has(main ?? '')) continue;
    expect([...callingCodes].find(([, one]) => one === code)?.[0]).toBe(main);
  }
});

test('a page may restrict the countries, in any spelling; a list of none that exist is no restriction', () => {
  expect(parseCountries('de, at;CH')).toEqual(['DE', 'AT', 'CH']);
  expect(selectableCountries(['DE', 'XX'])).toEqual(['DE']);
  expect(selectableCountries([])).toHaveLength(callingCodes.size);
  expect(selectableCountries(['XX'])).toHaveLength(callingCodes.size);
});

test('the field begins with the country of the page, else of the person’s languages, else the first', () => {
  expect(defaultCountry('fr', [], ['de-DE'])).toBe('FR');
  expect(defaultCountry('', [], ['en', 'de-CH'])).toBe('US');
  expect(defaultCountry('', ['DE', 'AT', 'CH'], ['en-GB', 'de-CH'])).toBe('CH');
  expect(defaultCountry('US', ['DE', 'AT'], [])).toBe('DE');
});

test('a language that names a continent, or is none, says nothing about the country', () => {
  expect(defaultCountry('', [], ['es-419', 'c', 'de'])).toBe('DE');
  expect(defaultCountry('', [], [])).toBe('US');
});

test('countries are named and sorted in the language of the page', () => {
  const labels = (lang: string) => sortByName(['AT', 'DE', 'SE'], lang).map((country) => countryLabel(country, lang));
  expect(labels('de')).toEqual(['Deutschland +49', 'Österreich +43', 'Schweden +46']);
  expect(labels('sv')).toEqual(['Sverige +46', 'Tyskland +49', 'Österrike +43']);
});

test('the preferred countries are those that the page names, in its order and in any spelling', () => {
  expect(preferredCountries('DE at; CH', [...callingCodes.keys()], ['FR'])).toEqual(['DE', 'AT', 'CH']);
  expect(preferredCountries('DE DE XX Germany', [...callingCodes.keys()], ['FR'])).toEqual(['DE']);
  expect(preferredCountries('DE AT', ['AT', 'FR'], ['FR'])).toEqual(['AT']);
});

test('without a choice of the page they are the regions of the languages, once each, in a list that is long', () => {
  const all = [...callingCodes.keys()];
  expect(preferredCountries('', all, ['CH', 'US', '', '419', 'CH', 'FR'])).toEqual(['CH', 'US', 'FR']);
  expect(preferredCountries(' ', all.slice(0, 21), ['GB', 'US'])).toEqual(['US']);
  expect(preferredCountries('', all.slice(0, 20), ['GB', 'US'])).toEqual([]);
  expect(preferredCountries('XX', all, ['CH'])).toEqual([]);
});

test('in a language that is written from right to left, the calling code is isolated from the name', () => {
  const labels = ['ar', 'he', 'fa', 'ur'].map((lang) => countryLabel('DE', lang));
  for (const label of labels) expect(label).toMatch(/^\S+ \u2066\+49\u2069$/);
  expect(countryLabel('DE', 'ja')).toBe('ドイツ +49');
});

test('what is no country has neither a name nor a calling code', () => {
  expect([callingCode('ZZ'), countryLabel('ZZ', 'en'), countryLabel('', 'en')]).toEqual(['', 'ZZ ', ' ']);
});
