/** All countries with their calling codes and names. Loaded when a phone field is first shown. Without it, the list has one country. */

/**
 * libphonenumber's `country_calling_codes`, in the order of the codes. A lowercase letter begins a code, which is one higher
 * than the last one unless a number gives the difference. The countries that share the code follow, the main one first
 * (`1 US AG AI …`, `7 RU KZ`). A test compares the table with the library's.
 */
const table =
  'uSAGAIASBBBMBSCADMDOGDGUJMKNKYLCMPMSPRSXTCTTVCVGVI6rUKZ13eG7zA3gRnLbEfReS2hU3iTVArOcH2aTgBGGIMJEdKsEnOSJpLdE2pEmXcUaRbRcLcOvE2mYaUCCCXiDpHnZsGtH15jPkR2vN2cN4tRiNpKaFlKmM3iR113sSmAEHdZ3tN2lY2gMsNmRmLgNcIbFnEtGbJmUlRsLgHnGtDcFcMcVsTgQgAcGcDaOgWiOaCsCsDrWeTsOdJkEtZuGbImZ2zMmGrEYTzWnAmWlSbWsZkM21sHTAeR6aWfOgL51gIpTlUiEiSaLmTcYfIAXbG11lTlVeEmDaMbYaDmCsM2uArSmExK2hRsIbA2mK31cZsK2lI77fKbZgTsVhNnIcRpApMhT81gPBLMFbOgYeCgFpYmQsRuYcWBQ71tL2nFbNnRpGtOsBvUfJpWwFcKnU2wSkInCtVpFtKfMmH158kP2hKmO2kHlA24bD6tW74mVlBjOsYiQkWsAyEoM2pSaEiLbHqAbTmNnP15tJtMaZgEkG2uZ';

/** Calling code by country (ISO 3166-1 alpha-2). The main country of a shared code comes first. */
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

/** Such as `+44`; empty if there is no such country. */
export function callingCode(country: string): string {
  return callingCodes.has(country) ? `+${callingCodes.get(country)}` : '';
}

/** The name and calling code of a country, as the list shows it in this language. */
export function countryLabel(country: string, lang: string): string {
  return `${callingCodes.has(country) ? namesIn(lang).of(country) : country} ${callingCode(country)}`;
}

const lists = new Map<string, DocumentFragment>();
/** The language and countries that a list was last filled with. */
const populatedFor = new WeakMap<HTMLSelectElement, string>();

/** Fills the list with the countries that the page lists, or with all. Keeps the selected country if the list has it. */
export function populateCountries(field: ParentNode, listed: readonly string[], lang: string): void {
  const select = field.querySelector('select');
  const key = `${lang} ${listed.join()}`;
  if (!select || populatedFor.get(select) === key) return;
  populatedFor.set(select, key);
  if (!lists.has(key)) lists.set(key, createOptions(listed, lang));
  const { value } = select;
  // The 245 options are sorted and created once for each language, for all elements. A copy takes a twentieth of the time.
  select.replaceChildren(lists.get(key)!.cloneNode(true));
  select.value = value;
  if (select.value) return;
  // The page no longer offers the selected country. Selects the first one, as a person would, after this update.
  select.selectedIndex = 0;
  queueMicrotask(() => select.dispatchEvent(new Event('input', { bubbles: true })));
}

function createOptions(listed: readonly string[], lang: string): DocumentFragment {
  const list = new DocumentFragment();
  list.append(
    ...sortByName(selectableCountries(listed), lang).map((country) => new Option(countryLabel(country, lang), country)),
  );
  return list;
}

/** The countries that the page lists, if they exist. All countries if it lists none. */
export function selectableCountries(listed: readonly string[]): readonly string[] {
  const existing = listed.filter((country) => callingCodes.has(country));
  return existing.length ? existing : [...callingCodes.keys()];
}

/** Sorts countries by name, in the order of the language. */
export function sortByName(countries: readonly string[], lang: string): readonly string[] {
  const { compare } = new Intl.Collator(lang);
  const names = namesIn(lang);
  return [...countries].sort((a, b) => compare(names.of(a)!, names.of(b)!));
}

const namesByLanguage = new Map<string, Intl.DisplayNames>();

function namesIn(lang: string): Intl.DisplayNames {
  if (!namesByLanguage.has(lang)) namesByLanguage.set(lang, new Intl.DisplayNames(lang, { type: 'region' }));
  return namesByLanguage.get(lang)!;
}
