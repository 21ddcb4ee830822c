/** Every page of the built site in a real browser: no layout shift, few bytes, no third party, no axe violation and no broken link. */
import { getRequestListener } from '@hono/node-server';
import axe, { type AxeResults } from 'axe-core';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDocs } from '../../../demo/docs/site.js';
import { createDemo } from '../../../demo/host/demo.js';
import { openBuiltSite, visit, type BuiltSite, type Visit } from '../../support/built-site.js';
import { openBrowser } from '../../support/open-browser.js';

const root = new URL('../../../', import.meta.url);
const written = readDocs('static').pages;
const docs = [...written.keys()];
/** These pages use the demo's host, as under `npm start`. The docs need no server. */
const hosted = readdirSync(new URL('demo', root)).filter((name) => name.endsWith('.html'));

/** The maximum of compressed bytes: for text and two style sheets, with elements, and with a host. Pictures are extra. */
const budget = (page: string) => {
  if (hosted.includes(page)) return 45_000;
  const text = written.get(page) ?? '';
  return (text.includes('live.ts"') ? 46_000 : 18_000) + (text.includes('<picture') ? 37_000 : 0);
};
const movement = 0.01;

let alone: BuiltSite;
let withHost: BuiltSite;
let browser: Browser;
beforeAll(async () => {
  const demo = await createDemo({});
  const listener = getRequestListener(
    (request, { incoming }) => demo.fetch(request, { address: incoming.socket.remoteAddress }),
    { overrideGlobalObjects: false },
  );
  alone = await openBuiltSite();
  withHost = await openBuiltSite((request, response) => void listener(request, response));
  browser = await openBrowser();
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await alone?.close();
  await withHost?.close();
});

const addressOf = (page: string) => `${(hosted.includes(page) ? withHost : alone).base}${page}`;

/** Opens a page in a new context, so that nothing comes from a cache. */
async function open<T>(page: string, options: BrowserContextOptions, look: (page: Page, visit: Visit) => Promise<T>) {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const opened = await context.newPage();
  try {
    return await look(opened, await visit(opened, addressOf(page)));
  } finally {
    await context.close();
  }
}

it('every document has a page, and so do the story and the playground', () => {
  expect(docs.length).toBeGreaterThan(40);
  for (const page of [...docs, ...hosted]) expect(existsSync(join(alone.folder, page)), page).toBe(true);
});

describe.each([...docs, ...hosted])('%s', (page) => {
  it('has no layout shift, loads few bytes and only from its own site, and logs no complaint', async () => {
    for (const width of [360, 1280]) {
      await open(page, { viewport: { width, height: 800 } }, async (opened, seen) => {
        const { shift, paint, bytes } = seen;
        console.log(
          `${page} at ${width}: shift ${shift.toFixed(4)}, first paint ${Math.round(paint)} ms, ${bytes} bytes`,
        );
        expect(seen.complaints).toEqual([]);
        expect(seen.thirdParties).toEqual([]);
        expect(seen.fonts).toEqual([]);
        expect(paint).toBeGreaterThan(0);
        expect(shift).toBeLessThanOrEqual(movement);
        expect(bytes).toBeLessThanOrEqual(budget(page));
        // A page that scrolls sideways does not fit.
        expect(await opened.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      });
    }
  }, 60_000);

  it('passes axe in light, dark and right to left, and has no broken link', async () => {
    await open(page, { viewport: { width: 1280, height: 800 } }, async (opened) => {
      const links = await opened.evaluate(() =>
        Array.from(document.querySelectorAll<HTMLAnchorElement>('a[href]'), ({ href }) => href),
      );
      expect(links.length).toBeGreaterThan(2);
      expect(links.map(trouble).filter(Boolean)).toEqual([]);
      await opened.evaluate(axe.source);
      expect(await axeSays(opened), 'in light').toEqual([]);
      await opened.emulateMedia({ colorScheme: 'dark' });
      expect(await axeSays(opened), 'in dark').toEqual([]);
      await opened.setViewportSize({ width: 360, height: 800 });
      await opened.evaluate(() => (document.documentElement.dir = 'rtl'));
      expect(await axeSays(opened), 'from right to left, on a phone').toEqual([]);
    });
  }, 60_000);
});

/** All rules of axe, its best practices included. */
async function axeSays(page: Page): Promise<string[]> {
  const { violations, passes } = await page.evaluate(async () => {
    const { violations, passes } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
    return { violations, passes: passes.length } satisfies { violations: AxeResults['violations']; passes: number };
  });
  expect(passes).toBeGreaterThan(10);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

it('without JavaScript the docs are complete, and say what is missing in place of an element', async () => {
  const address = `${alone.base}docs/theming.html`;
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(address);
  expect(await page.getByRole('main').innerText()).toMatch(
    /Two worked themes.*The elements themselves need JavaScript/s,
  );
  await page.getByRole('link', { name: 'Languages', exact: true }).first().click();
  expect(page.url()).toBe(`${alone.base}docs/languages.html`);
  await page.close();
});

it('the keyboard reaches the list of pages, on a phone after it is opened', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${alone.base}docs/`);
  const goesTo = async (name: string) => {
    for (let presses = 0; presses < 15; presses++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate(() => document.activeElement?.textContent?.trim())) === name) return true;
    }
    return false;
  };
  expect(await goesTo('Examples')).toBe(true);
  await page.setViewportSize({ width: 360, height: 800 });
  await page.reload();
  expect(await goesTo('All pages')).toBe(true);
  await page.keyboard.press('Enter');
  expect(await goesTo('Examples')).toBe(true);
  await page.close();
});

it('a link to a missing page or anchor is detected', () => {
  expect(trouble(`${alone.base}docs/elements.html#events`)).toBe('');
  expect(trouble(`${alone.base}docs/nowhere.html`)).not.toBe('');
  expect(trouble(`${alone.base}docs/index.html#nowhere`)).not.toBe('');
  expect(trouble('http://shop')).not.toBe('');
});

/** What is wrong with a link, if anything. Links to other sites are not followed, since tests use no network. */
function trouble(link: string): string {
  const site = [alone, withHost].find(({ base }) => link.startsWith(base));
  const { protocol, hostname, hash } = new URL(link);
  if (!site) return protocol === 'https:' && /\.[a-z]{2,}$/.test(hostname) ? '' : `${link} is no address of a site`;
  const path = decodeURIComponent(link.slice(site.base.length).replace(/[?#].*/, ''));
  const file = join(site.folder, path.replace(/(^|\/)$/, '$1index.html'));
  if (!existsSync(file)) return `${link}: there is no such page`;
  const anchor = decodeURIComponent(hash.slice(1));
  return !anchor || readFileSync(file, 'utf8').includes(`id="${anchor}"`) ? '' : `${link}: there is no such anchor`;
}
