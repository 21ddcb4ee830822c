/** Markdown to HTML as GitHub reads it: headings with their anchors, code in colours, links that the site resolves. It reads no file. */
import GithubSlugger from 'github-slugger';
import { Marked, type Token, type Tokens } from 'marked';
import { highlight, escape } from './highlight.js';

/** A heading below the title. */
export interface Heading {
  readonly id: string;
  readonly html: string;
  readonly depth: number;
}

/** A document, ready to be put into a page. */
export interface RenderedDoc {
  /** The words of its first heading. */
  readonly title: string;
  /** The words of its first paragraph. */
  readonly summary: string;
  readonly headings: readonly Heading[];
  readonly html: string;
}

/** What the site knows and a document does not. */
export interface LinkContext {
  /** Where a link leads that is no address of another site. */
  link(href: string): string;
  /** Where a picture of the repository is on the site. */
  picture(src: string): string;
  /** In pixels. */
  size(src: string): { width: number; height: number };
  /** The markup in place of `<!-- live: name -->`. */
  live(name: string): string;
}

export function write(text: string, { link, picture, size, live }: LinkContext): RenderedDoc {
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
        // It may be wider than the screen, so the keyboard must reach it to scroll.
        return `<pre dir="ltr" tabindex="0"><code>${highlight(code, lang ?? '')}</code></pre>\n`;
      },
      link({ href, tokens }) {
        const to = /^([a-z]+:|#)/.test(href) ? href : link(href);
        return `<a href="${escape(to)}">${this.parser.parseInline(tokens)}</a>`;
      },
      table({ header, rows }) {
        const cell = (one: Tokens.TableCell, tag: string, more = '') =>
          `<${tag}${more}>${this.parser.parseInline(one.tokens)}</${tag}>`;
        const head = header.map((one) => (one.text ? cell(one, 'th', ' scope="col"') : cell(one, 'td'))).join('');
        // On a narrow screen the columns are under one another, and a cell has to say which one it is.
        const label = (column: number) => {
          const words = column > 0 ? plain(header[column]?.tokens ?? []) : '';
          return words && ` data-label="${escape(words)}"`;
        };
        const row = (cells: Tokens.TableCell[]) =>
          `<tr>${cells.map((one, column) => cell(one, 'td', label(column))).join('')}</tr>`;
        const body = rows.map(row).join('\n');
        const named = header.some((one) => one.text);
        return `<div class="table" tabindex="0"><table>${named ? `<thead><tr>${head}</tr></thead>` : ''}<tbody>\n${body}\n</tbody></table></div>\n`;
      },
      html({ text: html }) {
        const wanted = /^<!-- live: ([\w-]+) -->\s*$/.exec(html)?.[1];
        if (wanted) return live(wanted);
        if (html.startsWith('<!--')) return '';
        return html
          .replace(/<img\b[^>]*?\bsrc="([^"]*)"/g, (tag, src: string) => {
            const { width, height } = size(src);
            // With its proportions a picture that arrives late moves nothing. Vite would look for it beside the page.
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

/** The words alone. */
const plain = (tokens: readonly Token[]): string =>
  tokens
    .map((token) =>
      'tokens' in token && token.tokens ? plain(token.tokens) : 'text' in token ? String(token.text) : '',
    )
    .join('');
