/** Finds a Promise where an option is expected: its `await` was forgotten. A schema of optional names would accept one, since it has none of them. */
import { z } from 'zod';

/** The path of the first option that is a Promise, or undefined. It looks only at what the schema names, and into no object of the host. */
export function findPromise(schema: z.core.$ZodType, value: unknown): string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof Promise) return [];
  for (const [name, option] of optionsOf(schema)) {
    const found = findPromise(option, (value as Record<string, unknown>)[name]);
    if (found) return [name, ...found];
  }
  return undefined;
}

/** The options that a schema names, also one that may be left out or that is one of several. */
function optionsOf(schema: z.core.$ZodType): [string, z.core.$ZodType][] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional) return optionsOf(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => optionsOf(option));
  return schema instanceof z.ZodObject ? Object.entries<z.core.$ZodType>(schema.shape) : [];
}
