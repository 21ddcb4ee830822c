/** Parses JSON that every parser reads the same way (RFC 8259): no duplicate key, no NUL, no lone surrogate. Pure. */

/** Levels of nesting. Our bodies need three; a host's `extra` must not overflow the stack of whoever reads it. */
const MAX_DEPTH = 32;

/**
 * Parses `text`. Throws a `SyntaxError` for text that is not JSON, for a duplicate key (one parser takes the first, another
 * the last: RFC 8259 section 4), for the key `__proto__`, for NUL and lone surrogates, and beyond 32 levels.
 */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  rejectAmbiguities(text);
  return value;
}

/** Walks over text that is valid JSON already, so only strings and brackets matter. */
function rejectAmbiguities(text: string): void {
  // One entry per level: the keys of an object, or null for an array.
  const levels: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{' || character === '[') {
      if (levels.push(character === '{' ? new Set() : null) > MAX_DEPTH)
        throw new SyntaxError('The JSON is nested too deeply.');
    } else if (character === '}' || character === ']') {
      levels.pop();
    } else if (character === '"') {
      const end = endOfString(text, at);
      const string = JSON.parse(text.slice(at, end + 1)) as string;
      if (/\0|\p{Surrogate}/u.test(string)) throw new SyntaxError('The JSON has a NUL or a lone surrogate.');
      if (isKey(text, end)) addKey(levels.at(-1), string);
      at = end;
    }
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** In valid JSON a colon follows a key and nothing else. */
function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (/[ \t\r\n]/.test(text[at] ?? '')) at += 1;
  return text[at] === ':';
}

function addKey(keys: Set<string> | null | undefined, key: string): void {
  if (key === '__proto__' || keys?.has(key))
    throw new SyntaxError('The JSON has a duplicate key, or the key __proto__.');
  keys?.add(key);
}
