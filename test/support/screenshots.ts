/** Takes screenshots of the elements and compares pictures. Only the packaged Chromium takes them. */
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { TwoFactorElement, VerifyContactElement } from '../../src/index.js';
import { chromiumFlags, packagedChromium } from './find-chromium.js';
import { pollUntil } from '../../scripts/processes/poll-until.js';
import type { Site } from './static-site.js';
import type { VisualCase } from './visual-cases.js';
import type { Pixels } from './small-png.js';

type PollUntil = typeof pollUntil;

export interface Look {
  readonly name: string;
  readonly lang?: string;
  readonly dir?: 'rtl';
  readonly colorScheme?: 'light' | 'dark';
  readonly forcedColors?: 'active';
  /** A style sheet of the page, by its URL. */
  readonly theme?: string;
  /** The pixels of the screen for one of CSS. */
  readonly scale?: number;
}

/** A page around the element with the fonts of the pictures and nothing else. */
export const blankPage = `<!doctype html><html lang="en"><head><meta charset="utf-8">
  <meta name="color-scheme" content="light dark">
  <link rel="stylesheet" href="/fonts/400.css"><link rel="stylesheet" href="/fonts/600.css">
  <style>body { margin: 0; font: 16px Vazirmatn } main { inline-size: 328px; padding: 16px }</style>
  <script type="module" src="/assets/verify-contact.min.js"></script></head><body><main></main></body></html>`;

export const fonts = fileURLToPath(new URL('../../node_modules/@fontsource/vazirmatn/', import.meta.url));

/** The lock file pins this browser and its fonts, so that a picture is the same on every machine. */
export async function launchPinnedChromium(): Promise<Browser> {
  const { executablePath, env } = await packagedChromium();
  return chromium.launch({
    executablePath,
    args: [...chromiumFlags, '--disable-lcd-text', '--font-render-hinting=none', '--force-color-profile=srgb'],
    env: { ...process.env, ...env },
  });
}

/** Opens the page in this look, with its clock stopped. */
export async function openPage(browser: Browser, { origin }: Site, look: Look): Promise<Page> {
  const { lang = 'en', dir = 'ltr', colorScheme = 'light', forcedColors = 'none', theme, scale = 1 } = look;
  const page = await browser.newPage({
    viewport: { width: 360, height: 700 },
    deviceScaleFactor: scale,
    locale: 'en-GB',
    colorScheme,
    forcedColors,
    reducedMotion: 'reduce',
  });
  await page.clock.setFixedTime('2026-11-23T12:00:00Z');
  await page.goto(origin);
  // Otherwise every case would wait for elements that a broken build never defines.
  await page.waitForFunction(() => customElements.get('two-factor'), undefined, { timeout: 10_000 });
  await page.evaluate(`globalThis.pollUntil = ${pollUntil.toString()}`);
  if (theme) await page.addStyleTag({ url: theme });
  await page.evaluate(
    ([language, direction]) => Object.assign(document.documentElement, { lang: language, dir: direction }),
    [lang, dir] as const,
  );
  return page;
}

/** Carries out the actions of a case, and takes a picture of its end. */
export async function screenshotCase(page: Page, visualCase: VisualCase): Promise<Pixels> {
  await playCase(page, visualCase);
  return decodePng(page, await page.locator('main').screenshot({ animations: 'disabled', caret: 'hide' }));
}

/** Carries out the actions of a case. */
export function playCase(page: Page, visualCase: VisualCase): Promise<void> {
  return page.evaluate(play, visualCase);
}

/** Runs in the page, so it may use nothing from outside. */
async function play({ tag, attributes, replies, acts, step }: VisualCase): Promise<void> {
  const { pollUntil } = globalThis as unknown as { pollUntil: PollUntil };
  const until = (isSo: () => boolean) =>
    pollUntil(isSo, { interval: 16, message: `The step is not ${step} after ten seconds.` });
  const give = (reply: unknown) => (reply === 'never' ? new Promise(() => {}) : Promise.resolve(reply));
  sessionStorage.clear();
  const element: VerifyContactElement | TwoFactorElement = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.client = {
    contact: () => give(replies.send),
    twoFactor: () => give(replies.send),
    resend: () => give(replies.resend),
    check: () => give(replies.check),
  } as unknown as NonNullable<typeof element.client>;
  document.querySelector('main')?.replaceChildren(element);
  await element.updateComplete;
  const root = element.shadowRoot;
  const idle = () => !['starting', 'sending', 'checking', 'resending'].includes(element.step);
  for (const act of acts) {
    await until(idle);
    await element.updateComplete;
    if (typeof act === 'object') {
      const field = root?.querySelector('input');
      if (field) field.value = act.type;
      field?.dispatchEvent(new InputEvent('input', { bubbles: true }));
    } else {
      const links = root?.querySelectorAll<HTMLButtonElement>('[part=link]');
      (act === 'button' ? root?.querySelector<HTMLButtonElement>('[part=button]') : links?.[act])?.click();
    }
    await element.updateComplete;
  }
  await until(() => element.step === step);
  const english = document.documentElement.lang === 'en';
  await until(
    () => english || !/[a-z]{5}/.test(root?.querySelector('[part~=label], [part~=message]')?.textContent ?? ''),
  );
  await element.updateComplete;
  await document.fonts.ready;
  await until(() => true);
}

/** The share of pixels that differ visibly, from 0 to 1; 1 where the sizes differ. */
export function difference(one: Pixels, other: Pixels): number {
  if (one.width !== other.width || one.height !== other.height) return 1;
  let different = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    const apart = [at, at + 1, at + 2].map((channel) => Math.abs(one.data[channel]! - other.data[channel]!));
    if (Math.max(...apart) > 32) different++;
  }
  return different / (one.width * one.height);
}

/** The pixels of a PNG, decoded by the browser. */
export async function decodePng(page: Page, png: Buffer): Promise<Pixels> {
  const { width, height, base64 } = await page.evaluate(async (picture) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    // Row by row, since a call takes only some ten thousand arguments.
    const pieces = Array.from({ length: bitmap.height }, (_, row) =>
      String.fromCharCode(...data.subarray(row * bitmap.width * 4, (row + 1) * bitmap.width * 4)),
    );
    return { width: bitmap.width, height: bitmap.height, base64: btoa(pieces.join('')) };
  }, png.toString('base64'));
  return { width, height, data: Buffer.from(base64, 'base64') };
}
