/** The pictures of the guide on theming are what its CSS draws, and its lists are what the elements have. */
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBundle, type Bundle } from '../../support/bundle.js';
import { blankPage, decodePng, difference, fonts, launchPinnedChromium } from '../../support/screenshots.js';
import { smallPng } from '../../support/small-png.js';
import { openSite, type Site } from '../../support/static-site.js';
import { drawThemePicture, guide, recipes, themePictures } from '../../support/theme-pictures.js';

/** As in test/e2e/elements/screenshots.test.ts: the platform, the update and the tolerance. */
const elsewhere = process.platform !== 'linux' || process.arch !== 'x64';
const update = process.env.VISUAL === 'update';
const tolerance = 0.002;

const folder = fileURLToPath(new URL('../../../docs/themes/', import.meta.url));
const schemes = ['light', 'dark'] as const;

describe.skipIf(elsewhere)('the pictures of the guide (in the packaged Chromium, on Linux x64 only)', () => {
  let bundle: Bundle;
  let site: Site;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    bundle = await buildBundle();
    site = await openSite({ pages: { '/': blankPage }, folders: { '/assets/': bundle.dist, '/fonts/': fonts } });
    browser = await launchPinnedChromium();
    page = await browser.newPage();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    await bundle?.remove();
  });

  it.each(themePictures.flatMap((picture) => schemes.map((scheme) => ({ picture, scheme, name: picture.name }))))(
    '$name, $scheme, is what the CSS draws',
    async ({ picture, scheme, name }) => {
      const file = `${folder}${name}-${scheme}.png`;
      const pixels = await drawThemePicture(browser, site, picture, scheme);
      if (update) writeFileSync(file, smallPng(pixels));
      expect(existsSync(file), `There is no ${file}; VISUAL=update takes it`).toBe(true);
      expect(difference(await decodePng(page, readFileSync(file)), pixels), file).toBeLessThanOrEqual(tolerance);
    },
  );
});

describe('the guide', () => {
  it('has a picture for every recipe, in light and dark, of at most 40 kB, and no other picture', () => {
    expect(recipes.length).toBeGreaterThanOrEqual(8);
    const files = themePictures.flatMap(({ name }) => schemes.map((scheme) => `${name}-${scheme}.png`));
    expect(readdirSync(folder).filter((name) => name.endsWith('.png'))).toEqual(files.sort());
    for (const file of files) {
      expect(guide).toContain(`themes/${file}"`);
      expect(statSync(folder + file).size, file).toBeLessThanOrEqual(40_000);
    }
  });
});
