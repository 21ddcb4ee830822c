/** Reads the countries in an attribute. Knows no list of them. */

/** The countries in an attribute such as `"DE at; CH"`: ISO 3166-1 alpha-2, in the same order. */
export function parseCountries(text: string): readonly string[] {
  return text.toUpperCase().match(/\b[A-Z]{2}\b/g) ?? [];
}
