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

/**
 * The number in a text that was copied as a whole: with a label (`Tel.: …`), from a link (`tel:…`), in quotes or angle
 * brackets, or with punctuation around it. The text itself if there is something else in it.
 */
export function copiedNumber(text: string): string {
  const joined = text.trim().replace(/[\r\n]+/g, ' ');
  const link = /^tel:(?:\/\/)?(.*)$/i.exec(joined)?.[1];
  const inner =
    link?.replace(/%20/g, ' ').replace(/%2b/gi, '+') ?? joined.replace(/^[\p{L}\p{M} ./-]{1,24}[:.]\s*(?=\S)/u, '');
  const bare = inner
    .replace(/^[^<>\d]*<([^<>]+)>$/, '$1')
    .replace(/^["'“”„‘’,;:\s]+|(?<!["'“”‘’,;:\s])["'“”‘’,;:\s]+$/g, '');
  return plainNumber(bare) ? bare : text;
}
