/** Takes screenshots of the demo's pages, without what changes from run to run. */
import type { Browser, Page } from 'playwright-core';
import { decodePng } from './screenshots.js';
import type { Pixels } from './small-png.js';

/** A page at a size and in a colour scheme. */
export interface View {
  readonly page: 'story' | 'code' | 'playground';
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
}

/** Hides codes, times and measurements, which differ each time. They keep their space. */
const hideChanging = 'mark, time, #timeline, #controls [role=status] { visibility: hidden }';

/** Opens a page of the demo as a new visitor and takes a picture, as the browser's PNG and as pixels. */
export async function screenshotDemo(
  browser: Browser,
  origin: string,
  view: View,
  style: string | null = hideChanging,
): Promise<{ png: Buffer; pixels: Pixels }> {
  const { width, height, colorScheme } = view;
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  await page.clock.setFixedTime('2026-11-23T12:00:00Z');
  await page.goto(`${origin}/${view.page === 'playground' ? 'playground.html' : ''}`);
  await page.locator('verify-contact').first().getByRole('button', { name: 'Send code' }).waitFor();
  await page.getByRole('log').first().waitFor({ state: 'attached' });
  if (view.page === 'code') await sendCode(page);
  if (style) await page.addStyleTag({ content: style });
  const png = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  const pixels = await decodePng(page, png);
  await page.close();
  return { png, pixels };
}

async function sendCode(page: Page): Promise<void> {
  await page.locator('#try').getByRole('button', { name: 'Send code' }).click();
  await page.getByRole('button', { name: 'Use this code' }).first().waitFor();
  await page.locator('#try').getByLabel('Code', { exact: true }).waitFor();
}
