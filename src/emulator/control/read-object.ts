/** Reads the JSON object of a request to the control plane, or of a file: bounded, and without a name that stands in it twice. */
import { readBounded } from '../model/bounded-body.js';
import { RefusedValue } from '../model/refused-value.js';

/** Bytes. A fault with a page as its body is far smaller. */
const MAX_BODY_BYTES = 65_536;

/** Resolves to the object; to an empty one if there is no body. Rejects with a `RefusedValue`. */
export async function readObject(request: Request): Promise<Record<string, unknown>> {
  const text = await readText(request);
  return text === '' ? {} : parseObject(text, 'The body');
}

/** Throws a `RefusedValue` for anything but an object. `what` begins its sentence. */
export function parseObject(text: string, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RefusedValue(`${what} must be JSON.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RefusedValue(`${what} must be a JSON object.`);
  rejectDuplicates(text, what);
  return value as Record<string, unknown>;
}

async function readText(request: Request): Promise<string> {
  const bytes = await readBounded(request, MAX_BODY_BYTES);
  if (bytes === undefined) throw new RefusedValue(`The body must have at most ${MAX_BODY_BYTES} bytes.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RefusedValue('The body must be UTF-8.');
  }
}

/** Walks over text that is valid JSON: `JSON.parse` would silently take the last of two values, and `__proto__` is no name. */
function rejectDuplicates(text: string, what: string): void {
  const objects: Set<string>[] = [];
  for (const [token, name] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g)) {
    if (token === '{') objects.push(new Set());
    else if (token === '}') objects.pop();
    else if (name !== undefined) {
      const key = JSON.parse(token.slice(0, -name.length)) as string;
      if (key === '__proto__' || objects.at(-1)?.has(key))
        throw new RefusedValue(`${what} has the name ${JSON.stringify(key)} twice, or it is no name.`);
      objects.at(-1)?.add(key);
    }
  }
}
