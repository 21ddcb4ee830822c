/** Finds the code in text that was typed, pasted or filled in, with the digits of any script. Pure: no DOM. */

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
 * The code of `length` digits in `text`. Without one, all digits of the text, which may be too few or too many. Of several
 * candidates it takes the one after `#` at the end (https://wicg.github.io/sms-one-time-codes/), otherwise the first
 * without separators, otherwise the first in groups of equal size (`123-456`, `12 34 56`).
 */
export function extractCode(text: string, length: number): string {
  const plain = toAsciiText(text).trim();
  const clusters = (plain.match(/\d+(?:[ -]\d+)*/g) ?? []).map((cluster) => cluster.split(/[ -]/));
  // The domain of a frame may follow.
  const domainBound = /#(\d+)(?: [@%]\S+)?$/.exec(plain)?.[1];
  return (
    [domainBound, ...clusters.flat(), ...clusters.map((pieces) => joinEqualGroups(pieces, length))].find(
      (candidate) => candidate?.length === length,
    ) ?? clusters.flat().join('')
  );
}

/** The code at the start of `pieces`, in groups of equal size, if there is one. The next piece may be the "10" of "10 min". */
function joinEqualGroups(pieces: readonly string[], length: number): string | undefined {
  const size = pieces[0]?.length ?? length;
  const first = pieces.slice(0, length / size);
  return first.every((piece) => piece.length === size) ? first.join('') : undefined;
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
