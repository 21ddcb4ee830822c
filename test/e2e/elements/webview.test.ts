/** The page for a WebView of an app (examples/mobile), in Chromium, with an app that answers its messages. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../../../src/emulator/index.js';
import { createHandler, generateKeys, verifyProof, type Handler, type Proof } from '../../../src/server/index.js';
import { nodeListener } from '../../../src/server/node.js';
import { buildBundle, type Bundle } from '../../support/bundle.js';
import { complaintsOf, openBrowser } from '../../support/open-browser.js';
import { openSite, type Site } from '../../support/static-site.js';

const phone = '+447400123456';
const audience = 'https://shop.example';
const html = readFileSync('examples/mobile/webview.html', 'utf8');

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
let handler: Handler;
let site: Site;
let page: Page;
let complaints: string[];
/** What the app got from the page. */
let messages: { type: string; proof?: string }[];
/** What the app answers to `token`, one after the other. */
let tokens: (string | null)[];

beforeEach(async () => {
  emulator = createEmulator();
  const { contact: contactService, twoFactor: twoFactorService } = emulator.services;
  const { accountSid, apiKey, apiSecret } = emulator.credentials;
  const credentials = { accountSid, apiKey, apiSecret, contactService, twoFactorService };
  handler = createHandler({
    twilio: { ...credentials, transport: (one) => emulator.fetch(one) },
    keys: await generateKeys(),
    audience,
    // Only by the token: a WebView has no cookies of the app.
    identify: ({ headers }) => (headers.get('authorization') === 'Bearer ada' ? { id: 'ada' } : null),
    accounts: {
      contacts: () => Promise.resolve({ phone, twoFactorRequired: true }),
      contactVerified: () => Promise.resolve(),
    },
    twoFactor: { required: 'always' },
  });
  const listener = nodeListener(handler);
  site = await openSite({
    pages: {
      '/webview.html': html,
      '/two-factor.html': html.replaceAll(
        '<verify-contact type="phone email"></verify-contact>',
        '<two-factor></two-factor>',
      ),
    },
    folders: { '/assets/': bundle.dist, '/': 'examples/mobile' },
    policy: `default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; style-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html`,
    otherwise: (request, response) => void listener(request, response),
  });
  messages = [];
  tokens = ['ada'];
  const context = await browser.newContext({ baseURL: site.origin, locale: 'en-GB' });
  page = await context.newPage();
  complaints = complaintsOf(page);
  // The app: React Native calls `onMessage`, and answers by `injectJavaScript`.
  await page.exposeFunction('toApp', (text: string) => {
    const message = JSON.parse(text) as { type: string };
    messages.push(message);
    if (message.type === 'token') void page.evaluate(`receiveToken(${JSON.stringify(tokens.shift() ?? null)}); true`);
  });
  await page.addInitScript('window.ReactNativeWebView = { postMessage: (text) => void window.toApp(text) };');
});
afterEach(async () => {
  await page?.context().close();
  await site?.close();
});

const types = () => messages.map(({ type }) => type);
const code = () => page.getByLabel('Code', { exact: true });

/** What the server of the app makes of the proof that the app sends it. */
async function accepted(purpose: 'contact' | 'two-factor'): Promise<Proof> {
  await expect.poll(types).toContain('proof');
  const proof = messages.find(({ type }) => type === 'proof')?.proof ?? '';
  const jwks = (await (await handler(new Request(`${site.origin}/verify/jwks.json`))).json()) as { keys: [] };
  return verifyProof(proof, { jwks, audience, purpose, subject: 'ada' });
}

async function enterCode(): Promise<void> {
  await code().waitFor();
  await code().fill(emulator.outbox.latest(phone)?.code ?? '');
  await page.getByRole('button', { name: 'Submit code' }).click();
}

async function enterNumber(): Promise<void> {
  await page.getByLabel('Phone number').fill(phone);
  await page.getByRole('button', { name: 'Send code' }).click();
}

it('a person passes the second factor in a WebView, and the app gets the proof', async () => {
  await page.goto('/two-factor.html');
  await enterCode();
  expect(await accepted('two-factor')).toMatchObject({ sub: 'ada', purpose: 'two-factor' });
  expect(types()).toEqual(['token', 'proof']);
  expect(complaints).toEqual([]);
});

it('the field asks the keyboard for the code of the message', async () => {
  await page.goto('/two-factor.html');
  await code().waitFor();
  expect(await code().getAttribute('autocomplete')).toBe('one-time-code');
  expect(await code().getAttribute('inputmode')).toBe('numeric');
});

it('a token that has expired is asked for once more, and the person notices nothing', async () => {
  tokens = ['expired', 'ada'];
  await page.goto('/two-factor.html');
  await enterCode();
  expect(await accepted('two-factor')).toMatchObject({ sub: 'ada' });
  expect(types()).toEqual(['token', 'token', 'proof']);
  expect(emulator.outbox.list()).toHaveLength(1);
});

it('the page’s own script comes first, even if the network brings it last', async () => {
  const element = page.waitForResponse('**/verify-contact.min.js');
  await page.route('**/webview.js', async (route) => {
    await (await element).finished();
    await route.continue();
  });
  await page.goto('/two-factor.html');
  await enterCode();
  expect(await accepted('two-factor')).toMatchObject({ sub: 'ada' });
  expect(types()).toEqual(['token', 'proof']);
});

it('without a token no code is sent, and the app gets no proof', async () => {
  tokens = [null, null];
  await page.goto('/webview.html');
  await enterNumber();
  await expect.poll(types).toEqual(['token', 'token']);
  await page.getByText('Sign in').first().waitFor();
  expect(emulator.outbox.list()).toEqual([]);
});
