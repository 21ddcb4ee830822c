/** Takes the pictures at the top of the README from the demo's own page, in light and dark: `npm run shots`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { runnerImport } from 'vite';

/** @typedef {typeof import('./shots/pictures.js')} Pictures */
const { module } = await runnerImport('./scripts/shots/pictures.ts');
const { takePictures } = /** @type {Pictures} */ (module);
await mkdir('docs/shots', { recursive: true });
for (const [name, png] of await takePictures()) {
  await writeFile(`docs/shots/${name}`, png);
  console.log(`docs/shots/${name} has ${png.length} bytes.`);
}
