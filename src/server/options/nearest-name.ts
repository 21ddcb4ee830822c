/** Finds the known name that a misspelt one probably means. Pure. */

/** A name with more edits than this, or than a third of its length, is probably not a misspelling. */
const MAX_EDITS = 3;

/** The known name with the fewest edits, or undefined if none is near. Capitals and small letters are the same. */
export function nearestName<T extends string>(name: string, known: readonly T[], most = MAX_EDITS): T | undefined {
  let [nearest, fewest]: [T | undefined, number] = [undefined, Infinity];
  for (const candidate of known) {
    const allowed = Math.min(most, Math.floor(Math.max(name.length, candidate.length) / 3));
    if (Math.abs(name.length - candidate.length) > allowed) continue;
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits <= allowed && edits < fewest) [nearest, fewest] = [candidate, edits];
  }
  return nearest;
}

/** How many characters must be inserted, removed or replaced (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, character] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (character === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
