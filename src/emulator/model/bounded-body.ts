/** Reads the body of a request up to a bound, and what is beyond to its end without keeping it. */

/** Beyond this, the connection may break before the client reads the answer. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;

/**
 * Resolves to the bytes, or to undefined if there are too many. A client sends all of its body before it reads the answer, so
 * an answer in the middle would be a broken connection to it.
 */
export async function readBounded({ body }: Request, max: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size <= max) chunks.push(chunk);
    else chunks.length = 0;
    if (size > MAX_DISCARDED_BYTES) break;
  }
  if (size > max) return undefined;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
