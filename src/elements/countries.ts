/** All countries with their calling codes and names. Loaded when a phone field is first shown: until then, and without it, there is one country. */

/**
 * Who has which calling code: libphonenumber's `country_calling_codes`, in the order of the codes, written as steps from
 * one code to the next. A small letter begins a code, one higher than the last unless a number says by how much; the
 * countries that share it follow, the main one first (`1 US AG AI …`, `7 RU KZ`). A test compares it with the library's.
 */
const table =
  'uSAGAIASBBBMBSCADMDOGDGUJMKNKYLCMPMSPRSXTCTTVCVGVI6rUKZ13eG7zA3gRnLbEfReS2hU3iTVArOcH2aTgBGGIMJEdKsEnOSJpLdE2pEmXcUaRbRcLcOvE2mYaUCCCXiDpHnZsGtH15jPkR2vN2cN4tRiNpKaFlKmM3iR113sSmAEHdZ3tN2lY2gMsNmRmLgNcIbFnEtGbJmUlRsLgHnGtDcFcMcVsTgQgAcGcDaOgWiOaCsCsDrWeTsOdJkEtZuGbImZ2zMmGrEYTzWnAmWlSbWsZkM21sHTAeR6aWfOgL51gIpTlUiEiSaLmTcYfIAXbG11lTlVeEmDaMbYaDmCsM2uArSmExK2hRsIbA2mK31cZsK2lI77fKbZgTsVhNnIcRpApMhT81gPBLMFbOgYeCgFpYmQsRuYcWBQ71tL2nFbNnRpGtOsBvUfJpWwFcKnU2wSkInCtVpFtKfMmH158kP2hKmO2kHlA24bD6tW74mVlBjOsYiQkWsAyEoM2pSaEiLbHqAbTmNnP15tJtMaZgEkG2uZ';

/** Calling code by country (ISO 3166-1 alpha-2). Of those that share a code the main country comes first. */
export const callingCodes: ReadonlyMap<string, string> = readTable();

function readTable(): Map<string, string> {
  const codes = new Map<string, string>();
  let code = 0;
  for (const [, step, countries] of table.matchAll(/(\d*)([a-z][A-Z]+)/g)) {
    code += Number(step || 1);
    for (const country of countries!.toUpperCase().match(/../g)!) codes.set(country, String(code));
  }
  return codes;
}

const sorted = new Map<string, readonly (readonly [string, string])[]>();

/** `[country, name]` in the language's own order: of those that a page lists, or of all where it lists none. */
export function countryNames(listed: readonly string[], lang: string): readonly (readonly [string, string])[] {
  const key = `${lang} ${listed.join()}`;
  // Sorting 245 names takes longer than drawing all the rest, so it is done once a language.
  if (!sorted.has(key)) sorted.set(key, sort(allowed(listed), lang));
  return sorted.get(key)!;
}

/** The countries that exist of those that a page lists; all where it lists none. */
export function allowed(listed: readonly string[]): readonly string[] {
  const asked = listed.filter((country) => callingCodes.has(country));
  return asked.length ? asked : [...callingCodes.keys()];
}

function sort(countries: readonly string[], lang: string): readonly (readonly [string, string])[] {
  const names = new Intl.DisplayNames(lang, { type: 'region' });
  const { compare } = new Intl.Collator(lang);
  return countries.map((country) => [country, names.of(country)!] as const).sort(([, a], [, b]) => compare(a, b));
}
