/** Shows measurements as a table and as bars, and computes how much they grew. Pure. */

const bars = [...'▁▂▃▄▅▆▇█'];

/** A bar for each value, from the lowest to the highest. @param {readonly number[]} values */
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
 * The median of the last third minus that of the third before it. Caches and pools fill in the first third.
 * @param {readonly number[]} values
 */
export function growth(values) {
  const third = Math.max(1, Math.floor(values.length / 3));
  return median(values.slice(-third)) - median(values.slice(-2 * third, -third));
}

/** Aligned columns. @param {readonly (string | number)[][]} rows the first has the headings */
export function table(rows) {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
  return rows.map((row) => row.map((cell, i) => String(cell).padStart(widths[i] ?? 0)).join('  ')).join('\n');
}
