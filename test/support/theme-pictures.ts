/** Draws the pictures of the guide on theming: each recipe from the guide's own CSS, and what is which. Only the packaged Chromium takes them. */
import { readFileSync } from 'node:fs';
import GithubSlugger from 'github-slugger';
import type { Browser } from 'playwright-core';
import { annotate, type Cell } from './annotations.js';
import { decodePng, openPage, playCase } from './screenshots.js';
import type { Pixels } from './small-png.js';
import type { Site } from './static-site.js';
import { visualCases, type VisualCase } from './visual-cases.js';

/** A picture of the guide. */
export interface ThemePicture {
  /** The file's name in docs/themes, without the color scheme. */
  readonly name: string;
  readonly css: string;
  readonly cells: readonly Cell[];
}

export const guide = readFileSync(new URL('../../docs/theming.md', import.meta.url), 'utf8');

/** What the variables of both toolkits hold on a page that uses them: Bootstrap 5.3 and Tailwind 4. */
const tokens = `:root {
  --bs-primary: #0d6efd; --bs-body-bg: light-dark(#fff, #212529); --bs-form-invalid-color: light-dark(#dc3545, #ea868f);
  --bs-border-radius: 0.375rem; --color-white: #fff; --color-gray-950: #030712; --color-indigo-400: #7c86ff;
  --color-indigo-600: #4f39f6; --color-red-400: #ff6467; --color-red-700: #c10007; --radius-md: 0.375rem; --spacing: 0.25rem;
}`;

const byName = (name: string) => visualCases.find((one) => one.name === name)!;
const contactStep = byName('contact');
/** Three digits are typed, so that a box is marked as the next one. */
const codeStep: VisualCase = { ...byName('code'), acts: ['button', { type: '123' }] };

/** The next code may be tried at once, so that the line below the buttons says when another one may be sent. */
const wrongCode: VisualCase = (({ replies, ...one }) => ({
  ...one,
  replies: { ...replies, check: { ok: false, problem: { code: 'wrong-code', attemptsLeft: 2 } } },
}))(byName('code-wrong'));

/** Every heading of the guide with CSS below it. */
export const recipes: readonly ThemePicture[] = [
  ...guide.matchAll(/^### (.+)\n(?:(?!^#)[^])*?^```css\n([^]*?)^```/gm),
].map(([, heading = '', css = '']) => ({
  name: new GithubSlugger().slug(heading),
  css,
  cells: [{ visualCase: contactStep }, { visualCase: codeStep, selection: [3, 3] }],
}));

const parts: ThemePicture = {
  name: 'parts',
  css: '',
  cells: [
    {
      visualCase: byName('sending'),
      slots: ['heading', 'description', 'consent'],
      notes: {
        'slot heading': '[slot=heading]',
        'slot description': '[slot=description]',
        label: 'label',
        country: '[part=country]',
        field: '[part=field]',
        hint: '#hint',
        'slot consent': '[slot=consent]',
        button: '[part=button]',
        spinner: '[part=spinner]',
        links: '[part=links]',
        link: '[part=link]',
      },
    },
    {
      visualCase: wrongCode,
      selection: [2, 4],
      notes: {
        hint: '#hint',
        destination: '[part=destination]',
        label: 'label',
        field: '[part=field]',
        digits: '[part=digits]',
        digit: '[part=digit]',
        'active selected': '[part~=selected]',
        'message error': '#message',
        'hint expiry': '#expiry',
        button: '[part=button]',
        links: '[part=links]',
        link: '[part=link]:last-of-type',
        'hint wait': '#wait',
      },
    },
  ],
};

const properties: ThemePicture = {
  name: 'properties',
  css: '',
  cells: [
    {
      visualCase: contactStep,
      notes: {
        '--verify-border': '[part=field]',
        '--verify-field': 'input',
        '--verify-radius': '[part=field]',
        '--verify-gap': '#hint',
        '--verify-accent': '[part=button]',
        '--verify-on-accent': '[part=button]',
        '--verify-button-radius': '[part=button]',
      },
    },
    {
      visualCase: wrongCode,
      selection: [6, 6],
      notes: {
        '--verify-digit-size': '[part~=digit]',
        '--verify-digit-gap': '[part~=digit]:nth-of-type(2)',
        '--verify-digit-font': '[part~=digit]:nth-of-type(4)',
        '--verify-focus': '[part~=active]',
        '--verify-error': '#message',
      },
    },
  ],
};

export const themePictures: readonly ThemePicture[] = [parts, properties, ...recipes];

/** The cells of a picture, side by side. */
export async function drawThemePicture(
  browser: Browser,
  site: Site,
  { name, css, cells }: ThemePicture,
  colorScheme: 'light' | 'dark',
): Promise<Pixels> {
  const page = await openPage(browser, site, { name, colorScheme });
  await page.addStyleTag({ content: `${tokens} main { inline-size: 320px } ${css}` });
  const drawn: Pixels[] = [];
  for (const cell of cells) {
    await playCase(page, cell.visualCase);
    await page.evaluate(annotate, cell);
    const png = await page.locator('main').screenshot({ animations: 'disabled', caret: 'hide' });
    drawn.push(await decodePng(page, png));
  }
  await page.close();
  return sideBySide(drawn);
}

/** Below a lower cell the picture has the color of its first pixel. */
function sideBySide(cells: readonly Pixels[]): Pixels {
  const width = cells.reduce((sum, cell) => sum + cell.width, 0);
  const height = Math.max(...cells.map((cell) => cell.height));
  const data = Buffer.alloc(width * height * 4, cells[0]!.data.subarray(0, 4));
  let left = 0;
  for (const cell of cells) {
    for (let y = 0; y < cell.height; y++)
      data.set(cell.data.subarray(y * cell.width * 4, (y + 1) * cell.width * 4), (y * width + left) * 4);
    left += cell.width;
  }
  return { width, height, data };
}
