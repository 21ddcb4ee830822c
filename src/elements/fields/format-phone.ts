/** A phone number as it is being typed: its spelling, its country, and where the caret belongs. Knows no DOM; loaded when the field gets focus. */
import type * as Library from 'libphonenumber-js/min';
import { toAsciiText } from './parse-code.js';
import { selectableCountries, callingCodes } from './countries.js';

/** What is in the field. */
export interface PhoneInputState {
  readonly text: string;
  /** ISO 3166-1 alpha-2 */
  readonly country: string;
  /** Where the next character goes. */
  readonly caret: number;
}

/** What the field asks of this file, once the library is there. `countries` are those that the page lists. */
export interface PhoneFormatter {
  /** After an `input` event of this type. */
  afterInput(now: PhoneInputState, countries: readonly string[], inputType: string): PhoneInputState;
  /** After another country was chosen: a calling code that stands in the number changes along. */
  afterCountryChange(now: PhoneInputState, countries: readonly string[], before: string): PhoneInputState;
}

/** Rejects if the metadata (30 kB) cannot be had; the field then takes numbers as they are typed. */
export async function loadPhoneFormatter(): Promise<PhoneFormatter> {
  const library = await import('libphonenumber-js/min');
  const spell = (now: PhoneInputState, countries: readonly string[], inputType: string): PhoneInputState => {
    const next = format(library, now, countries, /^(insert(?!Text|Comp)|$)/.test(inputType));
    if (next.text === now.text) return { ...now, country: next.country };
    const atEnd = now.caret === now.text.length && !inputType.startsWith('delete');
    // A plus that was read out of "00", or of a calling code alone, moves what stands before the caret.
    const count = significant(now.text.slice(0, now.caret)) + significant(next.text) - significant(now.text);
    return { ...next, caret: atEnd ? next.text.length : caretBehind(next.text, count) };
  };
  return {
    afterInput: spell,
    afterCountryChange(now, countries, before) {
      const [from, to] = [`+${callingCodes.get(before)}`, `+${callingCodes.get(now.country)}`];
      const text = now.text.startsWith(from) ? to + now.text.slice(from.length) : now.text;
      return { ...spell({ ...now, text, caret: text.length }, countries, 'insertText'), country: now.country };
    },
  };
}

/**
 * The number in its country's spelling, and the country that an international prefix names, if it may be chosen.
 * What cannot be a number stays as typed: nobody loses a letter that way, and the backend has the last word.
 * `whole` says that it came in one piece, by paste or autofill: then a calling code without `+` is seen as well.
 */
function format(
  { AsYouType, isValidPhoneNumber }: typeof Library,
  { text: typed, country }: PhoneInputState,
  countries: readonly string[],
  whole: boolean,
): Pick<PhoneInputState, 'text' | 'country'> {
  let text = toAsciiText(typed).trim().replace(/^00/, '+');
  if (!/^\+?[\d\s().\-/]*$/.test(text)) return { text: typed, country };
  const home = country as Library.CountryCode;
  const abroad = `+${text.replace(/\D/g, '')}`;
  if (whole && !isValidPhoneNumber(text, home) && isValidPhoneNumber(abroad)) text = abroad;
  const typer = new AsYouType(home);
  const result = typer.input(text);
  const code = typer.getCallingCode();
  if (!text.startsWith('+') || !code) return { text: result, country };
  const same = selectableCountries(countries).filter((one) => callingCodes.get(one) === code);
  const likely = [typer.getCountry(), country, ...same].find((one) => one && same.includes(one));
  return { text: result, country: likely ?? country };
}

/** Digits and plus count for the caret; spaces, brackets and dashes come and go by themselves. */
function significant(text: string): number {
  return text.replace(/[^\p{Nd}+＋]/gu, '').length;
}

/** The place behind the first `count` digits. */
function caretBehind(text: string, count: number): number {
  let caret = 0;
  for (let left = count; left > 0 && caret < text.length; caret++) left -= significant(text[caret]!);
  return caret;
}
