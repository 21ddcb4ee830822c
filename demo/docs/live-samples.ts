/** The live elements that replace `<!-- live: name -->` in a document. */
import { readFileSync } from 'node:fs';

/** Whether the page has a backend: `npm start` has one, a static host has none. */
export type Hosting = 'served' | 'static';

interface Sample {
  readonly html: string;
  readonly style: string;
}

const samples: Readonly<Record<string, () => Sample>> = {
  form: () => ({ html: cell('', '<verify-contact type="phone email"></verify-contact>'), style: '' }),
  themes: () => ({
    html: ['ledger', 'candy'].map((theme) => cell(theme, element(`id="${theme}" class="${theme}"`))).join(''),
    style: ['ledger', 'candy'].map(scoped).join('\n'),
  }),
  languages: () => ({
    html: [
      ['Deutsch', 'lang="de"', 'DE'],
      ['日本語', 'lang="ja"', 'JP'],
      ['Português', 'lang="pt-BR"', 'BR'],
      ['العربية', 'lang="ar" dir="rtl"', 'EG'],
    ]
      .map(([name = '', lang = '', country = '']) =>
        cell(name, element(`id="in-${country}" country="${country}"`), lang),
      )
      .join(''),
    style: '',
  }),
};

const captions: Readonly<Record<Hosting, (home: string) => string>> = {
  served: (home) =>
    `Live: what these send arrives where your messages arrive; with the emulator, on the phone of <a href="${home}">the story</a>.`,
  static: () =>
    'Live, but this site has no backend: run <code>npm start</code> in a clone, and on the same page there these send codes.',
};

/** Renders the sample with that name. Throws if there is none. */
export function renderSample(name: string, hosting: Hosting, home: string): Sample {
  const sample = samples[name]?.();
  if (!sample) throw new Error(`There is no live sample ${name}.`);
  const script = '<noscript>The elements themselves need JavaScript; nothing else here does.</noscript>';
  return {
    ...sample,
    html: `<figure class="live"><div>${sample.html}</div><figcaption>${captions[hosting](home)} ${script}</figcaption></figure>\n`,
  };
}

const element = (attributes: string) => `<verify-contact ${attributes}></verify-contact>`;

const cell = (name: string, html: string, attributes = '') =>
  `<div class="sample" ${attributes}>${name && `<p>${name}</p>`}${html}</div>`;

/** The CSS of a theme, limited to the elements of its sample. */
function scoped(theme: string): string {
  const css = readFileSync(new URL(`../../docs/themes/${theme}.css`, import.meta.url), 'utf8');
  return css.replace('verify-contact,\ntwo-factor', `.${theme}`).replaceAll(/^::part/gm, `.${theme}::part`);
}
