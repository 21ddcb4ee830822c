/** Every page of `npm start`, found by its links from the first one, in a real browser: no request fails, and nothing is complained of. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDemo, type RunningDemo } from '../../support/demo-process.js';
import { complaintsOf, openBrowser } from '../../support/open-browser.js';

let demo: RunningDemo;
let browser: Browser;
beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(), openBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

it('every page and everything that it loads is there', async () => {
  const page = await browser.newPage();
  const failed: string[] = [];
  const complaints = complaintsOf(page);
  page.on('response', (response) => {
    if (response.status() >= 400) failed.push(`${page.url()}: ${response.status()} ${response.url()}`);
  });
  page.on('requestfailed', (request) => {
    // A page that is left ends its stream of events.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') failed.push(`${page.url()}: ${request.url()}`);
  });
  const addresses = new Set([`${demo.origin}/`]);
  const pictures = new Set<string>();
  // A loop over a set also visits the members that are added meanwhile.
  for (const address of addresses) {
    await page.goto(address, { waitUntil: 'load' });
    const found = await page.evaluate(() => ({
      links: Array.from(document.querySelectorAll<HTMLAnchorElement>('a[href]'), ({ href }) => href.replace(/#.*/, '')),
      sources: Array.from(document.querySelectorAll('source[srcset]'), (source) => source.getAttribute('srcset') ?? '')
        .flatMap((set) => set.split(','))
        .map((one) => new URL(one.trim().split(' ')[0] ?? '', document.baseURI).href),
      broken: Array.from(document.images)
        .filter(({ complete, naturalWidth }) => complete && naturalWidth === 0)
        .map(({ src }) => src),
    }));
    expect(found.broken, address).toEqual([]);
    for (const source of found.sources) pictures.add(source);
    for (const link of found.links) if (link.startsWith(demo.origin)) addresses.add(link);
  }
  // Of a picture in light and dark, a page loads only one.
  expect(pictures.size).toBeGreaterThan(0);
  for (const picture of pictures) {
    const response = await page.request.get(picture);
    expect(response.headers()['content-type'], picture).toMatch(/^image\//);
  }
  expect(addresses.size).toBeGreaterThan(30);
  expect(failed).toEqual([]);
  expect(complaints).toEqual([]);
}, 240_000);
