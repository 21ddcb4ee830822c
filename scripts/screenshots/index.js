/** Takes the pictures at the top of the README from the demo's own page, in light and dark: `npm run screenshots`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { runnerImport } from 'vite';

/** @typedef {typeof import('./screenshots.js')} Pictures */
const { module } = await runnerImport('./scripts/screenshots/screenshots.ts');
const { takePictures } = /** @type {Pictures} */ (module);
await mkdir('docs/screenshots', { recursive: true });
for (const [name, png] of await takePictures()) {
  await writeFile(`docs/screenshots/${name}`, png);
  console.log(`docs/screenshots/${name} has ${png.length} bytes.`);
}
