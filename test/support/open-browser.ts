/** Opens a real browser for the tests that drive a whole page. The elements' own tests run in the test runner's browser instead. */
import { chromium, type Browser, type Page } from 'playwright-core';
import { chromiumFlags, findChromium } from './find-chromium.js';

/** The installed browser, or the packaged one. */
export async function openBrowser(): Promise<Browser> {
  const { executablePath, env } = await findChromium();
  return chromium.launch({
    executablePath,
    args: chromiumFlags,
    env: { ...process.env, ...env },
  });
}

/** Collects script errors and the errors and warnings on the console, policy violations included. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return complaints;
}
