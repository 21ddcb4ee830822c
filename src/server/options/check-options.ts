/** Checks options by their schema, and says in one sentence what is wrong. The schemas of this room say what each option takes. */
import type { CryptoKey } from 'jose';
import type { z } from 'zod';
import { findPromise } from './find-promise.js';

type Leaf = string | number | boolean | null | undefined | readonly unknown[] | Uint8Array | CryptoKey | HostFunction;

/** Any function of the host. */
export type HostFunction = (...args: never[]) => unknown;

/** `a | a.b | c` for `{ a: { b: string }; c?: number }`. */
type Paths<T> = T extends Leaf
  ? never
  : { [K in keyof T & string]-?: K | `${K}.${Paths<NonNullable<T[K]>>}` }[keyof T & string];

/** `unknown` if the schema and the interface have the same names at every depth, so that neither can grow without the other. */
type SameNames<A, B> = [Paths<A>, Paths<B>] extends [Paths<B>, Paths<A>] ? unknown : never;

/**
 * Returns a copy of the options if the schema accepts them: with the values that were checked, also of getters and of what an
 * object inherits, and with nothing else. What the host implements, such as a store, is not copied. Throws a `TypeError` that
 * begins with the full path of the option that is wrong, missing or unknown, or with all that are missing. `path` comes before
 * it: `limits` for `limits.sends.total`, or '' for none.
 */
export function checkOptions<S extends z.ZodObject, T extends z.input<S>>(
  path: string,
  schema: S & SameNames<z.input<S>, T>,
  options: T,
): T {
  const promised = findPromise(schema, options);
  if (promised)
    throw new TypeError(sentence(path, promised, 'is a Promise: write `await` before what makes it.', options));
  const result = schema.safeParse(options);
  if (result.success) return result.data as T;
  const { path: rest, message } = firstIssue(result.error.issues);
  const missing = result.error.issues.map((issue) => issue.path).filter((one) => isLeftOut(options, one));
  if (missing.length > 1 && missing.includes(rest)) {
    const names = missing.map((one) => optionName(path, one));
    throw new TypeError(`${new Intl.ListFormat('en-GB').format(names)} are missing.`);
  }
  throw new TypeError(sentence(path, rest, message, options));
}

/** Whether the path is that of an option which the object does not have. */
const isLeftOut = (options: unknown, [name, ...rest]: readonly PropertyKey[]): boolean =>
  name !== undefined && rest.length === 0 && !(name in (options as object));

/** The full name of an option. An item of a list is named in the message. */
function optionName(start: string, path: readonly PropertyKey[]): string {
  const names = path.filter((name) => typeof name !== 'number').map(String);
  return [start, ...names].filter((part) => part !== '').join('.') || 'options';
}

/** A misspelt name first: it explains why another option seems to be missing. */
function firstIssue(issues: readonly z.core.$ZodIssue[]): { path: PropertyKey[]; message: string } {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  if (issue.code === 'unrecognized_keys') return { ...issue, path: [...issue.path, issue.keys[0]!] };
  if (issue.code !== 'invalid_union') return issue;
  // The alternative that accepts the most of the value is the one that was meant.
  const inner = issue.errors.filter((alternative) => alternative.length > 0).map(firstIssue);
  const deepest = inner.sort((a, b) => b.path.length - a.path.length)[0];
  return deepest && deepest.path.length > 0 ? { ...deepest, path: [...issue.path, ...deepest.path] } : issue;
}

function sentence(start: string, path: PropertyKey[], message: string, options: unknown): string {
  const name = optionName(start, path);
  if (!message.startsWith('must ')) return `${name} ${message}`;
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)[key], options);
  const last = path.at(-1);
  const given = last === undefined ? options : (parent as Record<PropertyKey, unknown>)[last];
  if (given !== undefined) return `${name} ${message}`;
  const isNamed = last !== undefined && Object.hasOwn(parent as object, last);
  return `${name} is ${isNamed ? 'undefined' : 'missing'}: it ${message}`;
}
