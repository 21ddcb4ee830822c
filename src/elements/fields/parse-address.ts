/** Finds the e-mail address in what was pasted, filled in or dictated. Pure: no DOM. */

/** Invisible characters that a paste brings along. Not the joiners, which belong to some domains. */
const invisible = /[\u00ad\u200b\u200e\u200f\u2060\ufeff]/g;
/** What stands around an address, besides spaces. */
const delimiters = /[\s<>()[\]"“”„‟‘’‚‛«»‹›,;]+/;
/** `Name <address>`, `Name<address>`, `Name (address)` */
const named = /<[^<>@]*@[^<>@]*>|(?:^|[\s"”’»])(?:\([^()@]*@[^()@]*\)|\[[^[\]@]*@[^[\]@]*\])/;
const address = /^[^@\s:\\]+@[\p{L}\p{M}\p{Nd}.\-\u200c\u200d]+$/u;

/** A name in the cell or on the line before an address, or behind it; and the number of a row. */
const cellBefore = /^[\p{L}\p{M}\s.'’-]{0,80}[\t\r\n] {0,9}(?=[^\s@]+@[^\s@]+$)/u;
const cellBehind = /^([^\s@]+@[^\s@]+)[\t\r\n][\p{L}\p{M}\s.'’-]{0,80}$/u;
const rowNumber = /^\d{1,3}[.)]\s+(?=[^\s@]+@)/;

/** The characters of full width as those of ASCII: `ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ`. One for one, so that a caret keeps its place. */
export function toHalfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replaceAll('\ufe6b', '@')
    .replace(/[\u3002\uff61]/g, '.');
}

/**
 * The address in a text that was copied as a whole: with a label (`E-mail: …`), from a link (`mailto:…`), with a name
 * (`Ada <…>`, or in the cell beside it), with `(at)` and `(dot)`, or with quotes, brackets and punctuation around it. The text
 * itself if it has another meaning, such as two addresses.
 */
export function copiedAddress(text: string): string {
  if (text.length > 1000 || /[^\P{Cc}\t\r\n]/u.test(text)) return text;
  const plain = unwrapLinks(toHalfWidth(text).replace(invisible, ''))
    .trim()
    .replace(rowNumber, '')
    .replace(cellBefore, '')
    .replace(cellBehind, '$1')
    .replace(/\s+/g, ' ')
    .replace(/ ?[[({<] ?at ?[\])}>] ?/gi, '@')
    .replace(/ ?[[({<] ?dot ?[\])}>] ?/gi, '.')
    .trim()
    .replace(/^[\p{L}\p{M} ./-]{1,24}:(?!\/\/) ?(?=\S)/u, '')
    .replace(/^([^\s@]+) ?@ ?([^\s@]+)$/, '$1@$2')
    .replace(/^([^\s@]+@[^\s@]+) \([^()@]*\)$/, '$1');
  const pieces = plain.split(delimiters);
  const found = pieces.filter((piece) => piece.includes('@')).map(trimMarks);
  const [first = '', ...more] = found;
  const isOne = address.test(first) && more.every((other) => other.toLowerCase() === first.toLowerCase());
  const hasOtherWords = pieces.some((piece) => !piece.includes('@') && /[\p{L}\p{N}]/u.test(piece));
  return isOne && (!hasOtherWords || named.test(plain)) ? first : text;
}

/** `mailto:ada%2Bshop@example.com?subject=Hi` as `<ada+shop@example.com>`. A second address in the link stays visible. */
function unwrapLinks(text: string): string {
  return text.replace(
    /\bmailto:(?:\/\/)?([^\s?<>()[\]"]*)(\?[^\s<>()[\]"]*)?/gi,
    (_, to: string, query: string | undefined) => ` <${decoded(to)}${query && /@|%40/i.test(query) ? query : ''}> `,
  );
}

/** The text as it is if its percent signs encode nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Removes punctuation and other marks at both ends. A mark that an address may begin with is removed if it also stands behind. */
function trimMarks(piece: string): string {
  const bare = piece.replace(/[^\p{L}\p{M}\p{Nd}]+$/u, '');
  const behind = piece.slice(bare.length).replace('}', '{');
  const from = bare.replace(/^[^\p{L}\p{M}\p{N}#$%&'*+/=?^_`{|}~-]+/u, '');
  const inner = from.replace(/^['*_`{|~]+/, (marks) => (behind.includes(marks[0]!) ? '' : marks));
  return inner === piece ? inner : trimMarks(inner);
}
