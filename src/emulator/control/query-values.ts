/** The values of a query, which are text: whole numbers and times. */
import { z } from 'zod';
import { matchingText, whole } from '../options/schemas.js';

/** A whole number, written in decimal digits. */
export const wholeInQuery = (from: number, to: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value),
    whole(from, to),
  );

const time = 'a time with its zone, such as "2027-01-31T12:00:00Z" (in an address, "%2B" stands for "+")';

/** A time of ISO 8601, as milliseconds since 1970. */
export const timeInQuery = z.iso.datetime({ offset: true, error: time }).transform((value) => Date.parse(value));

/** The sid of a resource. */
export const sidInQuery = (prefix: string) =>
  matchingText(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), `${prefix} and 32 hexadecimal digits`);

/** How many entries of a list to return. */
export const limitInQuery = wholeInQuery(1, 10_000);
