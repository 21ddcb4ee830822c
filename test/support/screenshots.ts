/** A page that shows scenes in one look, photographs them, and compares photographs. The pictures come from the packaged Chromium alone. */
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { TwoFactorElement, VerifyContactElement } from '../../src/index.js';
import { chromiumFlags, packagedChromium } from './find-chromium.js';
import type { Site } from './static-site.js';
import type { Scene } from './element-scenes.js';
import type { Pixels } from './small-png.js';

export interface Look {
  readonly name: string;
  readonly lang?: string;
  readonly dir?: 'rtl';
  readonly colorScheme?: 'dark';
  readonly forcedColors?: 'active';
  /** A style sheet of the page, by its URL. */
  readonly theme?: string;
}

/** The fonts of a picture, and a page around the element that adds nothing of its own. */
export const blankPage = `<!doctype html><html lang="en"><head><meta charset="utf-8">
  <meta name="color-scheme" content="light dark">
  <link rel="stylesheet" href="/fonts/400.css"><link rel="stylesheet" href="/fonts/600.css">
  <style>body { margin: 0; font: 16px Vazirmatn } main { inline-size: 328px; padding: 16px }</style>
  <script type="module" src="/assets/verify-contact.min.js"></script></head><body><main></main></body></html>`;

export const fonts = fileURLToPath(new URL('../../node_modules/@fontsource/vazirmatn/', import.meta.url));

/** Pinned by the lock file, with the fonts of its package and none of the machine's: so a picture is the same everywhere. */
export async function openStudio(): Promise<Browser> {
  const { executablePath, env } = await packagedChromium();
  return chromium.launch({
    executablePath,
    args: [...chromiumFlags, '--disable-lcd-text', '--font-render-hinting=none', '--force-color-profile=srgb'],
    env: { ...process.env, ...env },
  });
}

/** The page in this look, with its time standing still. */
export async function openLook(browser: Browser, { origin }: Site, look: Look): Promise<Page> {
  const { lang = 'en', dir = 'ltr', colorScheme = 'light', forcedColors = 'none', theme } = look;
  const page = await browser.newPage({
    viewport: { width: 360, height: 700 },
    locale: 'en-GB',
    colorScheme,
    forcedColors,
    reducedMotion: 'reduce',
  });
  await page.clock.setFixedTime('2026-11-23T12:00:00Z');
  await page.goto(origin);
  // Else every scene would wait for elements that a broken build never defines.
  await page.waitForFunction(() => customElements.get('two-factor'), undefined, { timeout: 10_000 });
  if (theme) await page.addStyleTag({ url: theme });
  await page.evaluate(
    ([language, direction]) => Object.assign(document.documentElement, { lang: language, dir: direction }),
    [lang, dir] as const,
  );
  return page;
}

/** Plays a scene to its end, and takes the picture. */
export async function photograph(page: Page, scene: Scene): Promise<Pixels> {
  await page.evaluate(play, scene);
  return develop(page, await page.locator('main').screenshot({ animations: 'disabled', caret: 'hide' }));
}

/** Runs in the page, so it must bring along all that it uses. */
async function play({ tag, attributes, replies, acts, step }: Scene): Promise<void> {
  const until = async (done: () => boolean) => {
    const latest = performance.now() + 10_000;
    while (!done()) {
      if (performance.now() > latest) throw new Error(`The step is ${element.step}, and never ${step}.`);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  };
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

/** What share of the pixels differs so that a person could see it, 0 to 1; 1 where the sizes differ. */
export function difference(one: Pixels, other: Pixels): number {
  if (one.width !== other.width || one.height !== other.height) return 1;
  let different = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    const apart = [at, at + 1, at + 2].map((channel) => Math.abs(one.data[channel]! - other.data[channel]!));
    if (Math.max(...apart) > 32) different++;
  }
  return different / (one.width * one.height);
}

/** What a PNG shows: the browser has the decoder. */
export async function develop(page: Page, png: Buffer): Promise<Pixels> {
  const { width, height, base64 } = await page.evaluate(async (picture) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    // In pieces, since a call takes no more than some ten thousand arguments.
    const pieces = Array.from({ length: bitmap.height }, (_, row) =>
      String.fromCharCode(...data.subarray(row * bitmap.width * 4, (row + 1) * bitmap.width * 4)),
    );
    return { width: bitmap.width, height: bitmap.height, base64: btoa(pieces.join('')) };
  }, png.toString('base64'));
  return { width, height, data: Buffer.from(base64, 'base64') };
}
