/** Finds the code in text that was typed, pasted or filled in, with the digits of any script. Pure: no DOM. */
import { toAsciiText } from './ascii-text.js';
import { maskDigits, rankDigits } from './code-surroundings.js';

/** A line that binds a code to a host (https://wicg.github.io/sms-one-time-codes/). The host of a frame may follow. */
const domainBound = /(?<!\S)@[^\s@#]{1,255} #(\d+)(?!\S)/g;

/**
 * The code of `length` digits in `text`. Without one, all digits of the text, which may be too few or too many. Of several
 * candidates it takes the one that is bound to a host; then one beside a word for "code"; then one that is part of nothing
 * else, such as a date, an amount or a link; of these the first without separators, otherwise the first in groups of equal
 * size (`123-456`, `12 34 56`).
 */
export function extractCode(text: string, length: number): string {
  // A comma of full width separates: "482913，5" is no decimal.
  const plain = toAsciiText(text.replace(/[，．：]/g, '$& ')).trim();
  const digits = once(plain.replace(/\D/g, ''), length);
  if (digits.length === length) return digits;
  const bound = [...plain.matchAll(domainBound)].map(([, code]) => code).find((code) => code?.length === length);
  return bound ?? findCode(plain, length) ?? digits;
}

/** The likeliest of the runs of `length` digits, of those in groups of equal size, and of those that stand there twice. */
function findCode(text: string, length: number): string | undefined {
  const found: { code: string; start: number; end: number }[][] = [[], [], []];
  for (const { index, 0: cluster } of text.matchAll(/\d+(?:[ -]\d+)*/g)) {
    const groups = joinEqualGroups(cluster.split(/[ -]/), length);
    if (groups?.code.length === length) found[1]!.push({ ...groups, start: index, end: index + groups.end });
    for (const { index: offset, 0: run } of cluster.matchAll(/\d+/g)) {
      const code = once(run, length);
      const place = { code, start: index + offset, end: index + offset + run.length };
      if (code.length === length) found[run === code ? 0 : 2]!.push(place);
    }
  }
  const candidates = found.flat();
  if (candidates.length < 2) return candidates[0]?.code;
  const masked = maskDigits(text);
  let best = { code: '', rank: -1 };
  for (const { code, start, end } of candidates) {
    const rank = rankDigits(text, masked, start, end);
    if (rank > best.rank) best = { code, rank };
  }
  return best.code;
}

/** The code alone, if it was pasted twice. */
function once(digits: string, length: number): string {
  const code = digits.slice(0, length);
  return digits === code + code ? code : digits;
}

/** The code at the start of `pieces`, in groups of equal size, if there is one. The next piece may be the "10" of "10 min". */
function joinEqualGroups(pieces: readonly string[], length: number): { code: string; end: number } | undefined {
  const size = pieces[0]?.length ?? length;
  const first = pieces.slice(0, length / size);
  if (size === length || !first.every((piece) => piece.length === size)) return undefined;
  return { code: first.join(''), end: length + first.length - 1 };
}
