/** Interleaved rounds, medians, ratios, tables and verdicts. Knows nothing about what is measured. */
import { loadavg } from 'node:os';

/**
 * @typedef {Record<string, number>} Figures one round of one subject, by the name of the figure
 * @typedef {{ median: number, low: number, high: number }} Spread
 * @typedef {Record<string, Record<string, Spread>>} Results subject → figure → its spread over the rounds
 * @typedef {object} Verdict one row of the targets
 * @property {string} what
 * @property {number} value
 * @property {string} unit
 * @property {'least' | 'most'} bound whether the target is a least or a most
 * @property {number} target
 * @property {number} aim
 * @property {string} [note]
 */

/**
 * Runs every subject once a round, in rotating order, so that the machine's other work affects all equally.
 * @param {string} what for the progress line
 * @param {Record<string, () => Promise<Figures>>} subjects
 * @param {number} rounds
 * @returns {Promise<Results>}
 */
export async function interleave(what, subjects, rounds) {
  const names = Object.keys(subjects);
  /** @type {Record<string, Record<string, number[]>>} */
  const all = Object.fromEntries(names.map((name) => [name, {}]));
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < names.length; i += 1) {
      const name = names[(i + round) % names.length];
      progress(`${what}: round ${round + 1} of ${rounds}, ${name}`);
      for (const [figure, value] of Object.entries(await subjects[name]())) (all[name][figure] ??= []).push(value);
    }
  }
  return Object.fromEntries(
    Object.entries(all).map(([name, figures]) => [
      name,
      Object.fromEntries(Object.entries(figures).map(([figure, values]) => [figure, spread(values)])),
    ]),
  );
}

/** @param {number[]} values @returns {Spread} */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, low: sorted[0], high: sorted.at(-1) ?? NaN };
}

/** Overwrites one line on a terminal, and writes a new line elsewhere. @param {string} text */
export function progress(text) {
  const load = loadavg()[0].toFixed(1);
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text} (load ${load})`);
  else process.stderr.write(`· ${text} (load ${load})\n`);
}

/** A Markdown table. @param {string[]} head @param {(string | number)[][]} rows */
export function table(head, rows) {
  const line = (/** @type {(string | number)[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

/** A number with three significant digits. @param {number} value */
export function short(value) {
  if (!Number.isFinite(value)) return '–';
  if (value === 0 || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return Number(value.toPrecision(3)).toString();
}

/** @param {Verdict} verdict @param {number} limit */
const holds = ({ bound, value }, limit) => (bound === 'least' ? value >= limit : value <= limit);

/** A sentence for each target that is missed or was not measured. @param {Verdict[]} verdicts */
export function losses(verdicts) {
  const missed = verdicts.filter((one) => !holds(one, one.target));
  if (missed.length === 0) return 'Nowhere, in the last run: every target was met.';
  return missed
    .map(({ what, value, unit, bound, target, note }) => {
      const wanted = `${bound === 'least' ? 'at least' : 'at most'} ${short(target)} ${unit}`;
      const measured = Number.isNaN(value) ? 'not measured' : `${short(value)} ${unit}`;
      return `- ${what}: ${measured}, where ${wanted} is the target${note ? `; ${note}` : ''}.`;
    })
    .join('\n');
}

/** A table of the targets, with the missed ones in bold. @param {Verdict[]} verdicts */
export function verdictTable(verdicts) {
  return table(
    ['target', 'measured', 'at least / most', 'aim', ''],
    verdicts.map((verdict) => {
      const { what, value, unit, bound, target, aim, note } = verdict;
      const word = Number.isNaN(value)
        ? 'not measured'
        : holds(verdict, aim)
          ? 'aim reached'
          : holds(verdict, target)
            ? 'holds'
            : '**missed**';
      const sign = bound === 'least' ? '≥' : '≤';
      return [
        what,
        `${short(value)} ${unit}`,
        `${sign} ${short(target)}`,
        short(aim),
        note ? `${word}; ${note}` : word,
      ];
    }),
  );
}
