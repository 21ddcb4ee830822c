/** Formats the digits of a phone number while it is typed, as libphonenumber's `AsYouType` does. Changes no digit. Pure. */
import {
  matchesBeginning,
  matchesWhole,
  matchStart,
  planOf,
  splitPrefix,
  withoutPrefix,
  type NationalNumber,
  type NumberFormat,
  type NumberingPlan,
} from './plan.js';

/** The plans of a calling code, the main country first. Undefined if they are not loaded, null if there is no such code. */
type PlanLookup = (callingCode: string) => readonly NumberingPlan[] | undefined | null;

export interface FormattedNumber {
  /** The digits and the plus of the number, with the separators of its country. */
  readonly text: string;
  /** Of a number with a plus or the digits dialled before it. */
  readonly callingCode?: string;
  /** The number without calling code and prefix. */
  readonly digits: string;
  /** The plan of the number, if its digits say which it is. */
  readonly plan?: NumberingPlan | undefined;
}

/** `digits` may have a plus before them. A number without one is read in the country of `home`. */
export function formatNumber(typed: string, home: NumberingPlan | undefined, lookUp: PlanLookup): FormattedNumber {
  if (typed.startsWith('+')) return formatInternational(typed.slice(1), '+', lookUp);
  if (!home) return { text: typed, digits: typed };
  const dialOut = dialOutPrefix(typed, home);
  const abroad = typed.slice(dialOut.length);
  if (dialOut && typed.length > 2) return formatInternational(abroad, `${dialOut} `, lookUp);
  const number = splitPrefix(typed, home);
  const text = formatNational(number, home, home.formats, false);
  if (text !== undefined) return { text, digits: number.digits, plan: home };
  if (dialOut) return formatInternational(abroad, `${dialOut} `, lookUp, true);
  if (hasOwnCallingCode(typed, home)) return formatInternational(typed, '', lookUp, true);
  return { text: unformatted(number), digits: number.digits, plan: home };
}

/** What is dialled before a number abroad, if the number begins with it. */
function dialOutPrefix(digits: string, { dialOut }: NumberingPlan): string {
  const prefix = (dialOut && matchStart(digits, dialOut)?.[0]) || '';
  return digits[prefix.length] === '0' ? '' : prefix;
}

/** Whether a national number makes sense only as one with its calling code, and without the plus. */
function hasOwnCallingCode(digits: string, plan: NumberingPlan): boolean {
  if (!digits.startsWith(plan.callingCode)) return false;
  const whole = completeNumber(digits, plan);
  const rest = completeNumber(digits.slice(plan.callingCode.length), plan);
  return (
    (!matchesWhole(whole, plan.pattern) && matchesWhole(rest, plan.pattern)) || whole.length > plan.lengths.at(-1)!
  );
}

/** A number without its national prefix, unless only the prefix makes it a number. */
function completeNumber(written: string, plan: NumberingPlan): string {
  const { digits } = splitPrefix(written, plan);
  if (matchesWhole(written, plan.pattern) && !matchesWhole(digits, plan.pattern)) return written;
  return plan.lengths.includes(digits.length) || digits.length > plan.lengths.at(-1)! ? digits : written;
}

/** `prefix` stands before the calling code. `refused`: it could not be formatted as a national number. */
function formatInternational(digits: string, prefix: string, lookUp: PlanLookup, refused = false): FormattedNumber {
  const callingCode = [1, 2, 3].map((length) => digits.slice(0, length)).find((code) => code && lookUp(code) !== null);
  if (!callingCode || callingCode.length > digits.length) return { text: (prefix + digits).trim(), digits };
  const written = digits.slice(callingCode.length);
  const before = prefix + callingCode;
  const plans = lookUp(callingCode);
  const main = plans?.[0];
  let plan = planOf(written, plans ?? []);
  if (!plans || !main || !written) return { text: `${before} ${written}`.trim(), callingCode, digits: written, plan };
  let number = withoutPrefix(written);
  let text = refused ? undefined : formatNational(number, plan ?? main, main.formats, true);
  if (text === undefined) {
    const base = plan ?? main;
    number = splitPrefix(written, base);
    plan = planOf(number.digits, plans);
    text = formatNational(number, plan ?? base, (plan ?? base).formats, true) ?? unformatted(number);
  }
  return { callingCode, digits: number.digits, plan, text: `${before} ${text}` };
}

function unformatted({ digits, written, replaced, nationalPrefix, otherPrefix }: NationalNumber): string {
  return replaced ? written : (otherPrefix || nationalPrefix) + digits;
}

/** The national part, or undefined if no format fits. */
function formatNational(
  number: NationalNumber,
  plan: NumberingPlan,
  formats: readonly NumberFormat[],
  international: boolean,
): string | undefined {
  const fitting = number.digits ? formats.filter((format) => fits(format, number, international)) : formats;
  if (plan.lengths.includes(number.digits.length)) {
    for (const format of fitting) {
      const text = matchesWhole(number.digits, format.pattern) && formatComplete(number, plan, format, international);
      if (text) return text;
    }
  }
  for (const format of fitting) {
    const template = templateOf(format, number, plan, international);
    if (template) return fill(template, number.written);
  }
  return undefined;
}

/** Whether numbers that begin like this have this format. */
function fits(format: NumberFormat, { digits, nationalPrefix }: NationalNumber, international: boolean): boolean {
  const { prefixOptional, leadingDigits } = format;
  if (!prefixOptional && nationalPrefix && !usesPrefix(format)) return false;
  if (!prefixOptional && !nationalPrefix && !international && usesPrefix(format)) return false;
  if (!leadingDigits.length) return true;
  const pattern = leadingDigits[Math.min(Math.max(digits.length - 3, 0), leadingDigits.length - 1)]!;
  return digits.length < 3 ? matchesBeginning(digits, pattern) : matchStart(digits, pattern) !== null;
}

/** Whether the rule writes the national prefix, and not only brackets. */
const usesPrefix = ({ prefixRule }: NumberFormat) => prefixRule !== '' && !/^\(?\$1\)?$/.test(prefixRule);

/** Whether the rule is for a number that is written like this. */
function ruleApplies(format: NumberFormat, nationalPrefix: string, international: boolean): boolean {
  return format.prefixRule !== '' && (usesPrefix(format) ? nationalPrefix !== '' : !international);
}

function prefixSeparator(plan: NumberingPlan, { prefixRule }: NumberFormat): string {
  return plan.callingCode === '1' || /[- ]/.test(prefixRule) ? ' ' : '';
}

/** The prefix before a number whose format does not write it. */
function prefixBefore({ nationalPrefix, otherPrefix }: NationalNumber, plan: NumberingPlan, format: NumberFormat) {
  return otherPrefix ? `${otherPrefix} ` : nationalPrefix && nationalPrefix + prefixSeparator(plan, format);
}

/** A complete number in this format, if that leaves its digits as they are. */
function formatComplete(number: NationalNumber, plan: NumberingPlan, format: NumberFormat, international: boolean) {
  const replace = (groups: string) => {
    const text = number.digits.replace(new RegExp(format.pattern), groups);
    return international ? onlySpaces(text) : text;
  };
  const groups = international ? format.internationalGroups : format.groups;
  const candidates = [
    ruleApplies(format, number.nationalPrefix, international) &&
      replace(international ? groups : groups.replace(/(\$\d)/, format.prefixRule)),
    !(number.nationalPrefix && number.otherPrefix) && prefixBefore(number, plan, format) + replace(groups),
  ];
  return candidates.find((text) => text && text.replace(/\D/g, '') === number.written);
}

/** The format with an `x` for each digit. Undefined for a number that is too long for it. */
function templateOf(format: NumberFormat, number: NationalNumber, plan: NumberingPlan, international: boolean) {
  const groups = international ? format.internationalGroups : format.groups;
  // Formats that add digits, or have alternatives, are for complete numbers only.
  if (!/\$1[^\d$]*(\$\d[^\d$]*)*$/.test(groups) || format.pattern.includes('|')) return undefined;
  const pattern = format.pattern.replace(/\[[^[\]]*\]/g, '\\d').replace(/\d(?=[^,}][^,}])/g, '\\d');
  const longest = new RegExp(pattern).exec('9'.repeat(15))![0];
  if (number.digits.length > longest.length) return undefined;
  const nines = number.digits.replace(/\d/g, '9');
  const { nationalPrefix } = number;
  const rule = ruleApplies(format, nationalPrefix, international) ? format.prefixRule : '';
  const written = rule !== '' && rule.replace(/\D/g, '') === `${nationalPrefix}1`;
  let template = written ? groups.replace(/(\$\d)/, rule) : groups;
  for (let n = written ? nationalPrefix.length : 0; n > 0; n--) template = template.replace(/\d/, 'x');
  template = (matchesWhole(nines, pattern) ? nines : longest).replace(new RegExp(pattern), template).replace(/9/g, 'x');
  if (!written) template = prefixBefore(number, plan, format).replace(/\d/g, 'x') + template;
  return international ? onlySpaces(template) : template;
}

/** The template up to the last digit. Undefined if the digits are more. */
function fill(template: string, digits: string): string | undefined {
  let text = '';
  let next = 0;
  for (const character of template) {
    if (next === digits.length && character !== ')') break;
    text += character === 'x' ? digits[next++] : character;
    if (next === digits.length && character === ')') break;
  }
  // A bracket that is still open.
  return next < digits.length ? undefined : text.replace(/\((?=[^)]*$)/, '');
}

const onlySpaces = (text: string) => text.replace(/[^\dx$]+/g, ' ').trim();
