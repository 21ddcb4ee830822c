/** Twilio's identifiers and the random numbers behind them. Web Crypto only, so that the emulator runs anywhere. */

/** Two letters and 32 lower-case hexadecimal digits, as every resource of Twilio is named. */
export type Sid = string;

/** Draws a new identifier: `sid('VE')` → `VE4a…`. */
export function sid(prefix: string): Sid {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return prefix + Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The same identifier at every start, so that configuration written down today works tomorrow. */
export function seededSid(prefix: string, number: number): Sid {
  return prefix + number.toString(16).padStart(32, '0');
}

/** Whether this has the form of an identifier of that kind. */
export function isSid(prefix: string, value: string): boolean {
  return value.startsWith(prefix) && /^[0-9a-fA-F]{32}$/.test(value.slice(2)) && value.length === 34;
}

/** Draws a code of that many digits, each equally likely; zeros may lead. */
export function randomCode(length: number): string {
  let code = '';
  while (code.length < length) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
    // 250 is the largest multiple of ten in a byte; what lies above would favour small digits.
    if (byte < 250) code += String(byte % 10);
  }
  return code;
}
