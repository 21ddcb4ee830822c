/** Screenshots of every step of both elements: light, dark, right to left, in forced colours and in the two themes. The pictures are in test/visual/. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBundle, type Bundle } from '../../support/bundle.js';
import { openSite, type Site } from '../../support/static-site.js';
import { visualCases } from '../../support/visual-cases.js';
import { smallPng, type Pixels } from '../../support/small-png.js';
import {
  blankPage,
  decodePng,
  difference,
  fonts,
  openPage,
  launchPinnedChromium,
  screenshotCase,
  type Look,
} from '../../support/screenshots.js';

/** The packaged Chromium takes the pictures. It exists only for this platform. */
const elsewhere = process.platform !== 'linux' || process.arch !== 'x64';
/** `VISUAL=update` replaces the pictures. Look at them before you commit them. */
const update = process.env.VISUAL === 'update';
/** The share of pixels that may differ. Only the edges of letters differ between processors. */
const tolerance = 0.002;

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const looks: readonly Look[] = [
  { name: 'light' },
  { name: 'dark', colorScheme: 'dark' },
  { name: 'rtl', lang: 'fa', dir: 'rtl' },
  { name: 'forced-colors', forcedColors: 'active' },
  { name: 'theme-ledger', theme: '/themes/ledger.css' },
  { name: 'theme-candy', theme: '/themes/candy.css' },
];
const themed = ['contact', 'code-wrong', 'verified'];

describe.skipIf(elsewhere)('the elements look as before (in the packaged Chromium, on Linux x64 only)', () => {
  let bundle: Bundle;
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    bundle = await buildBundle();
    const folders = { '/assets/': bundle.dist, '/fonts/': fonts, '/themes/': path('../../../docs/themes/') };
    site = await openSite({ pages: { '/': blankPage }, folders });
    browser = await launchPinnedChromium();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await site?.close();
    await bundle?.remove();
  });

  describe.each(looks)('$name', (look) => {
    let page: Page;
    beforeAll(async () => {
      page = await openPage(browser, site, look);
    });
    afterAll(() => page?.close());

    const shown = look.theme ? visualCases.filter(({ name }) => themed.includes(name)) : visualCases;
    it.each(shown)('$name', async (visualCase) => {
      const picture = await screenshotCase(page, visualCase);
      const file = path(`../../visual/${look.name}/${visualCase.name}.png`);
      if (update) return write(file, picture);
      expect(existsSync(file), `There is no ${file}; VISUAL=update takes it`).toBe(true);
      const apart = difference(await decodePng(page, await readFile(file)), picture);
      const kept = path(`../../../.cache/visual/${look.name}/${visualCase.name}.png`);
      if (apart > tolerance) await write(kept, picture);
      expect(apart, `It differs from ${file}: see ${kept}`).toBeLessThanOrEqual(tolerance);
    });
  });
});

describe('the two example themes', () => {
  it.each(['ledger', 'candy'])('%s is under 20 lines of CSS, and uses only what is documented', async (name) => {
    const css = await readFile(path(`../../../docs/themes/${name}.css`), 'utf8');
    expect(css.trim().split('\n').length).toBeLessThan(20);
    const parts = [...css.matchAll(/::part\(([\w ]+)\)/g)].flatMap(([, list = '']) => list.split(' '));
    const documented = await readFile(path('../../../src/elements/verify-contact.ts'), 'utf8');
    expect(parts.length).toBeGreaterThan(0);
    for (const part of parts) expect(documented).toContain(`@csspart ${part} - `);
    for (const [property] of css.matchAll(/--[\w-]+/g)) expect(documented).toContain(`@cssproperty ${property} - `);
  });
});

async function write(file: string, picture: Pixels): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, smallPng(picture));
}
