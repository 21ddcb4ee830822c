/** The body of a request: read within a bound of bytes and time, then parsed strictly and validated by a schema of the protocol. */
import type { z } from 'zod';
import { withTimeout } from '../runtime/deadline.js';
import { ProblemError } from '../../protocol/problem-error.js';
import { parseStrictJson } from './strict-json.js';

/** Bytes. The longest honest body is a token of 4 kB with the host's `extra`. */
export const MAX_BODY_BYTES = 16_384;
/** Milliseconds for the whole body: a sender of one byte a second would otherwise hold a connection for hours. */
const BODY_TIMEOUT_MS = 10_000;

/**
 * The body as the schema describes it. Throws `too-large` beyond 16 kB, before anything is parsed and whatever the
 * header says; `invalid-request` for any other fault, content types other than `application/json` included (a form
 * of another site can send three types without asking, and this is none of them).
 */
export async function parseJsonBody<T extends z.ZodType>(
  request: Request,
  schema: T,
  time = BODY_TIMEOUT_MS,
): Promise<z.infer<T>> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json[ \t]*(?:;[ \t]*charset="?utf-8"?[ \t]*)?$/i.test(type))
    throw new ProblemError('invalid-request');
  if (request.headers.has('content-encoding')) throw new ProblemError('invalid-request');
  const text = decode(await readBytes(request, time));
  try {
    const parsed = schema.safeParse(parseStrictJson(text));
    if (parsed.success) return parsed.data;
  } catch {
    // A message of JSON.parse quotes what was sent; the problem does not.
  }
  throw new ProblemError('invalid-request');
}

const bodyTimeout = () => new ProblemError('invalid-request');

async function readBytes(request: Request, time: number): Promise<Uint8Array> {
  const length = request.headers.get('content-length');
  if (Number(length ?? 0) > MAX_BODY_BYTES) throw new ProblemError('too-large');
  try {
    // A server reads no further than the length that it was told, so that no stream need be counted: a tenth of the cost.
    const bytes = await (length === null
      ? countedBytes(request, time)
      : withTimeout(request.arrayBuffer(), time, bodyTimeout));
    // Where there is no server between, the header may say anything.
    if (bytes.byteLength > MAX_BODY_BYTES) throw new ProblemError('too-large');
    return new Uint8Array(bytes);
  } catch (error) {
    throw error instanceof ProblemError ? error : new ProblemError('invalid-request');
  }
}

async function countedBytes({ body }: Request, time: number): Promise<Uint8Array> {
  const reader = body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const whole = async (): Promise<Uint8Array> => {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) return Buffer.concat(chunks);
      size += value.byteLength;
      if (size > MAX_BODY_BYTES) throw new ProblemError('too-large');
      chunks.push(value);
    }
  };
  try {
    return await withTimeout(whole(), time, bodyTimeout);
  } catch (error) {
    // Not awaited: a sender that is late may never acknowledge.
    reader?.cancel().catch(() => undefined);
    throw error;
  }
}

// Made once: to make one costs more than to decode a body with it.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ProblemError('invalid-request');
  }
}
