/** The parts of the first page that are made when it is built or served, each for a comment `<!-- front: name -->`. */
import { readFileSync } from 'node:fs';
import { escape, highlight } from '../docs/highlight.js';
import { renderFirstTable } from '../docs/markdown.js';
import { drawing } from './drawing.js';
import { kilobytes, readFacts } from './facts.js';
import * as snippets from './first-snippets.js';

const comparison = new URL('../../docs/comparison.md', import.meta.url);

const parts: Readonly<Record<string, () => string>> = {
  install: () => `<pre tabindex="0" aria-label="Install"><code>${highlight(snippets.install, 'sh')}</code></pre>`,
  facts: () => {
    const { bytes, languages, licence, source } = readFacts();
    return [
      fact(kilobytes(bytes), 'script tag, Lit included', './docs/index.html#on-a-page'),
      fact(String(languages), 'languages', './docs/languages.html'),
      fact('WCAG 2.2 AA', 'tested with axe', './docs/elements.html#accessibility'),
      fact(licence, 'licence', './docs/source/LICENSE.html'),
      ...(source ? [fact('Source', 'the repository', source)] : []),
    ].join('\n');
  },
  drawing: () => `${drawing('wide')}${drawing('narrow')}`,
  terminal: () => block(snippets.terminal),
  page: () => block(snippets.page),
  server: () => block(snippets.server),
  comparison: () => renderFirstTable(readFileSync(comparison, 'utf8')),
};

/** Fills in the parts. Throws for a name that there is not. */
export function fillIn(html: string): string {
  return html.replace(/<!-- front: ([\w-]+) -->/g, (_, name: string) => {
    const part = parts[name];
    if (!part) throw new Error(`The first page has no part ${name}.`);
    return part();
  });
}

const fact = (figure: string, what: string, href: string) =>
  `<li><a href="${escape(href)}"><b>${escape(figure)}</b> <span>${escape(what)}</span></a></li>`;

const block = ({ title, language, code }: snippets.FirstSnippet) =>
  `<figure class="code snippet"><figcaption>${title}</figcaption><pre tabindex="0" aria-label="${title}"><code>${highlight(code, language)}</code></pre></figure>`;
