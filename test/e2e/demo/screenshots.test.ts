/** The demo's pages: axe in light, dark and right to left, and screenshots at three widths. The pictures are in test/visual/demo/. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from '../../support/axe.js';
import { startDemo, type RunningDemo } from '../../support/demo-process.js';
import { openBrowser } from '../../support/open-browser.js';
import { screenshotDemo, type View } from '../../support/demo-screenshots.js';
import { smallPng, type Pixels } from '../../support/small-png.js';
import { decodePng, difference, launchPinnedChromium } from '../../support/screenshots.js';

/** The packaged Chromium takes the pictures. It exists only for this platform. */
const elsewhere = process.platform !== 'linux' || process.arch !== 'x64';
const update = process.env.VISUAL === 'update';
/** As for the elements' pictures. */
const tolerance = 0.002;

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const views: View[] = (['story', 'code', 'playground'] as const).flatMap((page) =>
  [360, 768, 1280].flatMap((width) =>
    (['light', 'dark'] as const).map((colorScheme) => ({
      page,
      width,
      height: page === 'story' ? 1800 : 900,
      colorScheme,
    })),
  ),
);

let demo: RunningDemo;
beforeAll(async () => {
  demo = await startDemo();
}, 60_000);
afterAll(() => demo?.stop());

describe.skipIf(elsewhere)('the pages look as before (in the packaged Chromium, on Linux x64 only)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchPinnedChromium();
  }, 60_000);
  afterAll(() => browser?.close());

  it.each(views)('$page at $width px, $colorScheme', async (view) => {
    const { pixels: picture } = await screenshotDemo(browser, demo.origin, view);
    const name = `demo/${view.page}-${view.width}-${view.colorScheme}.png`;
    const file = path(`../../visual/${name}`);
    if (update) return write(file, picture);
    expect(existsSync(file), `There is no ${file}; VISUAL=update takes it`).toBe(true);
    const page = await browser.newPage();
    await page.goto(demo.origin);
    const apart = difference(await decodePng(page, await readFile(file)), picture);
    await page.close();
    const kept = path(`../../../.cache/visual/${name}`);
    if (apart > tolerance) await write(kept, picture);
    expect(apart, `It differs from ${file}: see ${kept}`).toBeLessThanOrEqual(tolerance);
  });
});

describe('axe', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(() => browser?.close());

  it.each([
    ['the story', '', 'light'],
    ['the story', '', 'dark'],
    ['the playground', 'playground.html', 'light'],
    ['the playground', 'playground.html?element=two-factor&theme=candy', 'dark'],
    ['the playground from right to left', 'playground.html?lang=ar&type=phone+email&name=proof&required=', 'light'],
  ] as const)('finds nothing wrong with %s (%s) in %s', async (_, page, colorScheme) => {
    const visitor = await browser.newPage({ colorScheme, reducedMotion: 'reduce' });
    await visitor.goto(`${demo.origin}/${page}`);
    await visitor.locator('verify-contact, two-factor').first().locator('[part=button]').waitFor();
    await visitor.getByRole('log').first().waitFor({ state: 'attached' });
    expect(await axeViolations(visitor)).toEqual([]);
    await visitor.close();
  });
});

async function write(file: string, picture: Pixels): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, smallPng(picture));
}
