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

let typed = '';
let typedAt = 0;
let typedInto: EventTarget | null = null;

/** Handles a `keydown` of the list. Leaves every key that types nothing to the browser, and every key while the list is open. */
export function selectByKey(event: KeyboardEvent, index: CountryIndex): void {
  const { key, currentTarget, timeStamp } = event;
  const select = currentTarget as HTMLSelectElement;
  const before = typedInto === select && timeStamp - typedAt < PAUSE_MS ? typed : '';
  if (isOpen(select, event, before)) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const text = typedText(before, key);
  if (text === null) return;
  event.preventDefault();
  [typed, typedAt, typedInto] = [text, timeStamp, select];
  const listed = [...select.options].map((option) => ({ country: option.value, label: option.text }));
  const found = findCountry(text, select.value, listed, index);
  if (!found || found === select.value) return;
  select.value = found;
  select.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

/** In a browser without `:open`, such as WebKitGTK 2.50: the list that a key or the mouse has opened last. */
let opened: EventTarget | null = null;

/** Firefox sends the keys to the page also while the list is open. */
function isOpen(select: HTMLSelectElement, { key, altKey }: KeyboardEvent, typedBefore: string): boolean {
  if (CSS.supports('selector(:open)')) return select.matches(':open');
  for (const type of ['mousedown', 'blur']) select.addEventListener(type, pressedOrClosed);
  if (key === 'F4' || (key === ' ' && !typedBefore) || (altKey && key.startsWith('Arrow'))) opened = select;
  else if (/^(Escape|Enter|Tab)$/.test(key)) opened = null;
  return opened === select;
}

function pressedOrClosed({ type, currentTarget }: Event): void {
  opened = type === 'mousedown' && opened !== currentTarget ? currentTarget : null;
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

/** The country that the text finds in the list, beginning at the selected one. Undefined if there is none. */
export function findCountry(
  text: string,
  selected: string,
  listed: readonly ListedCountry[],
  { callingCodes, nameOfCountry }: CountryIndex,
): string | undefined {
  if (isNumber(text)) {
    const digits = text.replace(/\D/g, '').replace(/^00/, '');
    // No calling code is the beginning of another.
    const hasCode = (country: string) => digits.startsWith(callingCodes.get(country) ?? 'none');
    const offered = listed.map(({ country }) => country);
    return [selected, ...callingCodes.keys()].find((country) => hasCode(country) && offered.includes(country));
  }
  const name = foldName(text);
  const [first = '', ...rest] = name;
  if (!first) return undefined;
  const isRepeated = rest.every((letter) => letter === first);
  const beginning = isRepeated ? first : name;
  // One letter, also repeated, goes to the next country with it, as in every list.
  const start = listed.findIndex(({ country }) => country === selected) + (isRepeated ? 1 : 0);
  const searched = [...listed.slice(start), ...listed.slice(0, start)];
  const names = [
    ({ label }: ListedCountry) => foldName(label),
    ({ country }: ListedCountry) => otherName(country, likelyLanguage(country), nameOfCountry),
    ({ country }: ListedCountry) => otherName(country, 'en', nameOfCountry),
  ];
  for (const nameOf of names) {
    const found = searched.find((one) => nameOf(one).startsWith(beginning));
    if (found) return found.country;
  }
  return undefined;
}

const otherNames = new Map<string, string>();

function otherName(country: string, lang: string, nameOfCountry: CountryIndex['nameOfCountry']): string {
  const key = `${country} ${lang}`;
  if (!otherNames.has(key)) otherNames.set(key, foldName(nameOfCountry(country, lang)));
  return otherNames.get(key)!;
}

/** The language that most people in a country speak, by Unicode's likely subtags: `de` for `DE`. */
function likelyLanguage(country: string): string {
  return new Intl.Locale(`und-${country}`).maximize().language;
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
