/** One operation of the control plane: what it takes and what it returns, as schemas, and what it does. Knows no host and no address. */
import type { z } from 'zod';
import type { Emulator } from '../model/emulator.js';
import { checked, strict, type Checked } from '../options/validation.js';

/** A request that nobody has checked yet. */
interface RawInput {
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  body: Record<string, unknown>;
  /** Aborts when the client is gone. */
  signal: AbortSignal;
}

/** An operation, as the table of all of them has it. */
export interface ControlOperation {
  summary: string;
  path: z.ZodType;
  query: z.ZodType;
  body: z.ZodType;
  takesBody: boolean;
  status: 200 | 201;
  /** The schema of the JSON that it returns, or the media type of anything else. */
  returns: z.ZodType | string;
  /** Checks all of a request. Throws a `RefusedValue`, else returns what carries it out. */
  accept(raw: RawInput): (emulator: Emulator) => unknown;
}

const nothing = strict({});

/** Defines an operation. `run` gets what the schemas have checked. What it returns is sent as JSON, unless it is a `Response`. */
export function operation<
  Path extends z.ZodType = typeof nothing,
  Query extends z.ZodType = typeof nothing,
  Body extends z.ZodType = typeof nothing,
>(given: {
  summary: string;
  path?: Path;
  query?: Query;
  body?: Body;
  /** What the sentence about a wrong value calls the body. Default `The body`. */
  bodyName?: string;
  status?: 200 | 201;
  returns: z.ZodType | string;
  run(
    emulator: Emulator,
    input: { path: Checked<Path>; query: Checked<Query>; body: Checked<Body>; signal: AbortSignal },
  ): unknown;
}): ControlOperation {
  // Without one of the three, its type is that of `nothing`.
  const { path = nothing as z.ZodType as Path, query = nothing as z.ZodType as Query } = given;
  const { body = nothing as z.ZodType as Body, bodyName = 'The body', status = 200 } = given;
  return {
    summary: given.summary,
    path,
    query,
    body,
    takesBody: given.body !== undefined,
    status,
    returns: given.returns,
    accept(raw) {
      const input = {
        path: checked(path, raw.path, 'The path'),
        query: checked(query, raw.query, 'The query'),
        body: checked(body, raw.body, bodyName),
        signal: raw.signal,
      };
      return (emulator) => given.run(emulator, input);
    },
  };
}
