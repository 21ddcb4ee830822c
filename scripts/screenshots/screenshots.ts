/** The demo's first screen with a code that has arrived, as WebP, a third of a PNG. It starts the demo, and ends it. */
import type { Browser } from 'playwright-core';
import { startDemo } from '../../test/support/demo-process.js';
import { screenshotDemo } from '../../test/support/demo-screenshots.js';
import { launchPinnedChromium } from '../../test/support/screenshots.js';

/** Pictures by file name. */
export async function takePictures(): Promise<Map<string, Buffer>> {
  const { origin, stop } = await startDemo();
  const browser = await launchPinnedChromium();
  const pictures = new Map<string, Buffer>();
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      // Here the code is to be read.
      const view = { page: 'code', width: 1200, height: 780, colorScheme } as const;
      const { png } = await screenshotDemo(browser, origin, view, null);
      pictures.set(`story-${colorScheme}.webp`, await asWebp(browser, png));
    }
  } finally {
    await browser.close();
    await stop();
  }
  return pictures;
}

/** The browser's own encoder, at a quality that leaves letters sharp. */
async function asWebp(browser: Browser, png: Buffer): Promise<Buffer> {
  const page = await browser.newPage();
  const url = await page.evaluate(
    async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
      canvas.getContext('2d')?.drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', 0.8);
    },
    `data:image/png;base64,${png.toString('base64')}`,
  );
  await page.close();
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}
