/** The calling codes against libphonenumber's, and the initial country of a phone field. */
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min';
import metadata from 'libphonenumber-js/min/metadata';
import { expect, test } from 'vitest';
import {
  selectableCountries,
  callingCode,
  callingCodes,
  countryLabel,
  sortByName,
} from '../../../src/elements/fields/countries.js';
import { parseCountries, defaultCountry } from '../../../src/elements/fields/default-country.js';

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

test('what is no country has neither a name nor a calling code', () => {
  expect([callingCode('ZZ'), countryLabel('ZZ', 'en'), countryLabel('', 'en')]).toEqual(['', 'ZZ ', ' ']);
});
