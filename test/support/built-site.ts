/** Builds and serves the site of `npm run build:demo`, and measures its pages in a real browser. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { complaintsOf } from './open-browser.js';
import { openSite, type Site, type SiteContent } from './static-site.js';

/** The served site; call `close` after the tests. */
export interface BuiltSite extends Site {
  readonly folder: string;
  /** The URL of its start page; ends with a slash. */
  readonly base: string;
}

export async function openBuiltSite(otherwise?: SiteContent['otherwise']): Promise<BuiltSite> {
  const folder = await mkdtemp(join(tmpdir(), 'verify-contact-site-'));
  await build({ configFile: 'vite.config.ts', mode: 'site', logLevel: 'error', build: { outDir: folder } });
  // Static hosts often serve a site under a path, so the docs may not assume the root.
  const path = otherwise ? '/' : '/verify-contact/';
  const site = await openSite({ pages: {}, folders: { [path]: folder }, ...(otherwise ? { otherwise } : {}) });
  return {
    folder,
    origin: site.origin,
    base: site.origin + path,
    close: async () => {
      await site.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a visit cost, and what went wrong. */
export interface Visit {
  /** Cumulative layout shift (https://web.dev/articles/cls): every shift without input. */
  readonly shift: number;
  /** First contentful paint, in milliseconds. */
  readonly paint: number;
  /** The bytes of all responses, compressed as a host compresses them. */
  readonly bytes: number;
  readonly complaints: readonly string[];
  readonly thirdParties: readonly string[];
  readonly fonts: readonly string[];
}

/** Opens the address in this new page, and waits until everything is loaded. */
export async function visit(page: Page, address: string): Promise<Visit> {
  const complaints = complaintsOf(page);
  const own = new URL(address).origin;
  const bodies = new Map<string, Promise<Buffer>>();
  page.on('requestfinished', (request) => {
    const response = request.response();
    // A stream of events never ends, and a picture in the address is no request.
    if (/^https?:/.test(request.url()))
      bodies.set(
        request.url(),
        response.then((one) => one?.body() ?? Buffer.alloc(0)).catch(() => Buffer.alloc(0)),
      );
  });
  const requested: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  await page.addInitScript(watchShifts);
  await page.goto(address);
  await page.waitForFunction(settled, undefined, { timeout: 20_000 });
  const { shift, paint } = await page.evaluate(measured);
  const sizes = await Promise.all(bodies.values());
  return {
    shift,
    paint,
    bytes: sizes.reduce((sum, body) => sum + compressedSize(body), 0),
    complaints,
    thirdParties: requested.filter((url) => !url.startsWith('data:') && new URL(url).origin !== own),
    fonts: requested.filter((url) => /\.(woff2?|ttf|otf)\b|^data:font/.test(url)),
  };
}

/** The size in Brotli, at the level that hosts use for dynamic responses. */
const compressedSize = (body: Buffer) =>
  brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length;

interface Watching {
  shifts: PerformanceObserver;
  shift: number;
  quiet: number;
  resources: number;
}

/** This function and the next two run in the page, so they may use nothing from outside. */
function watchShifts(): void {
  const add = (entries: PerformanceEntryList) => {
    for (const entry of entries as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
      if (!entry.hadRecentInput) watching.shift += entry.value;
  };
  const shifts = new PerformanceObserver((list) => add(list.getEntries()));
  const watching: Watching = { shifts, shift: 0, quiet: 0, resources: -1 };
  shifts.observe({ type: 'layout-shift', buffered: true });
  Object.assign(globalThis, { watching, add });
}

/** The page is loaded, every element is defined, every block of code has its button, and no request was made for ten frames. */
function settled(): boolean {
  const { watching } = globalThis as unknown as { watching: Watching };
  const resources = performance.getEntriesByType('resource').length;
  watching.quiet = resources === watching.resources ? watching.quiet + 1 : 0;
  watching.resources = resources;
  const scripted = document.querySelector('script[type=module]');
  const defined = !scripted || !document.querySelector('verify-contact:not(:defined), two-factor:not(:defined)');
  const copyable = !scripted || !document.querySelector('.snippet:not(:has(> .copy))');
  return document.readyState === 'complete' && defined && copyable && watching.quiet > 10;
}

function measured(): { shift: number; paint: number } {
  const { watching, add } = globalThis as unknown as { watching: Watching; add(list: PerformanceEntryList): void };
  add(watching.shifts.takeRecords());
  return { shift: watching.shift, paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN };
}
