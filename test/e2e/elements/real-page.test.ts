/** A whole page in a real browser is reloaded in every step, left and reopened, and taken offline. The elements' own tests fake these. */
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../../../src/emulator/index.js';
import { createHandler, generateKeys, memoryAccounts } from '../../../src/server/index.js';
import { nodeListener } from '../../../src/server/node.js';
import { buildBundle, type Bundle } from '../../support/bundle.js';
import { complaintsOf, openBrowser } from '../../support/open-browser.js';
import { openSite, type Site } from '../../support/static-site.js';

const phone = '+447400123456';
const document = (body: string) =>
  `<!doctype html><html lang="en"><title>Shop</title><script type="module" src="/assets/verify-contact.min.js"></script>${body}</html>`;

let bundle: Bundle;
let browser: Browser;
beforeAll(async () => {
  [bundle, browser] = await Promise.all([buildBundle(), openBrowser()]);
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await bundle?.remove();
});

let emulator: Emulator;
let site: Site;
let context: BrowserContext;
let page: Page;
beforeEach(async () => {
  emulator = createEmulator();
  const { contact: contactService, twoFactor: twoFactorService } = emulator.services;
  const { accountSid, apiKey, apiSecret } = emulator.credentials;
  const account = { accountSid, apiKey, apiSecret };
  const accounts = memoryAccounts();
  await accounts.contactVerified('ada', { type: 'phone', value: phone });
  const handler = createHandler({
    twilio: { ...account, contactService, twoFactorService, transport: (one) => emulator.fetch(one) },
    keys: await generateKeys(),
    audience: 'https://shop.example',
    anonymous: true,
    identify: ({ headers }) => (headers.get('cookie')?.includes('user=ada') ? { id: 'ada' } : null),
    accounts,
    twoFactor: { required: 'always' },
  });
  const listener = nodeListener(handler);
  site = await openSite({
    pages: {
      '/': document('<verify-contact country="GB"></verify-contact><a href="/away">Away</a>'),
      '/sign-in': document('<two-factor></two-factor>'),
      '/away': document('<h1>Elsewhere</h1>'),
    },
    folders: { '/assets/': bundle.dist },
    otherwise: (request, response) => void listener(request, response),
  });
  context = await browser.newContext({ baseURL: site.origin, locale: 'en-GB' });
  page = await context.newPage();
});
afterEach(async () => {
  await context?.close();
  await site?.close();
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const number = () => page.getByLabel('Phone number');
const code = () => page.getByLabel('Code', { exact: true });
const messages = () => emulator.outbox.list().length;
const delivered = () => emulator.outbox.latest(phone)?.code ?? '';

async function sendTo(text: string): Promise<void> {
  await number().fill(text);
  await button('Send code').click();
  await code().waitFor();
}

async function submit(text: string): Promise<void> {
  await code().fill(text);
  await button('Submit code').click();
}

/** Blocks the page's requests to a route; resolves to one that has arrived and is never answered. */
function held(route: string): Promise<Route> {
  return new Promise((resolve) => void page.route(`**/verify/${route}`, resolve, { times: 1 }));
}

describe('a reloaded page', () => {
  beforeEach(async () => {
    await page.goto('/');
  });

  it('keeps a number that is being typed', async () => {
    await number().fill('07400 123');
    await page.reload();
    await expect.poll(() => number().inputValue()).toBe('07400 123');
  });

  it('keeps the number while a code is being sent, and another press sends no second message', async () => {
    const lost = page.waitForResponse('**/verify/contact');
    await number().fill('07400 123456');
    await button('Send code').click();
    await lost;
    await page.reload();
    await code().or(number()).waitFor();
    if (await number().isVisible()) await sendTo(await number().inputValue());
    expect(messages()).toBe(1);
    await submit(delivered());
    await page.getByText('is verified.').first().waitFor();
  });

  it('stays in the code step for the same code, and sends nothing', async () => {
    await sendTo('07400 123456');
    await page.reload();
    await submit(delivered());
    await page.getByText('+44 7400 123456 is verified.').first().waitFor();
    expect(messages()).toBe(1);
  });

  it('accepts the same code again while it is being checked, and Twilio checks once', async () => {
    await sendTo('07400 123456');
    const cut = held('check');
    await submit(delivered());
    await cut;
    await page.reload();
    await submit(delivered());
    await page.getByText('is verified.').first().waitFor();
    expect(emulator.calls.filter(({ path }) => path.endsWith('/VerificationCheck'))).toHaveLength(1);
  });

  it('leads back to the first number while another is typed, and its code still works', async () => {
    await sendTo('07400 123456');
    await button('Change number').click();
    await number().fill('07400 999');
    await page.reload();
    await expect.poll(() => number().inputValue()).toBe('07400 999');
    await button('Go back').click();
    await submit(delivered());
    await page.getByText('+44 7400 123456 is verified.').first().waitFor();
    expect(messages()).toBe(1);
  });

  it('starts again after the contact was verified, since a proof is never stored', async () => {
    await sendTo('07400 123456');
    await submit(delivered());
    await page.getByText('is verified.').first().waitFor();
    await page.reload();
    await number().waitFor();
    expect(await page.locator('verify-contact').evaluate((one: HTMLElement & { value?: unknown }) => one.value)).toBe(
      null,
    );
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('eyJ');
  });

  it('sends the second factor once, and accepts its code', async () => {
    await context.addCookies([{ name: 'user', value: 'ada', url: site.origin }]);
    await page.goto('/sign-in');
    await code().waitFor();
    await page.reload();
    await submit(delivered());
    await page.getByText('The code is right.').first().waitFor();
    expect(messages()).toBe(1);
  });
});

it('a page that is left in the code step and reopened expects the same code', async () => {
  await page.goto('/');
  await sendTo('07400 123456');
  await page.getByRole('link', { name: 'Away' }).click();
  await page.getByRole('heading', { name: 'Elsewhere' }).waitFor();
  await page.goBack();
  await submit(delivered());
  await page.getByText('+44 7400 123456 is verified.').first().waitFor();
  expect(messages()).toBe(1);
});

it('two tabs each have a code step, and one message serves both', async () => {
  await page.goto('/');
  const other = await context.newPage();
  await other.goto('/');
  await sendTo('07400 123456');
  await other.getByLabel('Phone number').fill('07400 123456');
  await other.getByRole('button', { name: 'Send code' }).click();
  await other.getByLabel('Code', { exact: true }).waitFor();
  expect(messages()).toBe(1);
  await submit(delivered());
  await page.getByText('is verified.').first().waitFor();
});

it('a page without a network says so, and sends the code once when the network is back', async () => {
  await page.goto('/');
  const complaints = complaintsOf(page);
  await number().fill('07400 123456');
  await context.setOffline(true);
  await button('Send code').click();
  await page.getByText('We can’t reach the server.', { exact: false }).first().waitFor();
  expect(await number().inputValue()).toBe('07400 123456');
  expect(messages()).toBe(0);
  await context.setOffline(false);
  await code().waitFor();
  await submit(delivered());
  await page.getByText('is verified.').first().waitFor();
  expect(messages()).toBe(1);
  expect(complaints.filter((one) => !one.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
});
