/** Formats a phone number as it is typed, and finds its country and the position of the caret. Knows no DOM. */
import { formatNumber, type FormattedNumber } from '../numbering/format-number.js';
import { isBeginningOf, isNumberOf, matchesBeginning } from '../numbering/plan.js';
import { callingCodes, selectableCountries } from './countries.js';
import { plainNumber } from './parse-number.js';
import { findPlan, findPlans } from './phone-plans.js';

/** The content of the field. */
export interface PhoneInputState {
  readonly text: string;
  /** ISO 3166-1 alpha-2 */
  readonly country: string;
  /** The index of the caret. */
  readonly caret: number;
}

interface CountryChoice {
  /** The countries that the page lists. Empty for all. */
  readonly countries: readonly string[];
  /** What the person or the page chose, before a plus changed it. */
  readonly chosen: string;
}

interface FormattedPhone extends PhoneInputState {
  /** A calling code whose plans are needed to format the number, and are not loaded. */
  readonly missing?: string | undefined;
}

/**
 * The number in the format of its country. Its digits and its plus are never changed, so the backend reads what was typed.
 * Only a plus changes the country, and only while it is there: the backend then ignores the country. Text that is not a number stays as it is.
 */
export function formatPhone(now: PhoneInputState, choice: CountryChoice): FormattedPhone {
  const typed = plainNumber(now.text);
  if (typed === null) return now;
  const listed = selectableCountries(choice.countries);
  const chosen = listed.includes(choice.chosen) ? choice.chosen : now.country;
  const home = findPlan(chosen);
  const number = formatNumber(typed, home, findPlans);
  const { callingCode } = number;
  const before = plainNumber(now.text.slice(0, now.caret))?.length ?? 0;
  const atEnd = before === typed.length;
  const hasPlus = typed.startsWith('+');
  const needed = [callingCode, hasPlus ? undefined : callingCodes.get(chosen)];
  const missing = needed.find((code) => code && findPlans(code) === undefined);
  // A number without plus, perhaps after another was deleted, is one of the chosen country.
  const country = hasPlus ? countryOf(number, { selected: now.country, chosen, listed }, atEnd) : chosen;
  // Without the rules, the separators are the person's own.
  if (missing || !(hasPlus || home)) return { ...now, country, missing };
  return { text: number.text, caret: atEnd ? number.text.length : caretBehind(number.text, before), country };
}

/** The country of a number with a plus: the chosen or the selected one while it is possible. An area code may say that it is not. */
function countryOf(
  { callingCode, digits, plan }: FormattedNumber,
  { selected, chosen, listed }: { selected: string; chosen: string; listed: readonly string[] },
  atEnd: boolean,
): string {
  const isValid = plan !== undefined && isNumberOf(plan, digits);
  // During a correction, the digits after the plus may be those of another country.
  if (!atEnd && !isValid) return selected;
  if (!callingCode) return chosen;
  const offered = [chosen, selected, plan?.country ?? '', ...listed].filter(
    (one) => callingCodes.get(one) === callingCode && listed.includes(one),
  );
  const fits = isValid ? isNumberOf : isBeginningOf;
  const possible = offered.find((one) => {
    const found = findPlan(one);
    // A small country's rules may include the numbers of the whole calling code. Only the person's choice makes it likely.
    const isLikely = one === chosen && findPlans(callingCode)?.[0] !== found;
    return !found || (fits(found, digits) && (isLikely || matchesBeginning(digits, found.leadingDigits)));
  });
  return possible ?? (isValid ? selected : offered[0]) ?? selected;
}

/** After another country was selected: a calling code in the number changes too. */
export function changeCountry(now: PhoneInputState, previousCountry: string): PhoneInputState {
  const [from, to] = [previousCountry, now.country].map((country) => `+${callingCodes.get(country)}`) as [
    string,
    string,
  ];
  const text = now.text.startsWith(from) ? to + now.text.slice(from.length) : now.text;
  return { ...now, text, caret: text.length };
}

/** A digit or a plus. Everything else is a separator. */
const significant = /[\p{Nd}+＋]/u;

/** The index after the first `count` digits. */
function caretBehind(text: string, count: number): number {
  let caret = 0;
  for (let left = count; left > 0 && caret < text.length; caret++) if (significant.test(text[caret]!)) left--;
  return caret;
}

/**
 * The part of the text that a key for deletion removes. A separator is removed with the digit behind it, so that no key has
 * no effect. Undefined for other events: Enter and undo remove nothing that is selected.
 */
export function deletedRange(
  text: string,
  start: number,
  end: number,
  inputType: string,
): [number, number] | undefined {
  if (!inputType.startsWith('delete')) return undefined;
  if (start !== end) return [start, end];
  const [before, after] = [text.slice(0, start), text.slice(start)];
  const backward = (pattern: RegExp): [number, number] => [start - (pattern.exec(before)?.[0].length ?? 0), start];
  const forward = (pattern: RegExp): [number, number] => [start, start + (pattern.exec(after)?.[0].length ?? 0)];
  switch (inputType) {
    case 'deleteContentBackward':
      return backward(/[\p{Nd}+＋][^\p{Nd}+＋]*$/u);
    case 'deleteContentForward':
      return forward(/^[^\p{Nd}+＋]*[\p{Nd}+＋]/u);
    case 'deleteWordBackward':
      return backward(/[\p{Nd}+＋]+[^\p{Nd}+＋]*$/u);
    case 'deleteWordForward':
      return forward(/^[^\p{Nd}+＋]*[\p{Nd}+＋]+/u);
    default:
      return undefined;
  }
}
