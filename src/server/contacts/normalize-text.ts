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
 * The digits of a phone number with an optional plus before them, without what people write between them. Null for text
 * that is not only a number. `elements/fields/parse-number.ts` accepts the same characters, and a test compares the two.
 */
export function normalizeNumber(text: string): string | null {
  // NFKC first: the phone library does not know the full-width plus, and would turn a British number into +1 44…
  const plain = /[^\P{Cc}\t]/u.test(text) ? null : normalizeText(text)?.replace(/[\p{Pd}\u2212\u30fc]/gu, '-');
  return plain != null && allowed.test(plain) && !hasNote(plain) ? plain.replace(/[^+0-9]/g, '') : null;
}

const allowed = /^(?:[ \t([]*\+)?[ \t()[\]./0-9·•∙⋅‧・\u2028\u2029-]*$/;

/**
 * Whether one or two digits, or none, stand beside the number and not in it: the mark of a footnote (`…[5]`, `… (5)`), the
 * number of a row (`[2] …`, `2) …`), a bullet, another cell or line. With them, it would be another person's number.
 */
function hasNote(text: string): boolean {
  const short = text.replace(/[ ./-]/g, '');
  if (/^(?:\[?\d{1,2}\]|\d{1,2}\)|\([1-9]\)0)|\d{5}[([]\d{1,2}[)\]]?$|\d{7}[)\]]\d{1,2}$/.test(short)) return true;
  const cells = short.split(/[\t·•∙⋅‧・\u2028\u2029]+/).map((cell) => cell.replace(/[^+0-9]/g, ''));
  return cells.some((cell) => cell.length > 4) && cells.some((cell) => cell.length < 3 && !cell.startsWith('+'));
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
 * `elements/fields/ascii-text.ts` repeats this on purpose: the page must not load the server's code.
 */
function asciiDigit(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let first = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((point - first) % 10);
}
