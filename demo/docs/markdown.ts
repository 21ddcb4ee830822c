/** Converts Markdown to HTML as GitHub does: headings with anchors, highlighted code, links that the site resolves. Reads no file. */
import GithubSlugger from 'github-slugger';
import { Marked, type Token, type Tokens } from 'marked';
import { highlight, escape } from './highlight.js';

/** A heading below the title. */
export interface Heading {
  readonly id: string;
  readonly html: string;
  readonly depth: number;
}

/** A document as HTML, ready for the page template. */
export interface RenderedDoc {
  /** The text of its first heading. */
  readonly title: string;
  /** The text of its first paragraph. */
  readonly summary: string;
  readonly headings: readonly Heading[];
  readonly html: string;
}

/** What a document needs from the site. */
export interface LinkContext {
  /** Resolves a link to a file of the repository. */
  link(href: string): string;
  /** Resolves a picture of the repository. */
  picture(src: string): string;
  /** The size of a picture in pixels. */
  size(src: string): { width: number; height: number };
  /** The HTML that replaces `<!-- live: name -->`. */
  live(name: string): string;
}

/** Converts a document. */
export function renderMarkdown(text: string, { link, picture, size, live }: LinkContext): RenderedDoc {
  const slugger = new GithubSlugger();
  const headings: Heading[] = [];
  let title = '';
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens);
        const words = plain(tokens);
        const id = slugger.slug(words);
        if (depth === 1) {
          title = words;
          return `<h1 id="${id}">${html}</h1>\n`;
        }
        headings.push({ id, html: html.replace(/<\/?a\b[^>]*>/g, ''), depth });
        const anchor = `<a class="anchor" href="#${id}" aria-label="Link to “${escape(words)}”">#</a>`;
        return `<h${depth} id="${id}">${html} ${anchor}</h${depth}>\n`;
      },
      code({ text: code, lang }) {
        // Code may be wider than the screen, so the keyboard must be able to scroll it.
        return `<div class="snippet"><pre dir="ltr" tabindex="0"><code>${highlight(code, lang ?? '')}</code></pre></div>\n`;
      },
      link({ href, tokens }) {
        const to = /^([a-z]+:|#)/.test(href) ? href : link(href);
        return `<a href="${escape(to)}">${this.parser.parseInline(tokens)}</a>`;
      },
      table({ header, rows }) {
        const cell = (one: Tokens.TableCell, tag: string, more = '') =>
          `<${tag}${more}>${this.parser.parseInline(one.tokens)}</${tag}>`;
        const head = header.map((one) => (one.text ? cell(one, 'th', ' scope="col"') : cell(one, 'td'))).join('');
        // On a narrow screen the columns are stacked, so each cell carries the name of its column.
        const label = (column: number) => {
          const words = column > 0 ? plain(header[column]?.tokens ?? []) : '';
          return words && ` data-label="${escape(words)}"`;
        };
        const row = (cells: Tokens.TableCell[]) =>
          `<tr>${cells.map((one, column) => cell(one, 'td', label(column))).join('')}</tr>`;
        const body = rows.map(row).join('\n');
        const named = header.some((one) => one.text);
        const kind = header.length > 5 ? 'table wide' : 'table';
        return `<div class="${kind}" tabindex="0"><table>${named ? `<thead><tr>${head}</tr></thead>` : ''}<tbody>\n${body}\n</tbody></table></div>\n`;
      },
      html({ text: html }) {
        const sample = /^<!-- live: ([\w-]+) -->\s*$/.exec(html)?.[1];
        if (sample) return live(sample);
        if (html.startsWith('<!--')) return '';
        return html
          .replace(/<img\b[^>]*?\bsrc="([^"]*)"/g, (tag, src: string) => {
            const { width, height } = size(src);
            // The aspect ratio keeps the layout when a picture loads late. Without vite-ignore, Vite would look for it beside the page.
            return `${tag} vite-ignore style="aspect-ratio: ${width} / ${height}"`;
          })
          .replace(/<source\b/g, '$& vite-ignore')
          .replace(/\b(src(?:set)?)="([^"]*)"/g, (_, name: string, src: string) => `${name}="${picture(src)}"`);
      },
    },
  });
  const tokens = marked.lexer(text);
  const html = marked.parser(tokens);
  const first = tokens.find((token): token is Tokens.Paragraph => token.type === 'paragraph');
  return { title, summary: plain(first?.tokens ?? []), headings, html };
}

/** The first table of a document without links, as HTML. */
export function renderFirstTable(text: string): string {
  const refuse = (name: string) => {
    throw new Error(`The table has ${name}.`);
  };
  const [table = ''] = /^(\|.*\n)+/m.exec(text) ?? [];
  return renderMarkdown(table, { link: refuse, picture: refuse, size: refuse, live: refuse }).html;
}

/** The text without markup. */
const plain = (tokens: readonly Token[]): string =>
  tokens
    .map((token) =>
      'tokens' in token && token.tokens ? plain(token.tokens) : 'text' in token ? String(token.text) : '',
    )
    .join('');
