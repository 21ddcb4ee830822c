/** Screenshots of the docs on a phone, a tablet and a desktop, light, dark and right to left. The pictures are in test/visual/site/. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBuiltSite, visit, type BuiltSite } from '../../support/built-site.js';
import { smallPng, type Pixels } from '../../support/small-png.js';
import { decodePng, difference, launchPinnedChromium } from '../../support/screenshots.js';

/** As in test/e2e/elements/screenshots.test.ts: the platform, the update and the tolerance. */
const elsewhere = process.platform !== 'linux' || process.arch !== 'x64';
const update = process.env.VISUAL === 'update';
const tolerance = 0.002;

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const widths = [360, 768, 1280];
const shown = [
  { name: 'theming', page: 'docs/theming.html', colorScheme: 'light' },
  { name: 'elements-dark', page: 'docs/reference/elements.html', colorScheme: 'dark' },
  { name: 'captcha-rtl', page: 'docs/captcha.html', colorScheme: 'light', dir: 'rtl' },
] as const;

describe.skipIf(elsewhere)('the docs look as before (in the packaged Chromium, on Linux x64 only)', () => {
  let site: BuiltSite;
  let browser: Browser;
  beforeAll(async () => {
    site = await openBuiltSite();
    browser = await launchPinnedChromium();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it.each(shown.flatMap((one) => widths.map((width) => ({ ...one, width }))))('$name at $width', async (one) => {
    const { name, colorScheme, width } = one;
    const viewport = { width, height: 800 };
    const page = await browser.newPage({ viewport, colorScheme, locale: 'en-GB', reducedMotion: 'reduce' });
    await visit(page, site.base + one.page);
    if ('dir' in one) await page.evaluate((dir) => (document.documentElement.dir = dir), one.dir);
    const picture = await decodePng(page, await page.screenshot({ animations: 'disabled', caret: 'hide' }));
    const file = path(`../../visual/site/${name}-${width}.png`);
    if (update) await write(file, picture);
    expect(existsSync(file), `There is no ${file}; VISUAL=update takes it`).toBe(true);
    const apart = difference(await decodePng(page, await readFile(file)), picture);
    const kept = path(`../../../.cache/visual/site/${name}-${width}.png`);
    if (apart > tolerance) await write(kept, picture);
    expect(apart, `It differs from ${file}: see ${kept}`).toBeLessThanOrEqual(tolerance);
    await page.close();
  });
});

async function write(file: string, picture: Pixels): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, smallPng(picture));
}
