/**
 * How fast is it in the page?
 *
 * Method: one headless Chromium, a server on this machine that sends brotli, and a new context for each round. The first usable
 * field is the time from navigation until a person can type into an input. To measure rendering, a page that has loaded all code
 * and the list of countries creates the elements together, waits for their layout, then disables all (an update), then removes
 * them. Ours is compared with a Lit element that has the same fields and one country, the same with the list of countries, and an
 * element without a library. The delay of typing is from the event's time stamp until after the next frame, with the processor
 * throttled four times.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { chromiumFlags, findChromium } from '../../test/support/find-chromium.js';
import { quietly } from './bytes.js';
import { interleave, progress, short, spread, table } from '../harness/measure.js';
import { measureMany } from '../page/many.js';
import { pages, serve } from '../page/site.js';

export const title = 'In the page';
const here = dirname(fileURLToPath(import.meta.url));

const tags = {
  ours: 'verify-contact',
  'bare Lit': 'bare-lit',
  'Lit with the list of countries': 'list-lit',
  'without a library': 'bare-vanilla',
};

/** @param {import('../run.js').Bench} bench */
export async function run({ dist, rounds, quick }) {
  const folder = mkdtempSync(join(tmpdir(), 'verify-contact-bench-'));
  await quietly(() =>
    build({
      configFile: join(here, '../../vite.config.ts'),
      logLevel: 'error',
      build: { outDir: folder, emptyOutDir: true },
    }),
  );
  const lib = {
    entry: join(here, '../page/elements.js'),
    formats: /** @type {['es']} */ (['es']),
    fileName: () => 'elements.js',
  };
  await build({
    configFile: false,
    root: here,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { lib, outDir: folder, emptyOutDir: false, target: 'es2022', rolldownOptions: { output: { minify: true } } },
  });
  const site = await serve(dist, folder);
  const { executablePath, env } = await findChromium();
  const browser = await chromium.launch({
    executablePath,
    args: [...chromiumFlags, '--js-flags=--expose-gc'],
    env: { .../** @type {any} */ (process.env), ...env },
  });
  try {
    const field = await interleave(
      'first usable field',
      Object.fromEntries(Object.keys(pages).map((name) => [name, () => firstField(name)])),
      quick ? 1 : 3 * rounds,
    );
    /** @type {(string | number)[][]} */
    const rows = [];
    let ratio = NaN;
    for (const count of quick ? [1, 10] : [1, 100, 1000]) {
      const subjects = Object.fromEntries(Object.entries(tags).map(([name, tag]) => [name, () => many(tag, count)]));
      const results = await interleave(`${count} elements`, subjects, quick ? 1 : rounds);
      for (const [name, { render, update, remove }] of Object.entries(results)) {
        const beside = render.median / results['bare Lit'].render.median;
        rows.push([
          `${count.toLocaleString('en')} × ${name}`,
          short(render.median),
          short(update.median),
          short(remove.median),
          short(beside),
        ]);
        if (count === 1 && name === 'ours') ratio = beside;
      }
    }
    const { rows: network, bytes, calls } = await journey();
    const typing = await interleave(
      'typing a number',
      { ours: () => typed('ours'), vanilla: () => typed('vanilla') },
      quick ? 1 : rounds,
    );
    return {
      title,
      tables: [
        {
          title: 'First usable field',
          text: table(
            ['page', 'ms from navigation', 'low–high'],
            Object.entries(field).map(
              ([
                name,
                {
                  usable: { median, low, high },
                },
              ]) => [name, short(median), `${short(low)}–${short(high)}`],
            ),
          ),
        },
        {
          title: 'Elements: created and laid out, updated, removed',
          text: table(['elements', 'render ms', 'update ms', 'remove ms', 'render beside bare Lit'], rows),
        },
        {
          title: 'On the network, for a whole verification of a German number (brotli)',
          text: table(['when', 'requests', 'bytes with headers'], network),
        },
        {
          title: 'Typing a number, processor throttled four times: ms from the key to after the next frame',
          text: table(
            ['page', 'median', 'worst'],
            Object.entries(typing).map(([name, { median, worst }]) => [
              name,
              short(median.median),
              short(worst.median),
            ]),
          ),
        },
      ],
      verdicts: [
        {
          what: 'first render of an element beside a bare Lit element',
          value: ratio,
          unit: '×',
          bound: 'most',
          target: 2,
          aim: 1.5,
        },
        {
          what: 'bytes of a whole verification on the network, with headers',
          value: bytes,
          unit: 'B',
          bound: 'most',
          target: 31_000,
          aim: 25_000,
        },
        {
          what: 'typing a number beside a plain field, processor throttled four times',
          value: typing.ours.median.median / typing.vanilla.median.median,
          unit: '×',
          bound: 'most',
          target: 1.5,
          aim: 1.2,
        },
        {
          what: 'calls to Twilio for a verified contact, with a reload and a double click',
          value: calls,
          unit: '',
          bound: 'most',
          target: 2,
          aim: 2,
        },
      ],
    };
  } finally {
    await browser.close();
    site.close();
    rmSync(folder, { recursive: true, force: true });
  }

  async function open(/** @type {string} */ path) {
    const context = await browser.newContext({ locale: 'en-US' });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    return { page, session, close: () => context.close(), go: () => page.goto(`${site.url}/${path}`) };
  }

  async function firstField(/** @type {string} */ name) {
    const { page, go, close } = await open(encodeURIComponent(name));
    await go();
    const usable = Number(await (await page.waitForFunction('globalThis.usableAt')).jsonValue());
    await close();
    return { usable };
  }

  async function many(/** @type {string} */ tag, /** @type {number} */ count) {
    const { page, go, close } = await open('many');
    await go();
    await page.waitForFunction('globalThis.usableAt');
    const figures = await page.evaluate(measureMany, {
      tag,
      count,
      times: Math.max(1, Math.min(25, Math.round(200 / count))),
    });
    await close();
    return {
      render: spread(figures.render).median,
      update: spread(figures.update).median,
      remove: spread(figures.remove).median,
    };
  }

  async function journey() {
    progress('a whole verification');
    const { page, session, go, close } = await open('ours');
    let phase = 'the page, until its field can be used';
    /** @type {Record<string, { requests: number, bytes: number }>} */
    const phases = {};
    await session.send('Network.enable');
    const at = () => (phases[phase] ??= { requests: 0, bytes: 0 });
    session.on('Network.requestWillBeSent', () => (at().requests += 1));
    session.on('Network.loadingFinished', ({ encodedDataLength }) => (at().bytes += encodedDataLength));
    await go();
    await page.waitForFunction('globalThis.usableAt');
    await page.waitForTimeout(300);
    phase = 'typing a number and sending the code';
    await page.locator('input').first().pressSequentially('+4915123456789');
    await page.waitForTimeout(300);
    await page.locator('button').first().dblclick();
    await page.locator('input[autocomplete="one-time-code"]').waitFor();
    await page.waitForTimeout(300);
    phase = 'the code and its check';
    await page.evaluate(() =>
      document.addEventListener('contact-verified', () => /** @type {any} */ (globalThis.done = true)),
    );
    const code = site.code('+4915123456789');
    await page.locator('input[autocomplete="one-time-code"]').fill(code);
    await page.locator('button').first().click();
    await page.waitForFunction('globalThis.done');
    await page.waitForTimeout(300);
    await close();
    const first = site.calls();
    // Another person reloads before the code arrives, and sends again.
    const again = await open('ours');
    await again.go();
    await again.page.waitForFunction('globalThis.usableAt');
    const number = '+4915123456780';
    const send = async () => {
      await again.page.locator('input').first().pressSequentially(number);
      await again.page.locator('button').first().dblclick();
      await again.page.locator('input[autocomplete="one-time-code"]').waitFor();
    };
    await send();
    await again.page.evaluate(() => sessionStorage.clear());
    await again.page.reload();
    await again.page.waitForFunction('globalThis.usableAt');
    if ((await again.page.locator('input[autocomplete="one-time-code"]').count()) === 0) await send();
    await again.page.locator('input[autocomplete="one-time-code"]').fill(site.code(number));
    await again.page.evaluate(() =>
      document.addEventListener('contact-verified', () => /** @type {any} */ (globalThis.done = true)),
    );
    await again.page.locator('button').first().dblclick();
    await again.page.waitForFunction('globalThis.done');
    await again.close();
    const rows = Object.entries(phases).map(([name, { requests, bytes }]) => [
      name,
      requests,
      bytes.toLocaleString('en'),
    ]);
    const total = Object.values(phases).reduce(
      (sum, { requests, bytes }) => ({ requests: sum.requests + requests, bytes: sum.bytes + bytes }),
      { requests: 0, bytes: 0 },
    );
    rows.push(['together', total.requests, total.bytes.toLocaleString('en')]);
    return { rows, bytes: total.bytes, calls: Math.max(first, site.calls() - first) };
  }

  async function typed(/** @type {string} */ name) {
    const { page, session, go, close } = await open(name);
    await go();
    await page.waitForFunction('globalThis.usableAt');
    const input = page.locator('input').first();
    await input.focus();
    await page.waitForTimeout(500);
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.evaluate(() => {
      const delays = /** @type {number[]} */ ([]);
      /** @type {any} */ (globalThis).delays = delays;
      const after = new MessageChannel();
      let from = 0;
      after.port1.onmessage = () => delays.push(performance.now() - from);
      addEventListener(
        'keydown',
        (event) => {
          from = event.timeStamp;
          requestAnimationFrame(() => after.port2.postMessage(0));
        },
        true,
      );
    });
    await page.keyboard.type('+442079460958', { delay: 80 });
    await page.waitForTimeout(200);
    const delays = /** @type {number[]} */ (await page.evaluate('globalThis.delays'));
    await close();
    return { median: spread(delays).median, worst: Math.max(...delays) };
  }
}
