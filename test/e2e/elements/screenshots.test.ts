/** Every step of both elements, looked at: in light, dark, from right to left, in forced colours, and in the two themes. The pictures are beside test/visual/. */
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

/** The packaged Chromium, whose pictures these are, exists for this platform alone. */
const elsewhere = process.platform !== 'linux' || process.arch !== 'x64';
/** `VISUAL=update` takes the pictures anew, for somebody to look through before they are committed. */
const update = process.env.VISUAL === 'update';
/** The share of pixels that may differ: processors round the edges of letters differently, and nothing else. */
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

describe.skipIf(elsewhere)('the elements look as they did (in the packaged Chromium: Linux x64 alone)', () => {
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
      expect(apart, `It looks otherwise than in ${file}: see ${kept}`).toBeLessThanOrEqual(tolerance);
    });
  });
});

describe('the two worked themes', () => {
  it.each(['ledger', 'candy'])('%s is under 20 lines of CSS, and uses nothing but what is documented', async (name) => {
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
