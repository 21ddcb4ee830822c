/** Photographs the demo's own pages, with what changes from run to run held still. The browser is that of the other pictures. */
import type { Browser, Page } from 'playwright-core';
import { develop } from './screenshots.js';
import type { Pixels } from './small-png.js';

/** A page as somebody sees it. */
export interface View {
  readonly page: 'story' | 'code' | 'playground';
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
}

/** Codes, times and what was measured differ each time: their room stays, their ink goes. */
const still = 'mark, time, #timeline, #controls [role=status] { visibility: hidden }';

/** An empty phone, and a clock so late that a code may go to the same number again. */
export async function calmDown(origin: string): Promise<void> {
  await fetch(`${origin}/__emulator/outbox`, { method: 'DELETE' });
  const headers = { 'Content-Type': 'application/json' };
  for (let turn = 0; turn < 2; turn++) {
    await fetch(`${origin}/__demo/clock`, { method: 'POST', headers, body: JSON.stringify({ minutes: 120 }) });
  }
}

/** Opens a page of the demo at this origin, brings it to where it is to be seen, and takes the picture: as the browser's own PNG, and as pixels. */
export async function photographDemo(
  browser: Browser,
  origin: string,
  view: View,
  style: string | null = still,
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
  const pixels = await develop(page, png);
  await page.close();
  return { png, pixels };
}

async function sendCode(page: Page): Promise<void> {
  await page.locator('#try').getByRole('button', { name: 'Send code' }).click();
  await page.getByRole('button', { name: 'Use this code' }).first().waitFor();
  await page.locator('#try').getByLabel('Code', { exact: true }).waitFor();
}
