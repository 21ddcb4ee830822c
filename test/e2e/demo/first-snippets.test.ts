/** The lines of the first page, typed in an empty folder: they end with a number that is verified. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { install, page, server, terminal } from '../../../demo/front/first-snippets.js';
import { freePort } from '../../../scripts/processes/free-port.js';
import { startProcess } from '../../../scripts/processes/start-process.js';
import { complaintsOf, openBrowser } from '../../support/open-browser.js';
import { pack, said, type Packed } from '../../support/packed-package.js';

let packed: Packed;
let folder: string;
let browser: Browser;
const [installing = '', makingKeys = '', starting = ''] = terminal.code.split('\n');

beforeAll(async () => {
  packed = await pack();
  folder = await mkdtemp(join(tmpdir(), 'verify-contact-lines-'));
  // The package is not on the registry yet: the same command gets the tarball instead of the name.
  const { code, text } = await said(folder, 'sh', '-c', installing.replace(/\bverify-contact\b/, packed.tarball));
  if (code !== 0) throw new Error(`${installing} ended with ${code}: ${text}`);
  expect(await said(folder, 'sh', '-c', makingKeys), makingKeys).toEqual({ code: 0, text: '' });
  browser = await openBrowser();
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await packed?.remove();
  if (folder) await rm(folder, { recursive: true, force: true });
});

it('a reader who copies them verifies a number, and sends its proof once', async () => {
  const port = await freePort();
  await writeFile(join(folder, page.title), page.code);
  await writeFile(join(folder, server.title), server.code.replaceAll('8080', String(port)));
  const running = startProcess(starting.split(' '), { cwd: folder });
  try {
    await running.waitForOutput(/http:\/\/localhost/);
    const visitor = await browser.newPage({ locale: 'en-US' });
    const complaints = complaintsOf(visitor);
    await visitor.goto(`http://localhost:${port}/`);
    await visitor.getByLabel('Phone number').fill('+1 415 555 2671');
    await visitor.getByRole('button', { name: 'Send code' }).click();
    await running.waitForOutput(/\+14155552671: \d{6}/);
    const [, code = ''] = /\+14155552671: (\d{6})/.exec(running.output()) ?? [];
    await visitor.getByLabel('Code', { exact: true }).fill(code);
    await visitor.getByRole('button', { name: 'Submit code' }).click();
    await visitor.waitForFunction(() => document.querySelector('verify-contact:state(verified)'));
    const proof = await visitor.evaluate(() => new FormData(document.querySelector('form')!).get('proof') as string);
    await visitor.getByRole('button', { name: 'Create account' }).click();
    await visitor.getByText('+14155552671 is verified.').waitFor();
    const body = new URLSearchParams({ proof });
    const again = await fetch(`http://localhost:${port}/sign-up`, { method: 'POST', body });
    expect([again.status, await again.text()]).toEqual([422, 'Please verify again.']);
    // The page has no icon of its own, and a browser asks for one.
    expect(complaints.filter((one) => !one.includes('404'))).toEqual([]);
  } finally {
    await running.stop();
  }
}, 120_000);

it('the first line installs what the others use', () => {
  expect(installing).toBe(`${install} express`);
});
