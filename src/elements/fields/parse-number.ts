/** Finds the digits of a phone number in what was typed, pasted or filled in. Pure: no DOM. */
import { toAsciiText } from './ascii-text.js';

/**
 * The digits with an optional plus before them. Null for text that is not only a number: it stays as typed, and the backend
 * decides. `contacts/normalize-text.ts` in the server accepts the same characters, and a test compares the two.
 */
export function plainNumber(text: string): string | null {
  const plain = /^[ -~]*$/.test(text) ? text.trim() : asciiNumber(text);
  return plain !== null && /^(?:[ \t(]*\+)?[ \t()./\d-]*$/.test(plain) ? plain.replace(/[^\d+]/g, '') : null;
}

/** NFKC would turn `²` into `2`. */
function asciiNumber(text: string): string | null {
  if (/[\p{No}\p{Nl}]|[^\P{Cc}\t]/u.test(text)) return null;
  return toAsciiText(text)
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll('\u30fc', '-')
    .trim();
}

/** A label, a name, quotes or brackets before a number. */
const label = /^[\p{L}\p{M}\s./,:;|*•·<＜«‹「『【［["'“”„‘’：-]{1,40}?(?=[+＋(（\s]{0,4}\p{Nd})/u;
/** Punctuation behind a number. Looks behind, so that it begins to match once only. */
const marks = /(?<![\s.,;:|*>＞»›」』】］\]"'“”’。、！!])[\s.,;:|*>＞»›」』】］\]"'“”’。、！!]+$/u;

/**
 * The number in a text that was copied as a whole: with a label (`Tel.: …`, `Mobile …`, `電話：…`) or a name (`Ada <…>`), from
 * a link (`tel:…`), in quotes or brackets, or with punctuation around it. The text itself if there is something else in it,
 * such as an extension: no code reaches an extension.
 */
export function copiedNumber(text: string): string {
  const joined = text.trim().replace(/[\r\n]+/g, ' ');
  const link = /^tel:(?:\/\/)?(.*)$/i.exec(joined)?.[1];
  const inner = link?.replace(/%20/g, ' ').replace(/%2b/gi, '+') ?? joined;
  const bare = inner.replace(label, '').replace(marks, '');
  const digits = plainNumber(bare);
  // With other text around it, a few digits may mean anything.
  return digits && (digits.length > 5 || bare === inner) ? bare : text;
}
