/** The file for the script tag: its size, its content, and both journeys on a static page with the backend on another origin. */
import { generateKeyPair, exportJWK, SignJWT } from 'jose';
import { readFile, readdir } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/index.js';
import { bearerIdentity, createHandler, generateKeys, verifyProof } from '../../../src/server/index.js';
import { serve } from '../../../src/server/node.js';
import { buildBundle, type Bundle } from '../../support/bundle.js';
import { complaintsOf, openBrowser } from '../../support/open-browser.js';

let bundle: Bundle;
let dist: string;

beforeAll(async () => {
  bundle = await buildBundle();
  ({ dist } = bundle);
}, 60_000);
afterAll(() => bundle.remove());

describe('the file', () => {
  it('is at most 13,855 bytes with brotli, with both elements and English', async () => {
    const entry = await readFile(join(dist, 'verify-contact.min.js'));
    expect(brotliCompressSync(entry).length).toBeLessThanOrEqual(13_855);
  });

  it('contains no validator, no Twilio address and no metadata of phone numbers', async () => {
    const entry = await readFile(join(dist, 'verify-contact.min.js'), 'utf8');
    const strangers = ['ZodError', 'twilio', 'libphonenumber', 'country_calling_codes', 'Lit is in dev mode'];
    expect(strangers.filter((stranger) => entry.includes(stranger))).toEqual([]);
  });

  it('loads at most 5,000 bytes to format numbers, and at most 1,200 for the rules of one country', async () => {
    const chunks = await readdir(join(dist, 'chunks'));
    const size = async (name: string) => brotliCompressSync(await readFile(join(dist, 'chunks', name))).length;
    const sizes = (start: RegExp) => Promise.all(chunks.filter((name) => start.test(name)).map(size));
    const formatter = await sizes(/^(phone-input|ascii-text)-/);
    expect(formatter.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(5_000);
    const plans = await sizes(/^plans-/);
    expect(plans.length).toBeGreaterThan(10);
    expect(Math.max(...plans)).toBeLessThanOrEqual(1_200);
  });

  it('finds its chunks beside itself, wherever it is served from', async () => {
    const entry = await readFile(join(dist, 'verify-contact.min.js'), 'utf8');
    const chunks = await readdir(join(dist, 'chunks'));
    const imported = [...entry.matchAll(/import\(\s*[`'"]([^`'"]+)[`'"]\s*\)/g)].map(([, path]) => path);
    expect(imported.length).toBeGreaterThan(0);
    for (const path of imported) {
      expect(path).toMatch(/^\.\/chunks\//);
      expect(chunks).toContain(path?.slice('./chunks/'.length));
    }
  });
});

describe('a static page with the script and both tags', () => {
  const phone = '+14155552671';
  const email = 'grace@example.com';
  const audience = 'https://shop.example';
  const emulator = createEmulator();
  let browser: Browser;
  let page: Page;
  let site: Server;
  let backend: Awaited<ReturnType<typeof serve>>;
  let complaints: string[];
  let jwks: Parameters<typeof verifyProof>[1]['jwks'];

  beforeAll(async () => {
    // Another name for the same machine makes it another site: cookies would not be sent, and none is needed.
    site = createServer((request, response) => void answer(request.url ?? '/').then((send) => send(response)));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const origin = `http://localhost:${(site.address() as AddressInfo).port}`;
    const pair = await generateKeyPair('ES256');
    const { contact, twoFactor } = emulator.services;
    const { accountSid, apiKey, apiSecret } = emulator.credentials;
    const handler = createHandler({
      twilio: {
        accountSid,
        apiKey,
        apiSecret,
        contactService: contact,
        twoFactorService: twoFactor,
        transport: (request) => emulator.fetch(request),
      },
      keys: await generateKeys(),
      audience,
      origins: [origin],
      anonymous: true,
      identify: bearerIdentity({
        issuer: audience,
        audience: 'verify-contact',
        algorithms: ['ES256'],
        jwks: { keys: [await exportJWK(pair.publicKey)] },
      }),
      twoFactor: { required: 'always', email: true },
    });
    backend = await serve(handler, { port: 0, hostname: '127.0.0.1' });
    jwks = `${backend.url}/jwks.json`;
    const token = await new SignJWT({
      phone_number: phone,
      phone_number_verified: true,
      email,
      email_verified: true,
    })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(audience)
      .setAudience('verify-contact')
      .setSubject('grace')
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(pair.privateKey);

    const policy = `default-src 'none'; script-src 'self'; connect-src 'self' ${backend.url}; require-trusted-types-for 'script'; trusted-types lit-html`;
    const markup = `<!doctype html><html lang="en"><title>Shop</title>
      <script type="module" src="/assets/verify-contact.min.js"></script>
      <verify-contact endpoint="${backend.url}/verify" country="GB"></verify-contact>
      <two-factor endpoint="${backend.url}/verify" token="${token}"></two-factor></html>`;

    async function answer(url: string) {
      const file = /^\/assets\/([\w.-]+|chunks\/[\w.-]+)$/.exec(url)?.[1];
      const body = url === '/' ? markup : file ? await readFile(join(dist, file)).catch(() => null) : null;
      const type = url === '/' ? 'text/html; charset=utf-8' : 'text/javascript';
      return (response: ServerResponse) =>
        body === null
          ? response.writeHead(404).end()
          : response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': policy }).end(body);
    }

    browser = await openBrowser();
    page = await browser.newPage();
    complaints = complaintsOf(page);
    await page.goto(origin);
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await backend.close();
    await new Promise((resolve) => site.close(resolve));
  });

  it('verifies a phone number typed in its national format, and gives the page a proof that its server accepts', async () => {
    const element = page.locator('verify-contact');
    const proof = element.evaluate(
      (node: HTMLElement) =>
        new Promise<string>((resolve) => node.addEventListener('contact-verified', ({ proof }) => resolve(proof))),
    );
    await element.getByLabel('Phone number').fill('07400 123456');
    await element.getByRole('button', { name: 'Send code' }).click();
    await element.getByLabel('Code', { exact: true }).fill(await codeFor('+447400123456'));
    await element.getByRole('button', { name: 'Submit code' }).click();
    await element.getByText('+44 7400 123456 is verified.').first().waitFor();
    const claims = await verifyProof(await proof, { jwks, audience, purpose: 'contact', subject: null });
    expect(claims.contact).toEqual({ type: 'phone', value: '+447400123456' });
  });

  it('sends the second factor by itself, to the verified phone of the bearer, and to the e-mail address on request', async () => {
    const element = page.locator('two-factor');
    const proof = element.evaluate(
      (node: HTMLElement) =>
        new Promise<string>((resolve) => node.addEventListener('two-factor-verified', ({ proof }) => resolve(proof))),
    );
    await element.scrollIntoViewIfNeeded();
    await element.getByText('•••• 71').first().waitFor();
    expect(await codeFor(phone)).toMatch(/^\d{6}$/);
    await element.getByRole('button', { name: 'Send to my e-mail instead' }).click();
    await element.getByText('g•••@e•••').first().waitFor();
    await element.getByLabel('Code', { exact: true }).fill(await codeFor(email));
    await element.getByRole('button', { name: 'Submit code' }).click();
    const claims = await verifyProof(await proof, { jwks, audience, purpose: 'two-factor', subject: 'grace' });
    expect(claims.amr).toEqual(['email']);
  });

  it('works under a strict content security policy, without an error in the console', () => {
    expect(complaints).toEqual([]);
  });

  async function codeFor(to: string): Promise<string> {
    await expect.poll(() => emulator.outbox.latest(to)?.code, { timeout: 10_000 }).toBeDefined();
    return emulator.outbox.latest(to)?.code ?? '';
  }
});
