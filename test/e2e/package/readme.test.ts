/** Follows the README from its first line in an empty folder, with the packed tarball, as a reader would: it ends with a person signed in by two factors. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../../scripts/processes/free-port.js';
import { startProcess, type RunningProcess } from '../../../scripts/processes/start-process.js';
import { complaintsOf, openBrowser } from '../../support/open-browser.js';
import { pack, said, type Packed } from '../../support/packed-package.js';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { repository?: { url: string } };

let packed: Packed;
let folder: string;
/** The package as it lies in `node_modules`. */
const installed = () => join(folder, 'node_modules/verify-contact');
const readme = () => readFileSync(join(installed(), 'README.md'), 'utf8');

/** The section of the first ten minutes, from the repository: before anything is installed, that is where people read it. */
const section = (/^## The first ten minutes$[^]*?(?=^## )/m.exec(readFileSync(`${root}/README.md`, 'utf8')) ?? [''])[0];
const blocks = (language: string) =>
  [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, block = '']) => block);
const [install = '', start = ''] = blocks('sh');
const [program = ''] = blocks('js');
const [, file = ''] = /Save this as `([\w.]+)`/.exec(section) ?? [];

let browser: Browser;
beforeAll(async () => {
  packed = await pack();
  folder = await mkdtemp(join(tmpdir(), 'verify-contact-readme-'));
  // The package is not on the registry yet: the same command gets the tarball instead of the name.
  const [line = '', ...others] = install.trim().split('\n');
  const { code, text } = await said(folder, 'sh', '-c', line.replace(/\bverify-contact\b/, packed.tarball));
  if (code !== 0) throw new Error(`${line} ended with ${code}: ${text}`);
  for (const other of others) expect(await said(folder, 'sh', '-c', other), other).toEqual({ code: 0, text: '' });
  browser = await openBrowser();
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await packed?.remove();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Types the code that the terminal prints next for this number, as the reader does. */
async function enterCode(page: Page, server: RunningProcess, nth: number): Promise<void> {
  const printed = new RegExp(`(?:The code for \\+14155552671 is \\d{6}\\n[^]*){${nth}}`);
  await server.waitForOutput(printed);
  const codes = [...server.output().matchAll(/The code for \+14155552671 is (\d{6})/g)].map(([, code = '']) => code);
  await page.getByLabel('Code', { exact: true }).fill(codes[nth - 1] ?? '');
  await button(page, 'Submit code').click();
  // The element shows that the code was right, before the person goes on.
  await page.waitForFunction(() => document.querySelector(':is(verify-contact, two-factor):state(verified)'));
}

it('a reader who copies what stands there signs up, and signs in with two factors', async () => {
  const port = await freePort();
  // Only the port differs, since others may use it on this machine.
  await writeFile(join(folder, file), program.replaceAll('8080', String(port)));
  const server = startProcess(start.trim().split(' '), { cwd: folder });
  try {
    await server.waitForOutput(/http:\/\/localhost/);
    const context = await browser.newContext({ locale: 'en-US', baseURL: `http://localhost:${port}` });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto('/');

    const signUp = page.getByRole('form', { name: 'Sign up' });
    await signUp.getByLabel('Name').fill('ada');
    await signUp.getByLabel('Password').fill('analytical');
    await page.getByLabel('Phone number').fill('+1 415 555 2671');
    await button(page, 'Send code').click();
    await enterCode(page, server, 1);
    await button(page, 'Create account').click();
    await page.getByText('You are signed in with two factors.').waitFor();
    await page.getByRole('link', { name: 'Sign out' }).click();

    const signIn = page.getByRole('form', { name: 'Sign in' });
    await signIn.getByLabel('Name').fill('ada');
    await signIn.getByLabel('Password').fill('analytical');
    await signIn.getByLabel('Password').press('Enter');
    // By keyboard alone: the code field has the focus.
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.localName === 'input');
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('two-factor');
    await enterCode(page, server, 2);
    await button(page, 'Continue').click();
    await page.getByText('You are signed in with two factors.').waitFor();
    // The page has no icon of its own, and a browser asks for one.
    expect(complaints.filter((one) => !one.includes('404'))).toEqual([]);
  } finally {
    await server.stop();
  }
}, 120_000);

it('every link of the packed documents leads to a packed file, or to the repository and a path that exists', () => {
  const documents = packed.files.filter((name) => name.endsWith('.md'));
  expect(documents).toContain('README.md');
  const repository = manifest.repository?.url.replace(/^git\+|\.git$/g, '');
  const links = documents.flatMap((name) => {
    const text = readFileSync(join(installed(), name), 'utf8').replace(/^`{3,}[^]*?^`{3,}$/gm, '');
    const found = [...text.matchAll(/\]\(([^)\s]+)\)|\b(?:href|src|srcset)="([^"]+)"/g)];
    return found.map(([, inText, inTag]) => ({ name, link: inText ?? inTag ?? '' }));
  });
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter(({ name, link }) => !leads(name, link, repository))).toEqual([]);
  // The check itself can fail.
  expect(leads('README.md', 'docs/nowhere.md', repository)).toBe(false);
  expect(leads('README.md', 'https://repository.example/blob/main/nowhere', 'https://repository.example')).toBe(false);
});

/** Whether a link of this document leads somewhere. Links to other sites are not followed, since tests use no network. */
function leads(from: string, link: string, repository: string | undefined): boolean {
  const [path = ''] = link.split('#');
  if (repository && path.startsWith(repository)) {
    const inside = path.slice(repository.length).replace(/^\/(?:blob|tree)\/[^/]+\//, '');
    return existsSync(join(root, inside));
  }
  if (path.startsWith('https://')) return true;
  const target = normalize(join(dirname(from), path));
  return (
    path === '' || packed.files.some((file) => file === target || file.startsWith(`${target.replace(/\/$/, '')}/`))
  );
}

it('the installed README is the one that was followed', () => {
  expect(readme()).toContain(section);
});
