/** Chooses the country that a person's number is likely to belong to. Contains no list of countries. */
import { parseCountries } from '../controllers/parse-countries.js';

/** The initial country: the page's choice, otherwise the first region that the person's languages name or imply. */
export function defaultCountry(country: string, listed: readonly string[], languages: readonly string[]): string {
  const likely = [...parseCountries(country), ...languages.flatMap((language) => parseCountries(regionOf(language)))];
  return likely.find((one) => !listed.length || listed.includes(one)) ?? listed[0] ?? 'US';
}

const regions = new Map<string, string>();

/** The region that a language names or implies. Empty if there is none. */
export function regionOf(language: string): string {
  // Every element needs it, and ICU takes as long for it as everything else takes until the first render.
  if (!regions.has(language)) regions.set(language, likelyRegion(language));
  return regions.get(language)!;
}

/** WebKitGTK under the POSIX locale reports the language `c`, and `Intl` throws on an invalid language. */
function likelyRegion(language: string): string {
  try {
    return new Intl.Locale(language).maximize().region ?? '';
  } catch {
    return '';
  }
}
