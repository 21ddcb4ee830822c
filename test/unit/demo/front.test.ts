/** The first page's figures, code, table and drawing: each says what is true of the package, and none is written by hand. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { description, drawing } from '../../../demo/front/drawing.js';
import { kilobytes, readFacts } from '../../../demo/front/facts.js';
import { fillIn } from '../../../demo/front/fragments.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFileSync(`${root}${file}`, 'utf8');
const page = fillIn(read('demo/index.html'));

it('the page gives the size of the script tag as it was built, the number of languages and the licence', () => {
  const { license } = JSON.parse(read('package.json')) as { license: string };
  const bytes = brotliCompressSync(readFileSync(`${root}dist/verify-contact.min.js`)).length;
  const languages = readdirSync(`${root}src/locales`).filter((name) => name !== 'index.ts').length;
  expect(readFacts()).toMatchObject({ bytes, languages, licence: license });
  for (const figure of [kilobytes(bytes), String(languages), license]) expect(page).toContain(`<b>${figure}</b>`);
  expect(read('demo/index.html')).not.toMatch(/\d[\d.,]* ?kB|\b\d+ languages/);
});

it('the page links to the repository as soon as package.json names it, and not before', () => {
  const { repository } = JSON.parse(read('package.json')) as { repository?: { url: string } };
  expect(page.includes('<b>Source</b>')).toBe(repository !== undefined);
});

it('a part that there is not is an error', () => {
  expect(() => fillIn('<!-- front: nonsense -->')).toThrow('The first page has no part nonsense.');
});

it('the comparison has the figures of the package and of the last benchmarks', () => {
  const comparison = read('docs/comparison.md');
  const bench = read('bench/README.md');
  const { bytes, languages } = readFacts();
  const most = Number(/under (\d+) kB, interface included/.exec(comparison)?.[1]) * 1000;
  expect(bytes).toBeLessThan(most);
  expect(comparison).toContain(`| Languages of the interface | ${languages} |`);
  const stytch = /\| Stytch, vanilla-js \|.*\| ([\d,]+) \| [\d.]+ \|/.exec(bench)?.[1] ?? '';
  expect(comparison).toContain(`${kilobytes(Number(stytch.replace(',', '')))}, every way to sign in included`);
  for (const [wave, messages, cost] of [
    ['ours, by default', '200', '$10'],
    ['per address only, 20 an hour', '20,000', '$1,000'],
  ] as const) {
    expect(bench).toContain(`| 1,000 addresses, 100,000 attempts: ${wave} | ${messages} | ${cost} |`);
    expect(comparison).toMatch(new RegExp(`${messages} (messages )?are sent, which is \\${cost}`));
  }
});

it('every number in the comparison names a source, and every source is named', () => {
  const [text = '', sources = ''] = read('docs/comparison.md').split('## Sources');
  const named = [...text.matchAll(/\[(\d+(?:, \d+)*)\]/g)].flatMap(([, list = '']) => list.split(', '));
  const listed = [...sources.matchAll(/^(\d+)\. /gm)].map(([, number]) => number);
  expect([...new Set(named)].sort()).toEqual([...listed].sort());
});

it('the drawing is told in words, and the README shows the same drawing', () => {
  for (const orientation of ['wide', 'narrow'] as const) expect(drawing(orientation)).toContain(description);
  expect(read('docs/screenshots/page-backend-twilio.svg')).toBe(drawing('narrow'));
  expect(read('README.md')).toContain(description);
});
