/** The kinds of values that several options take, as schemas. Each message completes a sentence that begins with the option's name. */
import { z } from 'zod';
import { nearestName } from './nearest-name.js';

/** An object with these options and no others. */
export function optionObject<const S extends z.ZodRawShape>(shape: S) {
  const names = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return `must be an object with ${names.join(', ')}.`;
      const nearest = nearestName(String(issue.keys?.[0]), names);
      return nearest === undefined
        ? `is not an option. Use ${names.join(', ')}.`
        : `is not an option. Did you mean ${nearest}?`;
    },
  });
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
