/** Selects a country by what a person types on the closed list: a calling code, or a name. Loaded when a list gets focus. No timers. */
import { toAsciiText } from './ascii-text.js';

/** What is known about all countries. */
interface CountryIndex {
  /** The main country of a shared code comes first. */
  readonly callingCodes: ReadonlyMap<string, string>;
  readonly nameOfCountry: (country: string, lang: string) => string;
}

interface ListedCountry {
  readonly country: string;
  /** As the list shows it: the name and then the calling code. */
  readonly label: string;
}

/** After a second, browsers too begin a new search (Chromium, Firefox and WebKit). */
const PAUSE_MS = 1000;

/** What a person has typed on a list without a pause. */
export interface CountrySearch {
  readonly text: string;
  /** What was selected before the first key. */
  readonly origin: string;
}

let search: CountrySearch | undefined;
let typedAt = 0;
let typedInto: EventTarget | null = null;

/** Handles a `keydown` of the list. Leaves every key that types nothing to the browser, and every key while the list is open. */
export function selectByKey(event: KeyboardEvent, index: CountryIndex): void {
  const { key, currentTarget, timeStamp } = event;
  const select = currentTarget as HTMLSelectElement;
  const before = typedInto === select && timeStamp - typedAt < PAUSE_MS ? search : undefined;
  if (isOpen(select, event, before !== undefined)) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const next = continueSearch(before, key, select.value);
  if (!next) return;
  event.preventDefault();
  [search, typedAt, typedInto] = [next, timeStamp, select];
  const listed = [...select.options].map((option) => ({ country: option.value, label: option.text }));
  const found = findCountry(next, select.value, listed, index);
  if (found === select.value) return;
  select.value = found;
  select.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

/** In a browser without `:open`, such as WebKitGTK 2.50: the list that a key or the mouse has opened last. */
let opened: EventTarget | null = null;

/** Firefox sends the keys to the page also while the list is open. */
function isOpen(select: HTMLSelectElement, { key, altKey }: KeyboardEvent, hasSearch: boolean): boolean {
  if (CSS.supports('selector(:open)')) return select.matches(':open');
  for (const type of ['mousedown', 'blur']) select.addEventListener(type, pressedOrClosed);
  if (key === 'F4' || (key === ' ' && !hasSearch) || (altKey && key.startsWith('Arrow'))) opened = select;
  else if (/^(Escape|Enter|Tab)$/.test(key)) opened = null;
  return opened === select;
}

function pressedOrClosed({ type, currentTarget }: Event): void {
  opened = type === 'mousedown' && opened !== currentTarget ? currentTarget : null;
}

/** The search after another key. Undefined if the key does not belong to it. */
export function continueSearch(
  before: CountrySearch | undefined,
  key: string,
  selected: string,
): CountrySearch | undefined {
  const text = typedText(before?.text ?? '', key);
  if (text === null) return undefined;
  return { text, origin: before && text.startsWith(before.text) ? before.origin : selected };
}

/** The text of the search after another key. Null if the key does not belong to it. Letters and digits never mix. */
export function typedText(before: string, key: string): string | null {
  const character = toAsciiText(key);
  if ([...key].length !== 1) return null;
  if (/[+\d]/.test(character)) return isNumber(before) ? before + character : character;
  if (/[\p{L}\p{M}]/u.test(character)) return isNumber(before) ? character : before + character;
  // A space or a hyphen inside a name. As the first key, Space opens the list.
  return before ? before + key : null;
}

function isNumber(text: string): boolean {
  return /^[+\d]/.test(text);
}

/** Countries that share a calling code, and the digits behind it that people take for a part of it. */
const sharedCodes =
  'AG1268 AI1264 AS1684 BB1246 BM1441 BS1242 DM1767 DO1809 DO1829 DO1849 GD1473 GU1671 JM1658 JM1876 KN1869 KY1345 LC1758 MP1670 MS1664 PR1787 PR1939 SX1721 TC1649 TT1868 VC1784 VG1284 VI1340 KZ77 GG441481 IM441624 JE441534 AX35818 SJ4779 YT262269 YT262639 BQ5997';

/** The area codes of Canada. */
const canadian =
  /^1(?:2(?:04|[23]6|[48]9|5[07]|[67]3)|3(?:06|43|54|6[578]|82)|4(?:03|1[68]|[26]8|3[178]|50|74)|5(?:06|1[49]|48|79|8[147])|6(?:04|[18]3|39|47|72)|7(?:0[59]|42|53|78|8[02])|8(?:[06]7|19|25|7[39])|9(?:0[25]|42))/;
/** What people type and is no name of the list. `uk` also begins Ukraine, which the next letter finds. */
const shortNames = [
  ['AE', 'uae'],
  ['GB', 'uk'],
  ['KR', '한국'],
  ['US', 'usa'],
] as const;

/** Enough digits to say which country it is. */
const hasAreaCode = /^(?:1\d{3}|7\d|44[12]\d{3})/;

/** The country that the search finds in the list, beginning at the selected one. What was selected before the search if there is none. */
export function findCountry(
  { text, origin }: CountrySearch,
  selected: string,
  listed: readonly ListedCountry[],
  { callingCodes, nameOfCountry }: CountryIndex,
): string {
  if (isNumber(text)) {
    const digits = text.replace(/\D/g, '').replace(/^00/, '');
    const row = sharedCodes.split(' ').find((one) => digits.startsWith(one.slice(2)));
    const shared = canadian.test(digits) ? 'CA' : row?.slice(0, 2);
    if (shared && listed.some(({ country }) => country === shared)) return shared;
    // No calling code is the beginning of another.
    const hasCode = (country: string) => digits.startsWith(callingCodes.get(country) ?? 'none');
    const offered = listed.map(({ country }) => country);
    const first = hasAreaCode.test(digits) ? '' : selected;
    return [first, ...callingCodes.keys()].find((country) => hasCode(country) && offered.includes(country)) ?? origin;
  }
  const name = foldName(text);
  const [first = '', ...rest] = name;
  if (!first) return origin;
  const isRepeated = rest.every((letter) => letter === first);
  const short = shortNames.find(([, other]) => foldName(other) === name)?.[0];
  if (short && listed.some(({ country }) => country === short)) return short;
  const beginning = isRepeated ? first : name;
  // One letter, also repeated, goes to the next country with it, as in every list.
  const start = listed.findIndex(({ country }) => country === selected) + (isRepeated ? 1 : 0);
  const searched = [...listed.slice(start), ...listed.slice(0, start)];
  const names = [
    ({ label }: ListedCountry) => [foldName(label)],
    ({ country }: ListedCountry) => languagesOf(country).map((lang) => otherName(country, lang, nameOfCountry)),
    ({ country }: ListedCountry) => [otherName(country, 'en', nameOfCountry)],
  ];
  for (const namesOf of names) {
    const found = searched.find((one) => namesOf(one).some((other) => other.startsWith(beginning)));
    if (found) return found.country;
  }
  return origin;
}

const otherNames = new Map<string, string>();

function otherName(country: string, lang: string, nameOfCountry: CountryIndex['nameOfCountry']): string {
  const key = `${country} ${lang}`;
  if (!otherNames.has(key)) otherNames.set(key, foldName(nameOfCountry(country, lang)));
  return otherNames.get(key)!;
}

/** Official languages besides the one that most people speak, where they have another name for the country. */
const moreLanguages: Readonly<Record<string, string>> = {
  AF: 'ps',
  AX: 'fi',
  BE: 'fr de',
  BY: 'ru',
  CA: 'fr',
  CH: 'fr it rm',
  CY: 'tr',
  FI: 'sv',
  HK: 'en zh',
  IE: 'ga',
  IL: 'ar',
  IQ: 'ku',
  KG: 'ru',
  KZ: 'ru kk',
  LK: 'ta',
  LU: 'lb de',
  ME: 'sr',
  MO: 'pt zh',
  NO: 'nn',
  NZ: 'mi',
  SG: 'zh ms ta',
  TW: 'zh',
  XK: 'sr',
  ZA: 'af zu xh',
};

/** The language that most people in a country speak, by Unicode's likely subtags: `de-Latn` for `DE`. Then its other ones. */
function languagesOf(country: string): readonly string[] {
  const { language, script } = new Intl.Locale(`und-${country}`).maximize();
  return [`${language}-${script}`, ...(moreLanguages[country]?.split(' ') ?? [])];
}

/** Letters that Unicode does not decompose into a base letter and a mark. */
const baseLetters: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ß: 'ss',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ı: 'i',
  ħ: 'h',
  þ: 'th',
};

/** A name without capitals, accents, spaces and punctuation: `Côte d’Ivoire` → `cotedivoire`. */
export function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]|\p{Lm}/gu, '')
    .replace(/[æœßøđðłıħþ]/g, (letter) => baseLetters[letter]!);
}
