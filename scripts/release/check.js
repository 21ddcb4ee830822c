/** `node scripts/release/check.js v1.2.3`: ends with 1 and says why, if that tag must not be released. It publishes nothing. */
import { readFileSync } from 'node:fs';
import { notReady } from './ready.js';

const read = (/** @type {string} */ file) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const said = notReady(process.argv[2] ?? '', {
  manifest: read('package.json'),
  lock: read('package-lock.json'),
  changelog: read('CHANGELOG.md'),
});
for (const sentence of said) console.error(sentence);
process.exitCode = said.length === 0 ? 0 : 1;
