/** The demo's first screen with a code that has arrived, as small PNGs. It starts the demo, and ends it. */
import { freePort, startDemo } from '../../test/demo-process.js';
import { calmDown, photographDemo } from '../../test/visual/demo-studio.js';
import { smallPng } from '../../test/visual/small-png.js';
import { openStudio } from '../../test/visual/studio.js';

/** Pictures by file name. */
export async function takePictures(): Promise<Map<string, Buffer>> {
  const port = await freePort();
  const { demo, said } = await startDemo({ PORT: port });
  if (!said.includes('The demo is on')) throw new Error(said);
  const browser = await openStudio();
  const origin = `http://localhost:${port}`;
  const pictures = new Map<string, Buffer>();
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      await calmDown(origin);
      // Here the code is to be read.
      const view = { page: 'code', width: 1200, height: 780, colorScheme } as const;
      pictures.set(`story-${colorScheme}.png`, smallPng(await photographDemo(browser, origin, view, null)));
    }
  } finally {
    await browser.close();
    demo.kill();
  }
  return pictures;
}
