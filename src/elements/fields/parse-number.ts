/** Finds the digits of a phone number in what was typed, pasted or filled in. Pure: no DOM. */
import { toAsciiText } from './ascii-text.js';

/**
 * The digits with an optional plus before them. Null for text that is not only a number: it stays as typed, and the backend
 * decides. `contacts/normalize-text.ts` in the server accepts the same characters, and a test compares the two.
 */
export function plainNumber(text: string): string | null {
  const plain = /^[ -~]*$/.test(text) ? text.trim() : asciiNumber(text);
  return plain !== null && allowed.test(plain) && !hasNote(plain) ? plain.replace(/[^\d+]/g, '') : null;
}

const allowed = /^(?:[ \t([]*\+)?[ \t()[\]./\d·•∙⋅‧・\u2028\u2029-]*$/;

/** NFKC would turn `²` into `2`. */
function asciiNumber(text: string): string | null {
  if (/[\p{No}\p{Nl}]|[^\P{Cc}\t]/u.test(text)) return null;
  return toAsciiText(text)
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll('\u30fc', '-')
    .trim();
}

/**
 * Whether one or two digits, or none, stand beside the number and not in it: the mark of a footnote (`…[5]`, `… (5)`), the
 * number of a row (`[2] …`, `2) …`), a bullet, another cell or line.
 */
function hasNote(text: string): boolean {
  const short = text.replace(/[ ./-]/g, '');
  if (/^(?:\[?\d{1,2}\]|\d{1,2}\)|\([1-9]\)0)|\d{5}[([]\d{1,2}[)\]]?$|\d{7}[)\]]\d{1,2}$/.test(short)) return true;
  const cells = short.split(/[\t·•∙⋅‧・\u2028\u2029]+/).map((cell) => cell.replace(/[^\d+]/g, ''));
  return cells.some((cell) => cell.length > 4) && cells.some((cell) => cell.length < 3 && !cell.startsWith('+'));
}

/** A label, a name, quotes, a picture or the number of a row before a number. */
const label =
  /^(?:\d{1,2}[.)][ \t]*(?=[+＋]))?[\p{L}\p{M}\p{So}\ufe0f\s./,:;|#*•·<>＜«‹「『【［["'“”„‘’：-]{0,40}?(?=[+＋(（\s]{0,4}\p{Nd})/u;
/** A name in the next cell, or in brackets, behind a number. */
const note = /(?:\t[\p{L}\p{M} .'’-]{1,40}|[ \t]?[([（［][\p{L}\p{M} ]{1,20}[)\]）］])$/u;
/** Punctuation behind a number. Looks behind, so that it begins to match once only. */
const marks = /(?<![\s.,;:|*·•>＞»›」』】］\]"'“”’。、！!])[\s.,;:|*·•>＞»›」』】］\]"'“”’。、！!]+$/u;

/**
 * The number in a text that was copied as a whole: with a label (`Tel.: …`, `Mobile …`, `電話：…`), a name (`Ada <…>`, or in
 * the cell beside it), from a link (`tel:…`, also in Markdown), in quotes or brackets, or with punctuation around it. The whole
 * text if there is something else in it, such as an extension: no code reaches an extension. A field of one line would join
 * its lines to another number, so a tab separates them.
 */
export function copiedNumber(text: string): string {
  const joined = text.trim().replace(/[\r\n\u2028\u2029]+/g, '\t');
  const [, shown = '', target] = /^\[([^\]]*)\]\((tel:[^()]*)\)$/i.exec(joined) ?? [];
  const link = /^tel:(?:\/\/)?(.*)$/i.exec(target ?? joined)?.[1];
  const inner = link?.replace(/%20/g, ' ').replace(/%2b/gi, '+') ?? joined;
  // A link that shows another number than it calls.
  if (!lastDigits(inner).endsWith(lastDigits(shown))) return joined;
  if (plainNumber(inner) !== null) return inner;
  const bare = [note, marks, note, label, marks].reduce((rest, part) => rest.replace(part, ''), inner);
  const digits = plainNumber(bare);
  // With other text around it, a few digits may mean anything.
  return digits && (digits.length > 5 || bare === inner) ? bare : joined;
}

const lastDigits = (text: string) => toAsciiText(text).replace(/\D/g, '').slice(-6);
