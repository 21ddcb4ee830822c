/** Reads the body of a request within limits of size and time, parses it strictly and validates it. */
import type { z } from 'zod';
import { withTimeout } from '../runtime/deadline.js';
import { ProblemError } from '../../protocol/problem-error.js';
import { parseStrictJson } from './strict-json.js';

/** The longest legitimate body is a token of 4 kB with the host's `extra`. */
export const MAX_BODY_BYTES = 16_384;
/** For the whole body: a sender of one byte a second would otherwise occupy a connection for hours. */
const BODY_TIMEOUT_MS = 10_000;

/**
 * Returns the body as the schema describes it. Throws `too-large` beyond 16 kB, whatever the header says, and before it
 * parses anything. Throws `invalid-request` for any other fault. `application/json` is required because a form of another
 * site can send three content types without a preflight, and this is not one of them.
 */
export async function parseJsonBody<T extends z.ZodType>(
  request: Request,
  schema: T,
  timeoutMs = BODY_TIMEOUT_MS,
): Promise<z.infer<T>> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json[ \t]*(?:;[ \t]*charset="?utf-8"?[ \t]*)?$/i.test(type))
    throw new ProblemError('invalid-request');
  if (request.headers.has('content-encoding')) throw new ProblemError('invalid-request');
  const text = decode(await readBytes(request, timeoutMs));
  try {
    const parsed = schema.safeParse(parseStrictJson(text));
    if (parsed.success) return parsed.data;
  } catch {
    // The message of JSON.parse quotes the body; the problem must not.
  }
  throw new ProblemError('invalid-request');
}

const bodyTimeout = () => new ProblemError('invalid-request');

async function readBytes(request: Request, timeoutMs: number): Promise<Uint8Array> {
  const length = request.headers.get('content-length');
  if (Number(length ?? 0) > MAX_BODY_BYTES) throw new ProblemError('too-large');
  try {
    // With `Content-Length` the server reads no further, so the bytes need not be counted, which would cost ten times as much.
    const bytes = await (length === null
      ? readCounted(request, timeoutMs)
      : withTimeout(request.arrayBuffer(), timeoutMs, bodyTimeout));
    // Without a server in front, the header may be wrong.
    if (bytes.byteLength > MAX_BODY_BYTES) throw new ProblemError('too-large');
    return new Uint8Array(bytes);
  } catch (error) {
    throw error instanceof ProblemError ? error : new ProblemError('invalid-request');
  }
}

async function readCounted({ body }: Request, timeoutMs: number): Promise<Uint8Array> {
  const reader = body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const readAll = async (): Promise<Uint8Array> => {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) return Buffer.concat(chunks);
      size += value.byteLength;
      if (size > MAX_BODY_BYTES) throw new ProblemError('too-large');
      chunks.push(value);
    }
  };
  try {
    return await withTimeout(readAll(), timeoutMs, bodyTimeout);
  } catch (error) {
    // Not awaited: a sender that is late may never react.
    reader?.cancel().catch(() => undefined);
    throw error;
  }
}

// Made once, because making a decoder costs more than decoding a body.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ProblemError('invalid-request');
  }
}
