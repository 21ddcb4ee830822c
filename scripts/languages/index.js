/**
 * Writes a page with every sentence in every language beside English, so that a person can review all of them in one sitting:
 * `npm run languages`. `readings/` has what each sentence says, read back into English without the English sentence.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runnerImport } from 'vite';

/** @typedef {string | Record<string, string>} Sentence a sentence, or its plural forms */

const root = join(import.meta.dirname, '../..');
const output = join(root, '.cache/languages.html');

/** @param {string} name @returns {Promise<Record<string, Sentence>>} */
async function sentencesOf(name) {
  const { module } = await runnerImport(join(root, `src/locales/${name}.ts`));
  return /** @type {{ default: Record<string, Sentence> }} */ (module).default;
}

/** @param {string} name @returns {Record<string, Sentence>} */
function readingOf(name) {
  const file = join(import.meta.dirname, `readings/${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** @param {Sentence | undefined} sentence */
const cell = (sentence) =>
  typeof sentence === 'object'
    ? Object.entries(sentence)
        .map(([form, text]) => `<i lang="en">${form}</i> ${escape(text)}`)
        .join('<br>')
    : escape(sentence ?? '–');

/** @param {string} text */
const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

const english = await sentencesOf('en');
const names = readdirSync(join(root, 'src/locales'))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => name !== 'en' && name !== 'index');
const languageName = new Intl.DisplayNames('en', { type: 'language' });

const sections = [];
for (const name of names) {
  const [tag = name] = Intl.getCanonicalLocales(name);
  const sentences = await sentencesOf(name);
  const reading = readingOf(name);
  const rows = Object.entries(english).map(
    ([key, text]) =>
      `<tr><th scope="row">${key}<td>${cell(text)}<td lang="${tag}" dir="auto">${cell(sentences[key])}<td>${cell(reading[key])}`,
  );
  sections.push(
    `<h2 id="${tag}">${languageName.of(tag)} (${tag})</h2>
<table><thead><tr><th>Name<th>English<th>${languageName.of(tag)}<th>Read back into English</thead>
<tbody>${rows.join('\n')}</tbody></table>`,
  );
}

mkdirSync(join(root, '.cache'), { recursive: true });
writeFileSync(
  output,
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>The sentences in ${names.length + 1} languages</title>
<style>
  body { font: 1rem/1.4 system-ui; margin: 2rem; }
  table { border-collapse: collapse; width: 100%; table-layout: fixed; }
  th, td { border: 1px solid #ccc; padding: 0.4rem; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
  thead th { position: sticky; top: 0; background: #fff; }
</style>
<h1>The sentences in ${names.length + 1} languages</h1>
${sections.join('\n')}
`,
);
console.log(`${names.length} languages beside English: .cache/languages.html`);
