/** The schemas of a fault: as JSON has it, and as a program writes it. */
import { z } from 'zod';
import { kindOf, type Fault, type FaultKind } from '../model/faults.js';
import {
  count,
  destinationText,
  httpMethod,
  partOfPath,
  twilioErrorCode,
  flag,
  milliseconds,
  oneOfValues,
  matchingText,
  whole,
  type Shape,
} from './schemas.js';
import { strict } from './validation.js';

/** What a contradiction is found by. */
type FaultNames = Omit<Fault, 'path' | 'times'>;

/** Statuses that a response with a body can have. */
const status = whole(200, 599).refine((value) => ![204, 205, 304].includes(value), {
  error: 'a status that has a body',
});

/** How a fault fails. */
export const faultKind = oneOfValues([
  'error',
  'delay',
  'reset-before',
  'reset-after',
  'no-answer',
  'html-502',
  'broken-json',
  'problem-json',
]);

/** What the server sets by itself is left out: a wrong length would also break the calls that follow. */
const headerName =
  /^(?!(connection|keep-alive|upgrade|trailer|transfer-encoding|content-length)$)[\w!#$%&'*+.^`|~-]+$/i;

const timesForJson = 'a whole number from 1, or null for every call';

/** A fault as JSON can write it. */
export const faultRequestShape = {
  method: httpMethod.optional(),
  path: partOfPath.optional(),
  to: destinationText.optional(),
  times: z
    .union([z.int({ error: timesForJson }).min(1, { error: timesForJson }), z.null()], { error: timesForJson })
    .optional(),
  kind: faultKind.optional(),
  status: status.optional(),
  code: twilioErrorCode.optional(),
  message: z.string({ error: 'a text' }).optional(),
  body: z.unknown().optional(),
  headers: z
    .record(z.string().regex(headerName), matchingText(/^[\t\x20-\x7e\x80-\xff]*$/, 'the value of a header'), {
      error: 'an object of headers, by their name, without those of the connection and of the length',
    })
    .optional(),
  retryAfter: count.optional(),
  delayMs: milliseconds.optional(),
  acts: flag.optional(),
} satisfies Shape<Fault>;

/** What describes a response, and the kinds of fault that use it. */
const usedBy: Partial<Record<keyof Fault, readonly FaultKind[]>> = {
  status: ['error', 'html-502', 'broken-json', 'problem-json'],
  code: ['error', 'problem-json'],
  message: ['error', 'problem-json'],
  body: ['error'],
  headers: ['error', 'html-502', 'broken-json', 'problem-json'],
  retryAfter: ['error', 'html-502', 'broken-json', 'problem-json'],
};

/** One fault. JSON has no regular expressions, and no infinity: null stands for it. */
export const FaultRequest = strict(faultRequestShape).superRefine(refuseContradictions);

/** One fault, as a program adds it. */
export const FaultOptions = strict({
  ...faultRequestShape,
  path: z
    .union([partOfPath, z.instanceof(RegExp)], { error: 'a part of a path, as a text or a regular expression' })
    .optional(),
  times: z
    .custom<number>((value) => value === Infinity || (Number.isSafeInteger(value) && Number(value) >= 1), {
      error: 'a whole number from 1, or Infinity',
    })
    .optional(),
}).superRefine(refuseContradictions);

/** Names that contradict each other are refused: the fault would silently be something else. */
function refuseContradictions(
  value: z.output<typeof FaultRequest | typeof FaultOptions>,
  context: z.RefinementCtx,
): void {
  const contradiction = contradictionIn(value);
  if (contradiction !== undefined) context.addIssue({ code: 'custom', message: contradiction });
}

function contradictionIn(value: FaultNames): string | undefined {
  const kind = kindOf(value);
  const refuses = kind === 'delay' && value.acts === false;
  for (const [name, kinds] of Object.entries(usedBy)) {
    const isUsed = kinds.includes(kind) || (refuses && (name === 'headers' || name === 'retryAfter'));
    if (value[name as keyof FaultNames] !== undefined && !isUsed) return `A fault of kind "${kind}" has no "${name}".`;
  }
  if (value.body !== undefined && value.message !== undefined) return '"body" replaces "message": give one of the two.';
  if (value.retryAfter !== undefined && Object.keys(value.headers ?? {}).some((one) => /^retry-after$/i.test(one)))
    return '"retryAfter" and "headers" both set Retry-After: give one of the two.';
  if ((kind === 'reset-before' && value.acts === true) || (kind === 'reset-after' && value.acts === false))
    return `"acts" contradicts the kind "${kind}".`;
  if (kind === 'delay' && value.delayMs === undefined && !refuses)
    return 'A fault needs "kind", "status", "code", "body" or "delayMs": without one it changes nothing.';
  return undefined;
}
