/** Finds the code in text that was typed, pasted or filled in, with the digits of any script. Pure: no DOM. */
import { toAsciiText } from './ascii-text.js';

/** A line that binds a code to a host (https://wicg.github.io/sms-one-time-codes/). The host of a frame may follow. */
const domainBound = /(?<!\S)@[^\s@#]{1,255} #(\d+)(?!\S)/g;

const currency =
  '(?:\\p{Sc}|\\b(?:aed|aud|brl|cad|chf|cny|czk|dkk|eur|gbp|huf|inr|jpy|mxn|nok|pln|rs\\.?|rub|sar|sek|try|usd|zar)(?!\\p{L}))';

/** What has digits and is no code, as long as a code stands elsewhere. Every repetition is bounded, so that no text takes long. */
const foreign = [
  // Links, addresses, and words or references with digits in them: `t.me/48291`, `X103344`, `1800Bloom`, `INV-103344`, `#771204`.
  /(?<![!-~])[!-~]{0,64}?(?::\/\/|www\.|[a-z]\.[a-z]{2,20}\/|@[a-z])[!-~]*/g,
  /(?<![\p{Lu}\p{Ll}\d_])(?:\d{1,30}[\p{Lu}\p{Ll}_]|[\p{Lu}\p{Ll}_]{1,30}\d)[\p{Lu}\p{Ll}\d_]*/gu,
  /\p{L}{3}-\d+|#\d+/gu,
  // Phone numbers, and the last digits of cards: `+1 415 555 2671`, `(415) 555-2671`, `**4829`.
  /\+\d[\d ().-]{5,16}\d(?!\d)|(?<!\d)\(?\d{3}\)?[ -]\d{3}-\d{4}(?!\d)|(?:[*•]{2}|\.\.)\d+(?![\d*•])/g,
  // Times, dates, and numbers with a point or comma: `14:03`, `27.11.2026`, `2026-11-27`, `27 Nov 2026`, `1,250.00`.
  /(?<!\d)\d{4}-\d\d-\d\d(?!\d)|(?<!\d)\d\d?-\d\d?-\d{4}(?!\d)|(?:19|20)\d\d ?年/g,
  /(?<!\d)\d\d?(?:\.|st|nd|rd|th)? (?:(?:de|of) )?\p{L}{3,20}[.,]? (?:de )?(?:19|20)\d\d(?!\d)/giu,
  /\p{L}{3}\.? \d\d?(?:st|nd|rd|th)?, (?:19|20)\d\d(?!\d)|© ?\d{4}(?!\d)/giu,
  /(?<!\d)\d+(?:[.,:/'’٫٬]\d+)+/g,
  RegExp(`${currency} ?\\d+|(?<!\\d)\\d+ ?${currency}`, 'giu'),
];

/**
 * The code of `length` digits in `text`. Without one, all digits of the text, which may be too few or too many. Of several
 * candidates it takes the one that is bound to a host; then one that is part of nothing else, such as a date, an amount or
 * a link; of these the first without separators, otherwise the first in groups of equal size (`123-456`, `12 34 56`).
 */
export function extractCode(text: string, length: number): string {
  // A comma of full width separates: "482913，5" is no decimal.
  const plain = toAsciiText(text.replace(/[，．：]/g, '$& ')).trim();
  const digits = once(plain.replace(/\D/g, ''), length);
  if (digits.length === length) return digits;
  const bound = [...plain.matchAll(domainBound)].map(([, code]) => code).find((code) => code?.length === length);
  const alone = foreign.reduce((rest, pattern) => rest.replace(pattern, ';'), plain);
  return bound ?? findCode(alone, length) ?? findCode(plain, length) ?? digits;
}

/** The first run of `length` digits, else the first in groups of equal size, else the first that stands there twice. */
function findCode(text: string, length: number): string | undefined {
  const clusters = (text.match(/\d+(?:[ -]\d+)*/g) ?? []).map((cluster) => cluster.split(/[ -]/));
  const runs = clusters.flat();
  const candidates = [
    runs,
    clusters.map((pieces) => joinEqualGroups(pieces, length)),
    runs.map((run) => once(run, length)),
  ];
  return candidates.flat().find((candidate) => candidate?.length === length);
}

/** The code alone, if it was pasted twice. */
function once(digits: string, length: number): string {
  const code = digits.slice(0, length);
  return digits === code + code ? code : digits;
}

/** The code at the start of `pieces`, in groups of equal size, if there is one. The next piece may be the "10" of "10 min". */
function joinEqualGroups(pieces: readonly string[], length: number): string | undefined {
  const size = pieces[0]?.length ?? length;
  const first = pieces.slice(0, length / size);
  return first.every((piece) => piece.length === size) ? first.join('') : undefined;
}
