/** Finds the code in what was typed, pasted or filled in, in any script's digits. Pure: no DOM. */

/** Marks that travel with copied text and that nobody sees: soft hyphen, zero-width and bidi marks, byte order mark. */
const unseen = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** Every hyphen and dash; NFKC has already made spaces plain. */
const dashes = /[\p{Pd}\u2212]/gu;

/** The text in its plainest form: every decimal digit of Unicode in ASCII, spaces and dashes of one kind, nothing unseen. */
export function toAsciiText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(unseen, '')
    .replace(/\p{Nd}/gu, (digit) => String(value(digit)))
    .replace(dashes, '-');
}

/**
 * The code of `length` digits in `text`, else all of the text's digits in one piece, which may be too few or too many.
 * Of several candidates: the one behind `#` at the end (https://wicg.github.io/sms-one-time-codes/), else the first in one
 * piece, else the first in pieces of one size (`123-456`, `12 34 56`).
 */
export function extractCode(text: string, length: number): string {
  const plain = toAsciiText(text).trim();
  const clusters = (plain.match(/\d+(?:[ -]\d+)*/g) ?? []).map((cluster) => cluster.split(/[ -]/));
  // A frame's own domain may follow.
  const bound = /#(\d+)(?: [@%]\S+)?$/.exec(plain)?.[1];
  return (
    [bound, ...clusters.flat(), ...clusters.map((pieces) => joinEqualGroups(pieces, length))].find(
      (candidate) => candidate?.length === length,
    ) ?? clusters.flat().join('')
  );
}

/** The code at the start of `pieces`, in parts of one size, if there is one. What follows may be "10" of "10 min". */
function joinEqualGroups(pieces: readonly string[], length: number): string | undefined {
  const size = pieces[0]?.length ?? length;
  const first = pieces.slice(0, length / size);
  return first.every((piece) => piece.length === size) ? first.join('') : undefined;
}

/** Decimal digits lie in runs of ten that begin with zero, several runs in a row in places (Unicode §4.6). */
function value(digit: string): number {
  const point = digit.codePointAt(0)!;
  let zero = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return (point - zero) % 10;
}
