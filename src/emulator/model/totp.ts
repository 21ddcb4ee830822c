/** The codes of authenticator apps (RFC 6238) and their secrets in Base32. Uses Web Crypto alone, so that the emulator runs anywhere. */

const hashes = { sha1: 'SHA-1', sha256: 'SHA-256', sha512: 'SHA-512' } as const;

/** How an app makes its codes, and how many steps of time before and after the present one are right too (`skew`). */
export interface TotpConfig {
  alg: keyof typeof hashes;
  skew: number;
  codeLength: number;
  /** Seconds. */
  timeStep: number;
}

export const algorithms = Object.keys(hashes) as TotpConfig['alg'][];

/** The number of the step that a time is in. */
export function stepAt({ timeStep }: TotpConfig, now: number): number {
  return Math.floor(now / 1000 / timeStep);
}

/** The code of one step: HOTP (RFC 4226) of its number. */
export async function codeOfStep(
  secret: Uint8Array<ArrayBuffer>,
  { alg, codeLength }: TotpConfig,
  step: number,
): Promise<string> {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigInt64(0, BigInt(step));
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: hashes[alg] }, false, ['sign']);
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer));
  const offset = mac.getUint8(mac.byteLength - 1) & 0xf;
  const number = (mac.getUint32(offset) & 0x7fffffff) % 10 ** codeLength;
  return String(number).padStart(codeLength, '0');
}

/** The steps around the present one that have this code. None: the code is wrong. */
export async function stepsOfCode(
  code: string,
  secret: Uint8Array<ArrayBuffer>,
  config: TotpConfig,
  now: number,
): Promise<number[]> {
  const first = stepAt(config, now) - config.skew;
  const steps = Array.from({ length: 2 * config.skew + 1 }, (_, index) => first + index);
  const codes = await Promise.all(steps.map((step) => codeOfStep(secret, config, step)));
  return steps.filter((_, index) => codes[index] === code);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Generates a secret of 20 bytes, as Twilio's examples have it. */
export function randomSecret(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => alphabet.charAt(byte % 32)).join('');
}

/** The bytes of a secret in Base32, or undefined if it is none. */
export function decodeSecret(secret: string): Uint8Array<ArrayBuffer> | undefined {
  const digits = secret.toUpperCase().replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 5) / 8));
  if (!/^[A-Z2-7]+$/.test(digits) || bytes.length === 0) return undefined;
  let [value, bits, at] = [0, 0, 0];
  for (const digit of digits) {
    value = ((value << 5) | alphabet.indexOf(digit)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = value >> bits;
    at += 1;
  }
  return bytes;
}
