/** The phone number library with its largest set of metadata, loaded when it is first needed. */
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
