/** The integrity that the build prints for pages with a strict policy, in a real browser that refuses tampered files. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashOf, importMap, type Integrity } from '../../../scripts/build/integrity.js';
import { buildBundle, type Bundle } from '../../support/bundle.js';
import { complaintsOf, openBrowser } from '../../support/open-browser.js';
import { openSite, type Site } from '../../support/static-site.js';

/** What no file that a page loads may contain: code of the server, the emulator and Node, and what a policy forbids. */
const strangers = [
  'ZodError',
  'twilio.com',
  'AccountSid',
  'libsql',
  'node:',
  'process.env',
  'Lit is in dev mode',
  '/__emulator',
  'outbox',
  'eval(',
  'new Function',
  'document.write',
  'document.cookie',
  'localStorage',
  'http://',
];
/** What only a chunk may contain, since not every page needs it. */
const chunksOnly = ['country_calling_codes', 'Telefonnummer'];

let bundle: Bundle;
let integrity: Integrity;
beforeAll(async () => {
  bundle = await buildBundle();
  integrity = JSON.parse(await readFile(join(bundle.dist, 'integrity.json'), 'utf8')) as Integrity;
}, 60_000);
afterAll(() => bundle?.remove());

const chunk = (name: string) => readFile(join(bundle.dist, 'chunks', name));

describe('the files that a page loads', () => {
  it('contain nothing of the server, and nothing that a strict policy forbids', async () => {
    const files = await Promise.all([
      readFile(join(bundle.dist, 'verify-contact.min.js'), 'utf8'),
      ...Object.keys(integrity.chunks).map(async (name) => (await chunk(name)).toString()),
    ]);
    const found = files.flatMap((file) => strangers.filter((stranger) => file.includes(stranger)));
    expect(found).toEqual([]);
    expect(chunksOnly.filter((stranger) => files[0]?.includes(stranger))).toEqual([]);
  });

  it('are all in integrity.json, with the hashes that they have', async () => {
    expect(hashOf(await readFile(join(bundle.dist, 'verify-contact.min.js')), 'sha384')).toBe(integrity.entry);
    expect(Object.keys(integrity.chunks).length).toBeGreaterThan(24);
    expect(hashOf(importMap(integrity, '/assets/'), 'sha256')).toBe(integrity.importMap);
    for (const [name, hash] of Object.entries(integrity.chunks)) expect(hashOf(await chunk(name), 'sha384')).toBe(hash);
  });
});

it('the lines of the guide make the import map and its hash from integrity.json', async () => {
  const guide = await readFile(new URL('../../../docs/csp-and-integrity.md', import.meta.url), 'utf8');
  const [, lines = ''] = /^```js\nimport [^]*?\n\n([^]*?)^```/m.exec(guide) ?? [];
  // The lines are a text of the guide, which is what this test is about.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const run = new Function('integrity', 'createHash', `${lines}; return { map, policy, tags };`) as (
    ...given: unknown[]
  ) => Record<'map' | 'policy' | 'tags', string>;
  const { map, policy, tags } = run(integrity, createHash);
  expect(map).toBe(importMap(integrity, '/assets/'));
  expect(policy).toBe(`script-src 'self' '${integrity.importMap}'`);
  expect(tags).toContain(integrity.entry);
});

describe('a page with the integrity that the build printed', () => {
  const german = () => Object.keys(integrity.chunks).find((name) => name.startsWith('de-')) ?? '';
  let tampered: Bundle;
  let browser: Browser;
  let sites: Site[];

  /** Opens the page in German, with files from this folder. */
  async function visit(folder: string): Promise<{ page: Page; complaints: string[] }> {
    const map = importMap(integrity, '/assets/');
    const policy = `default-src 'none'; script-src 'self' '${hashOf(map, 'sha256')}'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html`;
    const markup = `<!doctype html><html lang="de"><title>Laden</title><script type="importmap">${map}</script>
      <script type="module" src="/assets/verify-contact.min.js" integrity="${integrity.entry}"></script>
      <verify-contact country="DE"></verify-contact></html>`;
    const site = await openSite({ pages: { '/': markup }, folders: { '/assets/': folder }, policy });
    sites.push(site);
    const page = await browser.newPage();
    const complaints = complaintsOf(page);
    await page.goto(site.origin);
    return { page, complaints };
  }

  beforeAll(async () => {
    sites = [];
    tampered = await buildBundle();
    browser = await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all(sites.map((site) => site.close()));
    await tampered?.remove();
  });

  it('loads the entry and its chunks, within its policy', async () => {
    const { page, complaints } = await visit(bundle.dist);
    await page.getByLabel('Telefonnummer').waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('refuses a tampered chunk, and the element still works, in English', async () => {
    const file = join(tampered.dist, 'chunks', german());
    await writeFile(file, `${await readFile(file, 'utf8')};window.taken = true;`);
    const { page, complaints } = await visit(tampered.dist);
    await page.getByLabel('Phone number').waitFor();
    await expect.poll(() => complaints.join()).toMatch(/integrity|digest/i);
    expect(await page.evaluate(() => 'taken' in window)).toBe(false);
    await page.close();
  });

  it('refuses a tampered entry', async () => {
    const file = join(tampered.dist, 'verify-contact.min.js');
    await writeFile(file, `${await readFile(file, 'utf8')};window.taken = true;`);
    const { page, complaints } = await visit(tampered.dist);
    await expect.poll(() => complaints.join()).toMatch(/integrity|digest/i);
    expect(await page.evaluate(() => 'taken' in window || !!customElements.get('verify-contact'))).toBe(false);
    await page.close();
  });
});
