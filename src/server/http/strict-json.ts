/** JSON as RFC 8259 wants it read where two readers must agree: no key twice, no NUL, no lone surrogate. Pure. */

/** How deep a body may nest: ours nest three, and a host's `extra` should not be a tower that overflows somebody's stack. */
const MAX_DEPTH = 32;

/**
 * Parses `text`; throws a `SyntaxError` for what is not JSON, for a key that comes twice (one reader takes the first,
 * another the last: RFC 8259 section 4), for `__proto__` as a key, for NUL and lone surrogates, and beyond 32 levels.
 */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  rejectAmbiguities(text);
  return value;
}

/** Walks over text that is valid JSON already, so that strings and brackets are all there is to see. */
function rejectAmbiguities(text: string): void {
  // One entry a level: the keys of an object, or null for an array.
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
      if (/\0|\p{Surrogate}/u.test(string)) throw new SyntaxError('The JSON holds a character that is none.');
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

/** In valid JSON only a key is followed by a colon. */
function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (/[ \t\r\n]/.test(text[at] ?? '')) at += 1;
  return text[at] === ':';
}

function addKey(keys: Set<string> | null | undefined, key: string): void {
  if (key === '__proto__' || keys?.has(key))
    throw new SyntaxError('The JSON has a key twice, or one that it may not have.');
  keys?.add(key);
}
