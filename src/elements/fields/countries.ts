/** All countries with their calling codes and names. Loaded when a phone field is first shown. Without it, the list has one country. */
import { addInteractionStyles } from './interaction-styles.js';
import type * as TypeAhead from './country-type-ahead.js';
import { reportSharedKey } from './shared-key.js';

/**
 * libphonenumber's `country_calling_codes`, in the order of the codes. A lowercase letter begins a code, which is one higher
 * than the last one unless a number gives the difference. The countries that share the code follow, the main one first
 * (`1 US AG AI …`, `7 RU KZ`). A test compares the table with the library's.
 */
const table =
  'uSAGAIASBBBMBSCADMDOGDGUJMKNKYLCMPMSPRSXTCTTVCVGVI6rUKZ13eG7zA3gRnLbEfReS2hU3iTVArOcH2aTgBGGIMJEdKsEnOSJpLdE2pEmXcUaRbRcLcOvE2mYaUCCCXiDpHnZsGtH15jPkR2vN2cN4tRiNpKaFlKmM3iR113sSmAEHdZ3tN2lY2gMsNmRmLgNcIbFnEtGbJmUlRsLgHnGtDcFcMcVsTgQgAcGcDaOgWiOaCsCsDrWeTsOdJkEtZuGbImZ2zMmGrEYTzWnAmWlSbWsZkM21sHTAeR6aWfOgL51gIpTlUiEiSaLmTcYfIAXbG11lTlVeEmDaMbYaDmCsM2uArSmExK2hRsIbA2mK31cZsK2lI77fKbZgTsVhNnIcRpApMhT81gPBLMFbOgYeCgFpYmQsRuYcWBQ71tL2nFbNnRpGtOsBvUfJpWwFcKnU2wSkInCtVpFtKfMmH158kP2hKmO2kHlA24bD6tW74mVlBjOsYiQkWsAyEoM2pSaEiLbHqAbTmNnP15tJtMaZgEkG2uZ';

/** Calling code by country (ISO 3166-1 alpha-2). The main country of a shared code comes first. */
export const callingCodes: ReadonlyMap<string, string> = readTable();

const allCountries: readonly string[] = [...callingCodes.keys()];

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
  const code = callingCode(country);
  const name = code ? nameOfCountry(country, lang) : country;
  // Without an isolate, Arabic and Hebrew letters would move the plus behind the digits.
  return rightToLeft.test(name) ? `${name} \u2066${code}\u2069` : `${name} ${code}`;
}

const rightToLeft = /[\u0590-\u08ff]/;

/** What a page may set about the list: the attributes of these names. */
export interface CountryAttributes {
  readonly country: string;
  readonly countries: string;
  readonly preferred: string;
}

const lists = new Map<string, DocumentFragment>();
/** What a list was last filled for. */
const populatedFor = new WeakMap<HTMLSelectElement, string>();
/** Loaded when a list gets focus. Without it, browsers find a country by its name alone. */
let typeAhead: typeof TypeAhead | undefined;

/**
 * Fills the list with the countries that the page lists, or with all. Keeps the selected country if the list has it.
 * `regionOf` says which region a language names. It is handed in because exports would make the script tag's file larger.
 */
export function populateCountries(
  field: ParentNode & Node,
  page: CountryAttributes,
  { lang, pageLanguage }: { readonly lang: string; readonly pageLanguage: string },
  regionOf: (language: string) => string,
): void {
  addInteractionStyles(field);
  const select = field.querySelector('select');
  const key = JSON.stringify([lang, pageLanguage, page.countries, page.preferred]);
  const before = select && populatedFor.get(select);
  if (!select || before === key + page.country) return;
  if (before === undefined) listenForKeys(select);
  populatedFor.set(select, key + page.country);
  reportUnknown(page);
  reportSharedKey(select);
  const regions = [...navigator.languages, pageLanguage].map(regionOf);
  // The 245 options are sorted and created once for each language, for all elements. A copy takes a twentieth of the time.
  if (!lists.has(key)) lists.set(key, createOptions(page, lang, regions));
  const { value } = select;
  select.replaceChildren(lists.get(key)!.cloneNode(true));
  select.dir = rightToLeft.test(select.textContent) ? 'rtl' : '';
  select.value = value;
  if (select.value) return;
  // The page no longer offers the selected country. Selects the first one, as a person would, after this update.
  select.selectedIndex = 0;
  queueMicrotask(() => select.dispatchEvent(new Event('input', { bubbles: true })));
}

/** After this pause, browsers begin a new search. */
const PAUSE_MS = 1000;

function listenForKeys(select: HTMLSelectElement): void {
  select.addEventListener('focus', () => void loadTypeAhead());
  if (select.matches(':focus')) void loadTypeAhead();
  let browserSearchedAt = -PAUSE_MS;
  select.addEventListener('keydown', (event) => {
    // The browser has had the first letters, and finishes the search.
    if (!typeAhead || event.timeStamp - browserSearchedAt < PAUSE_MS) browserSearchedAt = event.timeStamp;
    else typeAhead.selectByKey(event, { callingCodes, nameOfCountry });
  });
}

async function loadTypeAhead(): Promise<void> {
  typeAhead ??= await import('./country-type-ahead.js').catch(() => undefined);
}

function createOptions({ countries, preferred }: CountryAttributes, lang: string, regions: readonly string[]) {
  const offered = selectableCountries(wordsOf(countries));
  const first = preferredCountries(preferred, offered, regions);
  const others = sortByName(offered, lang).filter((country) => !first.includes(country));
  const list = new DocumentFragment();
  const append = (part: readonly string[]) =>
    list.append(...part.map((country) => new Option(countryLabel(country, lang), country)));
  append(first);
  // Neither an option nor a group: nobody can select it, and screen readers do not count it or need a name for it.
  if (first.length && others.length) list.append(document.createElement('hr'));
  append(others);
  return list;
}

const reported = new Set<string>();

/** Says once on the console what a page has set that is not a country, or not one that it lists. */
function reportUnknown(page: CountryAttributes): void {
  for (const name of ['country', 'countries', 'preferred'] as const) {
    const known = selectableCountries(name === 'countries' ? [] : wordsOf(page.countries));
    for (const word of wordsOf(page[name])) {
      const message = `verify-contact: "${name}" contains ${word}, which is not in the list of countries.`;
      if (known.includes(word) || reported.has(message)) continue;
      reported.add(message);
      // eslint-disable-next-line no-console -- only the page's developer can fix this
      console.error(message);
    }
  }
}

/** The words of an attribute such as `DE at; CH`. */
function wordsOf(attribute: string): readonly string[] {
  return attribute.toUpperCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
}

/** The countries that the page lists, if they exist. All countries if it lists none. */
export function selectableCountries(listed: readonly string[]): readonly string[] {
  const existing = listed.filter((country) => callingCodes.has(country));
  return existing.length ? existing : allCountries;
}

/** Browsers show a list of so many rows without scrolling. */
const VISIBLE_ROWS = 20;

/**
 * The countries at the top of the list: the page's choice, otherwise the regions of the languages if the list is long. They are
 * not repeated below, so that the arrow keys go through the whole list, and screen readers count each country once.
 */
export function preferredCountries(
  attribute: string,
  offered: readonly string[],
  regions: readonly string[],
): readonly string[] {
  const chosen = wordsOf(attribute);
  const wanted = chosen.length || offered.length <= VISIBLE_ROWS ? chosen : regions;
  return [...new Set(wanted)].filter((country) => offered.includes(country));
}

/** Sorts countries by name, in the order of the language. */
export function sortByName(countries: readonly string[], lang: string): readonly string[] {
  const { compare } = new Intl.Collator(lang);
  return [...countries].sort((a, b) => compare(nameOfCountry(a, lang), nameOfCountry(b, lang)));
}

const namesByLanguage = new Map<string, (country: string) => string>();

/** The name of a country in a language. Kept, since an update needs one, and a search all of them. */
export function nameOfCountry(country: string, lang: string): string {
  if (!namesByLanguage.has(lang)) {
    const names = new Intl.DisplayNames(lang, { type: 'region' });
    const known = new Map<string, string>();
    namesByLanguage.set(lang, (code) => known.get(code) ?? known.set(code, names.of(code)!).get(code)!);
  }
  return namesByLanguage.get(lang)!(country);
}
