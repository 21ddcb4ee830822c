/** The first step of the build: writes the numbering plans again if the library's metadata has changed. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runnerImport } from 'vite';

/** @typedef {typeof import('./numbering-plans.js')} NumberingPlans */
const { module } = await runnerImport(join(import.meta.dirname, 'numbering-plans.ts'));
const { numberingPlanFiles } = /** @type {NumberingPlans} */ (module);
const folder = join(import.meta.dirname, '../../src/elements/numbering');
const files = numberingPlanFiles();
for (const name of readdirSync(folder))
  if (/^plans-\d+\.ts$/.test(name) && !files.has(name)) rmSync(join(folder, name));
for (const [name, text] of files) {
  const path = join(folder, name);
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}
