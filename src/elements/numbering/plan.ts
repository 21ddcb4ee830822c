/** The numbering plan of a country: what libphonenumber knows about the spelling of its numbers. Pure. */

/** One way to group the digits of a number. */
export interface NumberFormat {
  readonly pattern: string;
  /** Such as `$1 $2-$3`. */
  readonly groups: string;
  readonly internationalGroups: string;
  /** Such as `0$1`: how the first group is written with the national prefix. */
  readonly prefixRule: string;
  readonly prefixOptional: boolean;
  /** What the number begins with: each pattern is for one more digit than the last, from three on. */
  readonly leadingDigits: readonly string[];
}

export interface NumberingPlan {
  /** ISO 3166-1 alpha-2 */
  readonly country: string;
  readonly callingCode: string;
  /** A pattern of the digits that people dial before a number abroad. */
  readonly dialOut: string;
  /** Of a whole national number. */
  readonly pattern: string;
  readonly lengths: readonly number[];
  readonly nationalPrefix: string;
  readonly prefixRule: string;
  /** A pattern of everything that may precede a national number. */
  readonly prefixPattern: string;
  /** What replaces such a prefix, if it is not just removed. */
  readonly prefixReplacement: string;
  readonly prefixOptional: boolean;
  /** Tells the country from the others that share its calling code. */
  readonly leadingDigits: string;
  /** The patterns of all types of number. Empty where `pattern` says enough. */
  readonly types: string;
  readonly formats: readonly NumberFormat[];
}

/**
 * Reads one row of a file of plans, which `scripts/build/numbering-plans.ts` has written. Countries that share a calling
 * code have the formats of the `main` one, unless they have their own.
 */
export function readPlan(row: string, callingCode: string, main?: NumberingPlan): NumberingPlan {
  const [country = '', dialOut = '', pattern = '', lengths = '', nationalPrefix = '', rule = '', ...more] =
    row.split(';');
  const [prefixPattern = '', prefixReplacement = '', optional = '', leadingDigits = '', types = '', ...formats] = more;
  const prefixRule = rule || (main?.prefixRule ?? '');
  const prefixOptional = optional !== '';
  return {
    country,
    callingCode,
    dialOut: expression(dialOut),
    pattern: expression(pattern),
    lengths: lengths.split(',').map(Number),
    nationalPrefix,
    prefixRule,
    prefixPattern: expression(prefixPattern) || nationalPrefix,
    prefixReplacement,
    prefixOptional,
    leadingDigits: expression(leadingDigits),
    types: expression(types),
    formats: formats.length || !main ? formats.map((one) => readFormat(one, prefixRule, prefixOptional)) : main.formats,
  };
}

function readFormat(text: string, planRule: string, planOptional: boolean): NumberFormat {
  const [pattern = '', groups = '', rule = '', optional = '', international = '', ...leadingDigits] = text.split('~');
  return {
    pattern: expression(pattern),
    groups,
    internationalGroups: international || groups,
    prefixRule: rule || planRule,
    prefixOptional: planOptional || optional !== '',
    leadingDigits: leadingDigits.map(expression),
  };
}

/** In the files, `d` is short for `\d`. */
const expression = (text: string) => text.replaceAll('d', '\\d');

/** Compiles each pattern once. Kept by the pattern itself: some are long, and each new string would be hashed at each key. */
function compiler(source: (pattern: string) => string): (pattern: string) => RegExp {
  const expressions = new Map<string, RegExp>();
  return (pattern) => {
    let found = expressions.get(pattern);
    if (!found) expressions.set(pattern, (found = new RegExp(source(pattern))));
    return found;
  };
}

const start = compiler((pattern) => `^(?:${pattern})`);
const whole = compiler((pattern) => `^(?:${pattern})$`);
const beginning = compiler((pattern) => {
  const mayEnd = pattern.replace(/\{[^{}]*\}|\\d|\[[^[\]]*\]|\d/g, (atom) =>
    atom.startsWith('{') ? atom : `(?:${atom}|$)`,
  );
  return `^(?:${mayEnd})`;
});

export function matchStart(digits: string, pattern: string): RegExpExecArray | null {
  return start(pattern).exec(digits);
}

export function matchesWhole(digits: string, pattern: string): boolean {
  return whole(pattern).test(digits);
}

/** True also if only digits are missing at the end. */
export function matchesBeginning(digits: string, pattern: string): boolean {
  return beginning(pattern).test(digits);
}

/** Whether it is a number of this country. Digits without the national prefix. */
export function isNumberOf(plan: NumberingPlan, digits: string): boolean {
  return matchesWhole(digits, plan.pattern) && (!plan.types || matchesWhole(digits, plan.types));
}

/** Whether a number of this country may begin like this. Digits without the national prefix. */
export function isBeginningOf(plan: NumberingPlan, digits: string): boolean {
  return matchesBeginning(digits, plan.pattern) && matchesBeginning(digits, plan.types);
}

/** The country of a number among those that share a calling code. Undefined while it may be several. */
export function planOf(digits: string, plans: readonly NumberingPlan[]): NumberingPlan | undefined {
  if (plans.length < 2) return plans[0];
  return plans.find((plan) =>
    plan.leadingDigits ? matchStart(digits, plan.leadingDigits) : plan.types && isNumberOf(plan, digits),
  );
}

/** A national number with what people write before it. */
export interface NationalNumber {
  /** The number without prefix. */
  readonly digits: string;
  /** As written, with all prefixes. */
  readonly written: string;
  readonly nationalPrefix: string;
  /** Other digits before the number, such as the code of a carrier. */
  readonly otherPrefix: string;
  /** The plan gives the number other digits than were written. */
  readonly replaced: boolean;
}

export function withoutPrefix(written: string): NationalNumber {
  return { digits: written, written, nationalPrefix: '', otherPrefix: '', replaced: false };
}

/** Separates the national prefix from a number, which may be incomplete. */
export function splitPrefix(written: string, plan: NumberingPlan): NationalNumber {
  const match = plan.prefixPattern && matchStart(written, plan.prefixPattern);
  if (!match) return withoutPrefix(written);
  const captured = match.length > 1 && match.at(-1);
  const rest = written.slice(match[0].length);
  const digits =
    plan.prefixReplacement && captured
      ? match[0].replace(start(plan.prefixPattern), plan.prefixReplacement) + rest
      : rest;
  if (digits === written) return withoutPrefix(written);
  const before = captured ? written.slice(0, written.indexOf(match[1]!)) : match[0];
  const nationalPrefix = !captured || before === plan.nationalPrefix ? before : '';
  const replaced = !written.endsWith(digits);
  const prefix = replaced ? '' : written.slice(0, written.length - digits.length);
  return { digits, written, nationalPrefix, otherPrefix: prefix === nationalPrefix ? '' : prefix, replaced };
}
