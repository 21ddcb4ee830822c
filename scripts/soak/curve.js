/** What was measured, as a table and as lines of bars; and whether a line is flat. Pure. */

const bars = [...'▁▂▃▄▅▆▇█'];

/** A line of bars from the least to the most. @param {readonly number[]} values */
export function sparkline(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const step = (most - least) / (bars.length - 1);
  return values.map((value) => bars[step > 0 ? Math.round((value - least) / step) : 0]).join('');
}

/** The middle one. @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}

/**
 * How much higher the last third lies than the third before it, by their medians: caches and pools fill in the first.
 * @param {readonly number[]} values
 */
export function growth(values) {
  const third = Math.max(1, Math.floor(values.length / 3));
  return median(values.slice(-third)) - median(values.slice(-2 * third, -third));
}

/** Columns, aligned. @param {readonly (string | number)[][]} rows the first is the head */
export function table(rows) {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
  return rows.map((row) => row.map((cell, i) => String(cell).padStart(widths[i] ?? 0)).join('  ')).join('\n');
}
