/** Which country a person's number is likely to be of. No list of countries. */

/** The countries that a page names, as `"DE at; CH"`: ISO 3166-1 alpha-2, in its order. */
export function parseCountries(text: string): readonly string[] {
  return text.toUpperCase().match(/\b[A-Z]{2}\b/g) ?? [];
}

/** The country to begin with: the page's choice, else the first region that the person's languages name or imply. */
export function defaultCountry(asked: string, listed: readonly string[], languages: readonly string[]): string {
  const likely = [...parseCountries(asked), ...languages.flatMap((language) => parseCountries(regionOf(language)))];
  return likely.find((country) => !listed.length || listed.includes(country)) ?? listed[0] ?? 'US';
}

const regions = new Map<string, string>();

function regionOf(language: string): string {
  // Asked by each element that begins, and ICU takes as long for it as all else does until the first drawing.
  if (!regions.has(language)) regions.set(language, likelyRegion(language));
  return regions.get(language)!;
}

/** WebKitGTK under the POSIX locale says that its user speaks `c`, and `Intl` throws on what is no language. */
function likelyRegion(language: string): string {
  try {
    return new Intl.Locale(language).maximize().region ?? '';
  } catch {
    return '';
  }
}
