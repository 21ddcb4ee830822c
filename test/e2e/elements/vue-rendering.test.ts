/** The component for Vue, rendered by Vue's own server renderer, and hydrated in a real browser with a real backend behind it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderToString } from 'vue/server-renderer';
import type { Browser } from 'playwright-core';
import { nodeListener } from '../../../src/server/node.js';
import { createStack, PHONE, type Stack } from '../../support/backend-stack.js';
import { complaintsOf, openBrowser } from '../../support/open-browser.js';
import { openSite, type Site } from '../../support/static-site.js';
import { createPage } from '../../support/vue-page.js';

let assets: string;
let browser: Browser;
let site: Site;
let stack: Stack;
let markup: string;

beforeAll(async () => {
  assets = await mkdtemp(join(tmpdir(), 'verify-contact-vue-'));
  await build({
    configFile: false,
    logLevel: 'error',
    base: '/assets/',
    // As in a page that is published: Lit and Vue say more in development.
    resolve: { conditions: ['production', 'module', 'browser'] },
    define: {
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true',
    },
    build: {
      outDir: assets,
      rollupOptions: {
        input: 'test/support/vue-page.js',
        output: { entryFileNames: 'page.js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
  markup = await renderToString(createPage());
  stack = await createStack();
  const listener = nodeListener(stack.handler);
  site = await openSite({
    pages: {
      '/': `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><div id="app">${markup}</div><script type="module" src="/assets/page.js"></script></html>`,
    },
    folders: { '/assets/': assets },
    otherwise: (request, response) => void listener(request, response),
  });
  browser = await openBrowser();
}, 90_000);

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await rm(assets, { recursive: true, force: true });
});

it('a server renders the tag with its attributes, and not the model', () => {
  expect(markup).toMatch(/<verify-contact (?=[^>]*name="proof")(?=[^>]*country="GB")(?=[^>]*required)[^>]*>/);
  expect(markup).not.toMatch(/value|\[object/);
});

it('the page hydrates without a mismatch, hears the event, and its model gets the proof', async () => {
  const page = await browser.newPage({ locale: 'en-GB' });
  const complaints = complaintsOf(page);
  await page.goto(site.origin);
  await page.getByText('no proof').waitFor();
  await page.getByLabel('Phone number').fill(PHONE);
  await page.getByRole('button', { name: 'Send code' }).click();
  const code = page.getByLabel('Code', { exact: true });
  await code.waitFor();
  await code.fill(stack.emulator.outbox.latest(PHONE)?.code ?? '');
  await page.getByRole('button', { name: 'Submit code' }).click();
  await page.getByText(`${PHONE} a proof`).waitFor();
  expect(complaints).toEqual([]);
});
