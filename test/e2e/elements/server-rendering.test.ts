/** Both elements rendered on a server by @lit-labs/ssr, and hydrated in a real browser under a strict policy. */
import { render } from '@lit-labs/ssr';
import { collectResultSync } from '@lit-labs/ssr/lib/render-result.js';
import { html } from 'lit';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashOf, type Integrity } from '../../../scripts/build/integrity.js';
import { buildBundle, type Bundle } from '../../support/bundle.js';
import { complaintsOf, openBrowser } from '../../support/open-browser.js';
import { openSite, type Site } from '../../support/static-site.js';
import { challenge, savedUnder } from '../../support/visual-cases.js';

const before = new Set(Reflect.ownKeys(globalThis));
await import('../../../src/index.js');
const added = Reflect.ownKeys(globalThis).filter((key) => !before.has(key));
const tags = ['verify-contact', 'two-factor'].map((tag) => customElements.get(tag));
await import('../../../src/define.js');

const drawn = {
  contact: collectResultSync(render(html`<verify-contact country="GB" name="proof"></verify-contact>`)),
  twoFactor: collectResultSync(render(html`<two-factor name="second"></two-factor>`)),
};

/** The visible words of the markup, without a browser. */
const words = (markup: string) =>
  markup
    .replace(/<style>[^]*<\/style>/, '')
    .replace(/<!--[^]*?-->|<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('in plain Node', () => {
  it('importing the package registers nothing, and adds no globals except Lit’s', () => {
    expect(tags).toEqual([undefined, undefined]);
    const own = added.map(String).filter((key) => !/^lit|^reactiveElement|^customElements$/i.test(key));
    expect(own).toEqual([]);
  });

  it('a server renders the first step of <verify-contact>, with only the selected country', () => {
    expect(drawn.contact).toContain('shadowrootmode="open"');
    expect(drawn.contact.match(/<option/g)).toHaveLength(1);
    expect(words(drawn.contact)).toMatch(/^Phone number GB .* Send code$/);
  });

  it('a server renders nothing of <two-factor>, since it cannot know whether it is required', () => {
    expect(words(drawn.twoFactor)).toBe('');
  });

  it('a server writes no style attribute and no script', () => {
    expect(drawn.contact + drawn.twoFactor).not.toMatch(/\sstyle=|<script|\son\w+=/);
  });
});

describe('a page that a server rendered', () => {
  const markup = `<!doctype html><html lang="en"><title>Shop</title>
    <script type="module" src="/assets/verify-contact.min.js"></script>${drawn.contact}${drawn.twoFactor}</html>`;
  let bundle: Bundle;
  let integrity: Integrity;
  let browser: Browser;
  let site: Site;

  beforeAll(async () => {
    bundle = await buildBundle();
    integrity = JSON.parse(await readFile(join(bundle.dist, 'integrity.json'), 'utf8')) as Integrity;
    const policy = `default-src 'none'; script-src 'self'; connect-src 'self'; style-src '${integrity.styles}'; require-trusted-types-for 'script'; trusted-types lit-html`;
    site = await openSite({ pages: { '/': markup }, folders: { '/assets/': bundle.dist }, policy });
    browser = await openBrowser();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await site?.close();
    await bundle?.remove();
  });

  /** A page of the site, whose backend asks nobody for a second factor. */
  async function openPage(options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage(options);
    await page.route('**/verify/two-factor', (route) => route.fulfill({ json: { required: false } }));
    return { page, complaints: complaintsOf(page) };
  }
  const contactOf = (page: Page) => page.locator('verify-contact');
  /** Everything but the countries, whose names and codes are the browser's own. */
  const shown = (page: Page) =>
    contactOf(page).evaluate((element) =>
      Array.from(element.shadowRoot?.querySelectorAll<HTMLElement>('form > *') ?? [])
        .filter((one) => !one.querySelector('select'))
        .map((one) => [one.innerText, one.getBoundingClientRect().width]),
    );

  it('shows and styles the first step without any script, by the style hash that the build printed', async () => {
    expect(drawn.contact).toContain('<style>');
    expect(integrity.styles).toBe(hashOf(/<style>([^]*?)<\/style>/.exec(drawn.contact)?.[1] ?? '', 'sha256'));
    const { page, complaints } = await openPage({ javaScriptEnabled: false });
    await page.goto(site.origin);
    const button = page.getByRole('button', { name: 'Send code' });
    await button.waitFor();
    expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('hydrates both elements in the same frame, without an error or a visible change', async () => {
    const { page, complaints } = await openPage();
    // The script waits until the test has seen the page without it.
    const go = await hold(page);
    await page.goto(site.origin, { waitUntil: 'commit' });
    await page.getByRole('button', { name: 'Send code' }).waitFor();
    const asleep = await shown(page);
    go();
    await page.waitForFunction(() => document.querySelector('verify-contact')?.matches(':state(contact)'));
    expect(await shown(page)).toEqual(asleep);
    expect(await contactOf(page).locator('form').count()).toBe(1);
    await expect.poll(() => contactOf(page).locator('option').count()).toBeGreaterThan(200);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('keeps what was typed before hydration, and the focus', async () => {
    const { page } = await openPage();
    const go = await hold(page);
    await page.goto(site.origin, { waitUntil: 'commit' });
    await page.getByLabel('Phone number').fill('07400 123456');
    go();
    await page.waitForFunction(() => document.querySelector('verify-contact')?.matches(':state(contact)'));
    await expect.poll(() => page.getByLabel('Phone number').inputValue()).toBe('07400 123456');
    expect(await page.getByLabel('Phone number').evaluate((input) => input.matches(':focus'))).toBe(true);
    await page.close();
  });

  it('continues with the code step for a returning user', async () => {
    const { page, complaints } = await openPage();
    await page.addInitScript(([key, value]) => sessionStorage.setItem(key, value), [
      savedUnder('verify-contact', 'proof'),
      savedCode(),
    ] as const);
    await page.goto(site.origin);
    await page.getByLabel('Code', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('hydrates as well where the page loads Lit’s own hydration support', async () => {
    const built = await build({
      configFile: false,
      logLevel: 'silent',
      resolve: { conditions: ['module', 'browser', 'production'] },
      plugins: [entryOf("import '@lit-labs/ssr-client/lit-element-hydrate-support.js'; import '/src/define.ts';")],
      build: { write: false, rolldownOptions: { input: 'virtual:entry', output: { codeSplitting: false } } },
    });
    const [output] = Array.isArray(built) ? built : [built];
    const code = output && 'output' in output ? output.output[0].code : '';
    const { page, complaints } = await openPage();
    await page.route('**/verify-contact.min.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: code }),
    );
    await page.goto(site.origin);
    await page.waitForFunction(() => document.querySelector('verify-contact')?.matches(':state(contact)'));
    expect(await contactOf(page).locator('form').count()).toBe(1);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

/** Delays the script until the returned function is called. */
async function hold(page: Page): Promise<() => void> {
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route('**/verify-contact.min.js', async (route) => {
    await held;
    await route.continue();
  });
  return go;
}

/** What the element stores for a reload in its code step. */
function savedCode(): string {
  const now = Date.now();
  const entry = { type: 'phone', text: '07400 123456', country: 'GB' };
  const sent = { challenge: challenge(), entry, expiresAt: now + 600_000, resendAt: now + 30_000 };
  return JSON.stringify({ name: 'code', sent, others: [], problem: null });
}

/** Bundles this text as an entry module. */
function entryOf(code: string) {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  return {
    name: 'entry',
    resolveId: (id: string) => (id === 'virtual:entry' ? id : id.startsWith('/src/') ? join(root, id) : undefined),
    load: (id: string) => (id === 'virtual:entry' ? code : undefined),
  };
}
