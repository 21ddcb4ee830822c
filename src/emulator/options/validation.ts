/** Checks a value against a schema and says in one sentence what is wrong with it. Knows no option and no route. */
import { z } from 'zod';
import { RefusedValue } from '../model/refused-value.js';

/** The value as the schema describes it: what is given as undefined counts as left out. */
type Defined<T> = T extends RegExp | ((...args: never[]) => unknown)
  ? T
  : T extends (infer Item)[]
    ? Defined<Item>[]
    : T extends object
      ? { [Name in keyof T]: Defined<Exclude<T[Name], undefined>> }
      : T;

/** What `checked` returns for a schema. */
export type Checked<S extends z.ZodType> = Defined<z.output<S>>;

/** Returns the value, with unset options left out. Throws a `RefusedValue`. `where` names the value: `createEmulator`. */
export function checked<S extends z.ZodType>(schema: S, value: unknown, where: string): Checked<S> {
  const result = schema.safeParse(value);
  if (result.success) return withoutUndefined(result.data, where) as Checked<S>;
  // A misspelt name is also a missing one: what was misspelt says more.
  const { issues } = result.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  throw new RefusedValue(`${where}: ${issue ? sentence(issue) : 'The value is wrong.'}`);
}

/** An object that has these names and no other. Its error for an unknown name says which known one is nearest. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const names = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownName(issue.keys?.[0] ?? '', names) : 'an object'),
  });
}

/** `"pth" is unknown; the nearest known name is "path".` */
export function unknownName(name: string, known: readonly string[]): string {
  const nearest = nearestOf(name, known);
  if (nearest === undefined) return `${JSON.stringify(name)} is unknown; there is no name that is known here.`;
  return `${JSON.stringify(name)} is unknown; the nearest known name is ${JSON.stringify(nearest)}.`;
}

/** The known name that is most like another. */
export function nearestOf(name: string, known: readonly string[]): string | undefined {
  return known.toSorted((one, other) => distance(name, one) - distance(name, other))[0];
}

/** A schema's message says what the value must be, or, if it ends with a full stop, is the whole sentence. */
function sentence({ path, message }: z.core.$ZodIssue): string {
  if (message.endsWith('.')) return message;
  const name = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return `${name === '' ? 'The value' : name.replace(/^\./, '')} must be ${message}.`;
}

/** How many letters must be added, removed, changed or swapped with a neighbour to make one name of the other, in any case. */
function distance(one: string, other: string): number {
  // A name that is far too long is unlike every other, and must not cost time.
  const [from, to] = [one.slice(0, 64).toLowerCase(), other.toLowerCase()];
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= from.length; row += 1) {
    const cells = [row];
    rows.push(cells);
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const changed = at(row - 1, column - 1) + (isSame ? 0 : 1);
      const swapped = isSwapped ? at(row - 2, column - 2) + 1 : Infinity;
      cells.push(Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, changed, swapped));
    }
  }
  return at(from.length, to.length);
}

/** Nothing that a client or a page reads is nested so deeply, and what is nested without end has no end here. */
const MAX_LEVELS = 100;

function withoutUndefined(value: unknown, where: string, level = 0): unknown {
  if (level > MAX_LEVELS) throw new RefusedValue(`${where}: a value may have ${MAX_LEVELS} levels at most.`);
  if (Array.isArray(value)) return value.map((one) => withoutUndefined(one, where, level + 1));
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries.map(([name, one]) => [name, withoutUndefined(one, where, level + 1)]));
}
