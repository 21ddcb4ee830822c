/** What a person typed or pasted, in any script, brought to plain characters. Pure. */

/** Bidi and zero-width marks, soft hyphens, variation selectors: what shows nothing and comes along with a paste. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;
const otherDigit = /(?![0-9])\p{Nd}/gu;

/**
 * NFKC, then every decimal digit of Unicode to ASCII, then without invisible marks and surrounding blanks. Null for
 * superscripts, circled digits, Roman numerals and the like: NFKC would make `2` of `²`, and no number is written so.
 */
export function normalizeText(text: string): string | null {
  if (/[\p{No}\p{Nl}]/u.test(text)) return null;
  return text.normalize('NFKC').replace(otherDigit, asciiDigit).replace(invisible, '').trim();
}

/**
 * The code that was entered, as ASCII digits; null unless it is exactly `length` digits, for which Twilio need not be
 * asked. Blanks and dashes between them are dropped: codes arrive as `123-456` and `123 456`.
 */
export function parseCode(text: string, length: number): string | null {
  const digits = normalizeText(text)?.replace(/[ \p{Pd}]/gu, '');
  return digits?.length === length && /^[0-9]+$/.test(digits) ? digits : null;
}

/** Digits stand in runs of ten, zero first, and runs may touch (Unicode, chapter 4.6); `/\d/` knows ASCII only. */
function asciiDigit(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let first = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((point - first) % 10);
}
