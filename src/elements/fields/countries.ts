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

/** `+44`, or nothing for what is no country. */
export function callingCode(country: string): string {
  return callingCodes.has(country) ? `+${callingCodes.get(country)}` : '';
}

/** A country as it stands in the list, in the language's own words. */
export function countryLabel(country: string, lang: string): string {
  return `${callingCodes.has(country) ? namesIn(lang).of(country) : country} ${callingCode(country)}`;
}

const lists = new Map<string, DocumentFragment>();
/** What is in a list already. */
const populatedFor = new WeakMap<HTMLSelectElement, string>();

/** Puts the countries that a page lists, or all of them, into a list that held the chosen one alone. The choice stays, if it is one of them. */
export function populateCountries(select: HTMLSelectElement, listed: readonly string[], lang: string): void {
  const key = `${lang} ${listed.join()}`;
  if (populatedFor.get(select) === key) return;
  populatedFor.set(select, key);
  if (!lists.has(key)) lists.set(key, draw(listed, lang));
  const { value } = select;
  // Sorting and drawing 245 countries is done once a language, for all elements: a copy costs a twentieth of it.
  select.replaceChildren(lists.get(key)!.cloneNode(true));
  select.value = value;
  if (select.value) return;
  // The page offers the chosen one no more: the first is chosen, as a person would choose it, once this update is over.
  select.selectedIndex = 0;
  queueMicrotask(() => select.dispatchEvent(new Event('input', { bubbles: true })));
}

function draw(listed: readonly string[], lang: string): DocumentFragment {
  const list = new DocumentFragment();
  list.append(
    ...sortByName(selectableCountries(listed), lang).map((country) => new Option(countryLabel(country, lang), country)),
  );
  return list;
}

/** The countries that exist of those that a page lists; all where it lists none. */
export function selectableCountries(listed: readonly string[]): readonly string[] {
  const asked = listed.filter((country) => callingCodes.has(country));
  return asked.length ? asked : [...callingCodes.keys()];
}

/** In the language's own order. */
export function sortByName(countries: readonly string[], lang: string): readonly string[] {
  const { compare } = new Intl.Collator(lang);
  const names = namesIn(lang);
  return [...countries].sort((a, b) => compare(names.of(a)!, names.of(b)!));
}

const spoken = new Map<string, Intl.DisplayNames>();

function namesIn(lang: string): Intl.DisplayNames {
  if (!spoken.has(lang)) spoken.set(lang, new Intl.DisplayNames(lang, { type: 'region' }));
  return spoken.get(lang)!;
}
