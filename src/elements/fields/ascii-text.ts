/** Reads the digits, spaces and dashes of any script as those of ASCII. Pure: no DOM. */

/** Invisible characters in copied text: soft hyphen, zero-width and bidi marks, byte order mark. */
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** Every hyphen and dash. NFKC has already normalized spaces. */
const dashes = /[\p{Pd}\u2212]/gu;

/** Converts every decimal digit of Unicode to ASCII, all spaces and dashes to one kind each, and removes invisible characters. */
export function toAsciiText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(invisible, '')
    .replace(/\p{Nd}/gu, (digit) => String(value(digit)))
    .replace(dashes, '-');
}

/**
 * The value of a decimal digit of any script. Unicode (§4.6) has decimal digits in runs of ten from zero, and some runs are
 * adjacent. `contacts/normalize-text.ts` in the server repeats this on purpose: the page must not load the server's code.
 */
function value(digit: string): number {
  const point = digit.codePointAt(0)!;
  let zero = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return (point - zero) % 10;
}
