/** Writes what is generated from the source: `npm run generate`. A test says so when it has to be run again. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runnerImport } from 'vite';

/** @typedef {typeof import('./files.js')} Files */
const { module } = await runnerImport('./scripts/generate/files.ts');
const { generatedFiles } = /** @type {Files} */ (module);
const files = await generatedFiles();
for (const [path, text] of files) {
  const file = join(import.meta.dirname, '../..', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
console.log(`${files.size} files are written.`);
