/** The phone number library with its largest set of metadata, loaded when it is first needed. */
import type { CountryCode, NumberingPlan, PhoneNumber } from 'libphonenumber-js/max';

type PhoneLibrary = typeof import('libphonenumber-js/max');

let library: PhoneLibrary | undefined;

/**
 * Loads the library. Call it before you parse or format a number.
 * It is some hundred files, which a process that only serves keys does not need.
 */
export async function loadPhoneMetadata(): Promise<void> {
  library ??= await import('libphonenumber-js/max');
}

/** The library, once {@link loadPhoneMetadata} has resolved. */
export function phoneLibrary(): PhoneLibrary {
  return library!;
}

/** What the library's types leave out: what is put in place of a national prefix. */
interface PrefixRule {
  nationalPrefix(): string | undefined;
  nationalPrefixTransformRule(): string | undefined;
}

function planOf(country: CountryCode): (NumberingPlan & PrefixRule) | undefined {
  const metadata = new (phoneLibrary().Metadata)();
  metadata.selectNumberingPlan(country);
  return metadata.numberingPlan as (NumberingPlan & PrefixRule) | undefined;
}

/** Whether people dial a prefix before a national number, such as 0. */
export function hasNationalPrefix(country: CountryCode): boolean {
  return Boolean(planOf(country)?.nationalPrefix());
}

/**
 * The digit that a country adds to a mobile number in international format, such as Argentina's 9. People leave it out.
 * Empty for other countries.
 */
export function unwrittenDigit(country: CountryCode): string {
  return /^(\d)\$1$/.exec(planOf(country)?.nationalPrefixTransformRule() ?? '')?.[1] ?? '';
}

/**
 * What stood before a mobile number until the country abolished it, and what people still write. The plus stands for a
 * calling code. The library had a rule for Mexico while these numbers still worked, and knows none for the others.
 */
const formerPrefixes: Readonly<Record<string, RegExp>> = {
  // `0` from landlines, until 2016.
  CL: /^\+?0(?=9\d{8}$)/,
  // `+52 1` from abroad and `044`, `045` or `01` in the country, until 2019.
  MX: /^(?:\+1|\+?0(?:1|4[45]))(?=\d{10}$)/,
  // `8 0`, until 2009.
  UA: /^80(?=\d{9}$)/,
};

/** The number in E.164 without a prefix that its country has abolished. Undefined for a number without one. */
export function withoutFormerPrefix(number: PhoneNumber, written: string): string | undefined {
  const { country = '', countryCallingCode, nationalNumber } = number;
  const hasCallingCode = written.endsWith(countryCallingCode + nationalNumber);
  const digits = (hasCallingCode ? '+' : '') + nationalNumber;
  const rest = formerPrefixes[country] && digits.replace(formerPrefixes[country], '');
  return rest && rest !== digits ? `+${countryCallingCode}${rest}` : undefined;
}
