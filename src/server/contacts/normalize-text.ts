/** Normalizes what a person typed or pasted, in any script, to plain characters. Pure. */

/** Bidi and zero-width marks, soft hyphens, variation selectors: invisible characters that a paste brings along. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;
const otherDigit = /(?![0-9])\p{Nd}/gu;

/**
 * Applies NFKC, turns every decimal digit of Unicode into ASCII, and removes invisible marks and surrounding blanks.
 * Returns null for superscripts, circled digits, Roman numerals and the like: NFKC would turn `²` into `2`.
 */
export function normalizeText(text: string): string | null {
  if (/[\p{No}\p{Nl}]/u.test(text)) return null;
  return text.normalize('NFKC').replace(otherDigit, asciiDigit).replace(invisible, '').trim();
}

/**
 * Parses an entered code into ASCII digits, ignoring blanks and dashes (`123-456`, `123 456`). Returns null unless it has
 * exactly `length` digits; a call to Twilio is not needed then.
 */
export function parseCode(text: string, length: number): string | null {
  const digits = normalizeText(text)?.replace(/[ \p{Pd}]/gu, '');
  return digits?.length === length && /^[0-9]+$/.test(digits) ? digits : null;
}

/**
 * Unicode encodes decimal digits in runs of ten, zero first, and runs may touch (chapter 4.6). `/\d/` matches ASCII only.
 * `elements/fields/parse-code.ts` repeats this on purpose: the page must not load the server's code.
 */
function asciiDigit(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let first = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((point - first) % 10);
}
