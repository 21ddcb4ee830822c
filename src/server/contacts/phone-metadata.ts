/** The phone number library with its largest set of metadata, loaded when it is first needed. */
import type { CountryCode, NumberingPlan } from 'libphonenumber-js/max';

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
  nationalPrefixTransformRule(): string | undefined;
}

/**
 * The digit that a country adds to a mobile number in international format, such as Argentina's 9. People leave it out.
 * Empty for other countries.
 */
export function unwrittenDigit(country: CountryCode): string {
  const metadata = new (phoneLibrary().Metadata)();
  metadata.selectNumberingPlan(country);
  const plan = metadata.numberingPlan as (NumberingPlan & PrefixRule) | undefined;
  return /^(\d)\$1$/.exec(plan?.nationalPrefixTransformRule() ?? '')?.[1] ?? '';
}
