/** Formats a phone number as it is typed, and finds its country and the position of the caret. Knows no DOM. Loaded when the field gets focus. */
import type * as Library from 'libphonenumber-js/min';
import { toAsciiText } from './parse-code.js';
import { selectableCountries, callingCodes } from './countries.js';

/** The content of the field. */
export interface PhoneInputState {
  readonly text: string;
  /** ISO 3166-1 alpha-2 */
  readonly country: string;
  /** The index of the caret. */
  readonly caret: number;
}

/** Formats with the loaded library. `countries` are those that the page lists. */
interface PhoneFormatter {
  /** After an `input` event of this type. */
  afterInput(now: PhoneInputState, countries: readonly string[], inputType: string): PhoneInputState;
  /** After another country was selected. A calling code in the number changes too. */
  afterCountryChange(now: PhoneInputState, countries: readonly string[], previousCountry: string): PhoneInputState;
}

/** Rejects if the metadata (30 kB) cannot load. The field then takes numbers as typed. */
export async function loadPhoneFormatter(): Promise<PhoneFormatter> {
  const library = await import('libphonenumber-js/min');
  const reformat = (now: PhoneInputState, countries: readonly string[], inputType: string): PhoneInputState => {
    const next = format(library, now, countries, /^(insert(?!Text|Comp)|$)/.test(inputType));
    if (next.text === now.text) return { ...now, country: next.country };
    const atEnd = now.caret === now.text.length && !inputType.startsWith('delete');
    // A plus in place of "00", or before a bare calling code, moves the characters before the caret.
    const count = significant(now.text.slice(0, now.caret)) + significant(next.text) - significant(now.text);
    return { ...next, caret: atEnd ? next.text.length : caretBehind(next.text, count) };
  };
  return {
    afterInput: reformat,
    afterCountryChange(now, countries, previousCountry) {
      const [from, to] = [`+${callingCodes.get(previousCountry)}`, `+${callingCodes.get(now.country)}`];
      const text = now.text.startsWith(from) ? to + now.text.slice(from.length) : now.text;
      return { ...reformat({ ...now, text, caret: text.length }, countries, 'insertText'), country: now.country };
    },
  };
}

/**
 * The number in the format of its country, and the country of its international prefix, if the list offers it. Text that
 * cannot be a number stays as typed, so that no letter is lost; the backend decides. `whole` means that the text was
 * inserted at once, by paste or autofill: then a calling code without `+` is recognized too.
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

/** The number of digits and plus signs. The formatter adds and removes spaces, brackets and dashes, so they do not count. */
function significant(text: string): number {
  return text.replace(/[^\p{Nd}+＋]/gu, '').length;
}

/** The index after the first `count` digits. */
function caretBehind(text: string, count: number): number {
  let caret = 0;
  for (let left = count; left > 0 && caret < text.length; caret++) left -= significant(text[caret]!);
  return caret;
}
