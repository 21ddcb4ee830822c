/** The page around a document: header, side navigation, contents, and links to the next pages. Works without a script. */
import { relativePath } from './addresses.js';
import { escape } from './highlight.js';
import type { RenderedDoc } from './markdown.js';

/** An entry of the side navigation. */
export interface Entry {
  readonly title: string;
  readonly href: string;
  readonly current: boolean;
}

/** Everything that the page template needs. */
export interface PageModel extends RenderedDoc {
  /** The page's address below the site's root. */
  readonly address: string;
  readonly navigation: readonly { readonly name: string; readonly entries: readonly Entry[] }[];
  /** The style sheets of the live elements, if there are any. */
  readonly styles: ReadonlySet<string>;
  readonly before?: Entry | undefined;
  readonly after?: Entry | undefined;
}

/** Renders a page of the docs. */
export function renderPage(page: PageModel): string {
  const to = (place: string) => relativePath(page.address, place);
  const start = page.address === 'docs/index.html';
  const hasLiveElements = page.styles.size > 0;
  const title = start ? 'Docs – verify-contact' : `${page.title} – verify-contact`;
  const css = [...page.styles].join('\n');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <meta name="color-scheme" content="light dark" />
    <meta name="description" content="${escape(page.summary.slice(0, 200))}" />
    <title>${escape(title)}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${to('styles/theme.css')}" />
    <link rel="stylesheet" href="${to('docs/docs.css')}" />
    ${css && `<style>${css}</style>`}
    ${page.html.includes('class="snippet"') ? `<script type="module" src="${to('docs/copy.ts')}"></script>` : ''}
    ${hasLiveElements ? `<script type="module" src="${to('docs/live.ts')}"></script>` : ''}
  </head>
  <body>
    <a class="skip" href="#text">Skip to the text</a>
    <header class="site">
      <a class="mark" href="${to('index.html')}">verify-contact</a>
      <nav aria-label="Site">
        <a href="${to('index.html')}">Story</a>
        <a href="${to('playground.html')}">Playground</a>
        <a href="${to('docs/index.html')}" aria-current="${start ? 'page' : 'true'}">Docs</a>
      </nav>
    </header>
    <div class="docs">
      <nav class="pages" aria-label="Docs" tabindex="0">
        <details>
          <summary>All pages</summary>
          ${page.navigation.map(groupOf).join('\n')}
        </details>
      </nav>
      <main id="text" tabindex="-1">
        ${page.html}
        ${onward(page)}
      </main>
      ${contents(page)}
    </div>
  </body>
</html>
`;
}

const linkTo = ({ title, href, current }: Entry) =>
  `<a href="${href}"${current ? ' aria-current="page"' : ''}>${escape(title)}</a>`;

const groupOf = ({ name, entries }: PageModel['navigation'][number]) =>
  `<p>${name}</p><ul>${entries.map((one) => `<li>${linkTo(one)}</li>`).join('')}</ul>`;

/** The sections of this page, if there are three or more. */
function contents({ headings }: PageModel): string {
  if (headings.length < 3) return '';
  const lines = headings
    .filter(({ depth }) => depth < 4)
    .map(({ id, html, depth }) => `<li${depth === 3 ? ' class="deeper"' : ''}><a href="#${id}">${html}</a></li>`);
  return `<nav class="contents" tabindex="0" aria-label="On this page"><p>On this page</p><ul>${lines.join('')}</ul></nav>`;
}

function onward({ before, after }: PageModel): string {
  if (!before && !after) return '';
  const link = (entry: Entry | undefined, word: string, rel: string) =>
    entry ? `<a rel="${rel}" href="${entry.href}"><span>${word}</span> ${escape(entry.title)}</a>` : '';
  return `<nav class="onward" aria-label="Next to this page">${link(before, 'Before', 'prev')}${link(after, 'Next', 'next')}</nav>`;
}
