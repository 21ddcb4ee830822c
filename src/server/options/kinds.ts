/** The kinds of values that several options take, as schemas. Each message completes a sentence that begins with the option's name. */
import { z } from 'zod';
import type { HostFunction } from './check-options.js';
import { nearestName } from './nearest-name.js';

/** An object with these options and no others. `error` is for what is no object at all. */
export function optionObject<const S extends z.ZodRawShape>(shape: S, error?: string) {
  const names = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return error ?? `must be an object with ${requiredFirst(shape)}.`;
      const nearest = nearestName(String(issue.keys?.[0]), names);
      return nearest === undefined
        ? `is not an option. Use ${names.join(', ')}.`
        : `is not an option. Did you mean ${nearest}?`;
    },
  });
}

/** The names of the options, with those that must be there in front. */
function requiredFirst(shape: z.ZodRawShape): string {
  const names = Object.keys(shape);
  const optional = names.filter((name) => shape[name]?._zod.optin === 'optional');
  const required = names.filter((name) => !optional.includes(name));
  if (required.length === 0 || optional.length === 0) return names.join(', ');
  return `${andList(required)}; it may also have ${optional.join(', ')}`;
}

/**
 * An option that decides who may do what. It can be left out, but `undefined` is refused: it usually comes from an environment
 * variable that is not set, and must not become a default that its owner did not choose.
 */
export function policy<T extends z.ZodType>(schema: T) {
  return z.exactOptional(schema);
}

/** A text that is not empty. */
export function plainText(error: string) {
  return z.string({ error }).min(1, { error });
}

/** A whole number; from 0 and without a maximum unless they are given. */
export function wholeNumber(least = 0, most = Number.MAX_SAFE_INTEGER, unit = '') {
  const range = most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`;
  const error = `must be a whole number${unit && ` of ${unit}`}${range}.`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** True or false. The text of an environment variable is neither. */
export const yesOrNo = z.boolean({ error: 'must be true or false.' });

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[]) {
  return z.enum(words, { error: `must be ${orList(words)}.` });
}

/** A list of one or more of the known words. `hintFor` has a better hint for some unknown words than the nearest known one. */
export function listOf<const T extends string>(
  known: readonly T[],
  plural: string,
  hintFor: (word: string) => string | undefined = () => undefined,
) {
  const item = z.enum(known, {
    error: ({ input }) => {
      const nearest = typeof input === 'string' ? nearestWord(input, known) : undefined;
      const otherwise = nearest === undefined ? `Use ${known.join(', ')}.` : `Did you mean ${nearest}?`;
      const hint = hintFor(String(input)) ?? otherwise;
      return `has ${quote(input)}, which is not one of the ${plural}. ${hint}`;
    },
  });
  const error = `must be a list of one or more ${plural}.`;
  return z.array(item, { error }).min(1, { error }).readonly();
}

/** A list of texts that each pass a test. `fault` completes the sentence `origins has "x", which …`. */
export function listWhere(isValid: (item: string) => boolean, plural: string, fault: string, least = 1) {
  const item = z.custom<string>((value) => typeof value === 'string' && isValid(value), {
    error: ({ input }) => `has ${quote(input)}, which ${fault}`,
  });
  const error = `must be a list of ${least === 0 ? '' : 'one or more '}${plural}.`;
  return z.array(item, { error }).min(least, { error }).readonly();
}

/** A function of the host. */
export const hostFunction = z.custom<HostFunction>((value) => typeof value === 'function', {
  error: 'must be a function.',
});

/** An object of the host that has these methods. `made` says which functions make such an object, for a value that is none. */
export function withMethods<const N extends string>(made: string, ...names: N[]) {
  return z.custom<Record<N, HostFunction>>((value) => names.every((name) => hasMethod(value, name)), {
    error: ({ input }) =>
      typeof input === 'object' && input !== null
        ? `must be an object with the methods ${names.join(', ')}.`
        : `must be what ${made} makes.`,
  });
}

/** Whether the value has a method of this name. */
export const hasMethod = (value: unknown, name: string): boolean =>
  typeof (value as Record<string, unknown> | null | undefined)?.[name] === 'function';

/** The value as JSON, in a length that fits into a sentence. */
function quote(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}

const andList = (words: readonly string[]): string => new Intl.ListFormat('en-GB').format(words);

const orList = (words: readonly string[]): string =>
  new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(words);

/** A word of two letters is near only to itself in other letters. */
const nearestWord = <T extends string>(word: string, known: readonly T[]): T | undefined =>
  known.find((one) => one === word.toUpperCase() || one === word.toLowerCase()) ?? nearestName(word, known);
