/** Generates Twilio's identifiers and one-time codes. Uses Web Crypto alone, so that the emulator runs anywhere. */

/** The identifier of a Twilio resource: two letters and 32 lower-case hexadecimal digits. */
export type Sid = string;

/** Generates an identifier: `sid('VE')` → `VE4a…`. */
export function sid(prefix: string): Sid {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return prefix + Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** An identifier that is the same at every start, so that you can write it into a configuration file. */
export function seededSid(prefix: string, number: number): Sid {
  return prefix + number.toString(16).padStart(32, '0');
}

/** Whether the value is an identifier with that prefix. */
export function isSid(prefix: string, value: string): boolean {
  return value.startsWith(prefix) && /^[0-9a-fA-F]{32}$/.test(value.slice(2)) && value.length === 34;
}

/** Generates a code of that many digits, each equally likely. It may start with zeros. */
export function randomCode(length: number): string {
  let code = '';
  while (code.length < length) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
    // 250 is the largest multiple of ten in a byte. Larger values would favour small digits.
    if (byte < 250) code += String(byte % 10);
  }
  return code;
}
