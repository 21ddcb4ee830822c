/** The page of the control plane in a real browser, as a person who tests an application uses it. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/index.js';
import { serveEmulator } from '../../../src/emulator/node.js';
import { axeViolations } from '../../support/axe.js';
import { functionClient } from '../../support/emulator-client.js';
import { complaintsOf, openBrowser } from '../../support/open-browser.js';

const to = '+447400123456';
const markup = '<img src="x" onerror="document.title = 1"><b>{{code}}</b>';

const emulator = createEmulator({ control: true, random: () => '123456' });
const { contact } = emulator.services;
const verify = functionClient(emulator).verify.v2.services(contact);
let url = '';
let stop: () => Promise<void>;
let browser: Browser;

beforeAll(async () => {
  const served = await serveEmulator(emulator);
  [url, stop] = [served.url, served.close];
  browser = await openBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await stop?.();
});
beforeEach(() => emulator.reset());

const send = (given: object = {}) => verify.verifications.create({ to, channel: 'sms', ...given });

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
  const page = await context.newPage();
  await page.goto(`${url}/__emulator/`);
  await page
    .getByRole('region', { name: 'Clock' })
    .getByText(/20\d\d/)
    .waitFor();
  return page;
}

const messages = (page: Page) => page.getByRole('region', { name: 'Messages' }).getByRole('listitem');

describe('the page of the control plane', { timeout: 60_000 }, () => {
  it('shows a message as it arrives, announces it once, and copies its code', async () => {
    const page = await open();
    const announced: string[] = [];
    await page.exposeFunction('announced', (text: string) => announced.push(text));
    await page.evaluate(() => {
      const report = (globalThis as unknown as { announced(text: string | null): void }).announced;
      const region = document.getElementById('announcement');
      if (region) new MutationObserver(() => report(region.textContent)).observe(region, { childList: true });
    });
    await page.getByText('No message yet.').waitFor();
    await send();
    await messages(page).getByText('123456', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Copy the code 123456' }).press('Enter');
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('123456');
    // The call of the send was shown by a later poll, which announced nothing again.
    await page.waitForResponse(/clock/);
    await page.waitForResponse(/clock/);
    expect(announced).toEqual([`New message to ${to} by sms, code 123456.`]);
    await page.context().close();
  });

  it('shows text as text, loads nothing from elsewhere, and breaks no rule of its own policy', async () => {
    const page = await open();
    const complaints = complaintsOf(page);
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    emulator.configureService(contact, { customMessageEnabled: true, magicLink: 'javascript:alert({{twilio_code}})' });
    await send({ customMessage: markup, tags: JSON.stringify({ '<script>': markup }) });
    await verify.verifications.create({ to: 'ada@example.com', channel: 'email' });
    expect(() => emulator.faults.add({ path: markup, kind: 'no-answer' })).toThrow(TypeError);
    await page.getByText('<b>123456</b>').first().waitFor();
    await page.getByText('javascript:alert(123456)').waitFor();
    expect(await page.getByRole('link', { name: /javascript/ }).count()).toBe(0);
    expect(await page.locator('img, li script').count()).toBe(0);
    expect(await page.title()).toBe('Emulator of Twilio Verify');
    expect(complaints).toEqual([]);
    expect([...hosts]).toEqual([new URL(url).host]);
    // Nor would the browser let the page make markup of a text.
    const parse = page.evaluate((text) => (document.body.innerHTML = text), markup);
    await expect(parse).rejects.toThrow('TrustedHTML');
    await page.context().close();
  });

  it('follows a verification while the clock is moved', async () => {
    const page = await open();
    await send();
    const verifications = page.getByRole('region', { name: 'Verifications' });
    await verifications.getByText(/^expires in (10 min|9 min \d+ s)/).waitFor();
    await verify.verificationChecks.create({ to, code: '000000' });
    await verifications.getByText('wrong codes 1 of 5').waitFor();
    await page.getByRole('button', { name: 'Advance by 10 minutes' }).click();
    await verifications.getByText('expired', { exact: true }).waitFor();
    await page.getByLabel('Advance by seconds').fill('1e300');
    await page.getByRole('button', { name: 'Advance', exact: true }).click();
    await page.getByRole('alert').getByText('a hundred years at most').waitFor();
    await page
      .getByRole('region', { name: 'Calls' })
      .getByText(/^POST .*VerificationCheck$/)
      .waitFor();
    await page.context().close();
  });

  it('shows what an authenticator app shows, until the clock turns it', async () => {
    const page = await open();
    const apps = page.getByRole('region', { name: 'Authenticator apps' });
    await apps.getByText('No authenticator app yet.').waitFor();
    const entity = verify.entities('somebody-8');
    const { sid } = await entity.newFactors.create({ friendlyName: markup, factorType: 'totp' });
    const first = (await emulator.totp('somebody-8')) ?? '';
    await apps.getByText(`Verify Contact: ${markup}`).waitFor();
    await apps.getByText('unverified', { exact: true }).waitFor();
    await apps.getByText(/^for \d+ s$/).waitFor();
    await entity.factors(sid).update({ authPayload: first });
    await apps.getByText('verified', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Advance by 1 minute' }).click();
    await apps.getByText(first, { exact: true }).waitFor({ state: 'detached' });
    // The code may turn between two looks.
    const isShown = async () => (await apps.innerText()).includes((await emulator.totp('somebody-8')) ?? 'none');
    await expect.poll(isShown, { timeout: 10_000 }).toBe(true);
    await page.context().close();
  });

  it('sets a fault, says what is wrong with one, and removes it', async () => {
    const page = await open();
    const faults = page.getByRole('region', { name: 'Faults' });
    await faults.getByText('Add a fault').click();
    await faults.getByLabel('Twilio’s error code').fill('60x');
    await faults.getByRole('button', { name: 'Add the fault' }).click();
    await faults.getByText('The fault: code must be a whole number from 10000 to 99999.').waitFor();
    await faults.getByLabel('Twilio’s error code').fill('60203');
    await faults.getByLabel('Every call, until it is removed').check();
    await faults.getByRole('button', { name: 'Add the fault' }).click();
    await faults.getByText('every call', { exact: true }).waitFor();
    expect(emulator.faults.list()).toMatchObject([{ kind: 'error', code: 60203, times: Infinity }]);
    await faults.getByRole('button', { name: /^Remove the fault/ }).click();
    await faults.getByText('No fault waits.').waitFor();
    expect(emulator.faults.list()).toEqual([]);
    expect(await faults.getByRole('heading').evaluate((one) => one === document.activeElement)).toBe(true);
    await page.context().close();
  });

  it('keeps the focus and what is open while other messages arrive', async () => {
    await send();
    const page = await open();
    const first = messages(page).filter({ hasText: to });
    await first.getByText('Details').click();
    await first.getByRole('button').focus();
    await send({ to: '+447400999999' });
    await messages(page).filter({ hasText: '+447400999999' }).waitFor();
    expect(await first.getByRole('button').evaluate((one) => one === document.activeElement)).toBe(true);
    await first.getByText(contact).waitFor();
    await page.context().close();
  });

  it('says that the emulator is gone, and goes on when it is back', async () => {
    const page = await open();
    await page.route('**/__emulator/*', (route) => route.abort());
    await page.getByRole('status').getByText('The emulator does not answer.').waitFor();
    await page.unrouteAll();
    await page.getByText('The emulator does not answer.').waitFor({ state: 'detached' });
    await page.context().close();
  });

  describe.each(['light', 'dark'] as const)('in a %s theme', (colorScheme) => {
    it.each([360, 1280])('is clean for axe at %d px, and no wider than the screen', async (width) => {
      emulator.configureService(contact, {
        magicLink: `https://app.example/verify?code={{twilio_code}}&${'x'.repeat(90)}`,
      });
      await send({ tags: '{"flow": "sign-up"}' });
      await verify.verifications.create({ to: `${'long'.repeat(12)}@example.com`, channel: 'email' });
      await verify.verificationChecks.create({ to, code: '123456' });
      await verify.verificationChecks.create({ to: '+447400000000', code: '1234' }).catch(() => undefined);
      await verify.entities('a'.repeat(64)).newFactors.create({ friendlyName: 'x'.repeat(64), factorType: 'totp' });
      emulator.faults.add({ kind: 'no-answer', path: '/VerificationCheck', times: 3 });
      // axe is a script of the test's, which the policy of the page would refuse.
      const page = await open({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      await page.getByRole('link', { name: /app\.example/ }).waitFor();
      for (const summary of await page.locator('summary').all()) await summary.click();
      expect(await axeViolations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      const small = page.locator('button, summary, input, select');
      for (const one of await small.all()) expect((await one.boundingBox())?.height).toBeGreaterThanOrEqual(20);
      await page.context().close();
    });
  });

  it('answers no other host and no other site', async () => {
    const strangers: Record<string, string>[] = [{ host: 'evil.example' }, { 'sec-fetch-site': 'cross-site' }];
    for (const headers of strangers) {
      const request = new Request(`${url}/__emulator/`, { headers: { host: new URL(url).host, ...headers } });
      expect((await emulator.fetch(request)).status).toBe(403);
    }
    const { headers } = await fetch(`${url}/__emulator/`);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});
