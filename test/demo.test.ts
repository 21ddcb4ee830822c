/** The demo as a stranger meets it: the real server on a port, a real browser, and codes read from the phone on the page. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaintsOf, openBrowser } from './open-browser.js';

/** Runs `npm start`'s command and waits for its first words, or for its end. */
async function start(env: Record<string, string>): Promise<{ demo: ChildProcess; said: string; code: number | null }> {
  const settings = Object.entries(process.env).filter(([name]) => !name.startsWith('TWILIO_'));
  const demo = spawn(process.execPath, ['demo/start.js'], { env: { ...Object.fromEntries(settings), ...env } });
  let said = '';
  return new Promise((resolve) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('The demo is on') && said.endsWith('\n\n')) resolve({ demo, said, code: null });
    };
    demo.stdout.on('data', hear);
    demo.stderr.on('data', hear);
    demo.on('exit', (code) => resolve({ demo, said, code }));
  });
}

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

describe('the demo', () => {
  let demo: ChildProcess;
  let said: string;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let port: string;

  beforeAll(async () => {
    port = await freePort();
    ({ demo, said } = await start({ PORT: port }));
    browser = await openBrowser();
    page = await browser.newPage();
    complaints = complaintsOf(page);
    await page.goto(`http://localhost:${port}/`);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    demo?.kill();
  });

  const phone = () => page.getByRole('log', { name: 'Messages' });
  const mailbox = () => page.getByRole('log', { name: 'Inbox' });
  /** Reads a code off a device, as soon as there are `count` messages on it. */
  async function readCode(device: Locator, count: number): Promise<string> {
    await expect.poll(() => device.locator('mark').count(), { timeout: 10_000 }).toBe(count);
    return device.locator('mark').first().innerText();
  }

  it('says where it is, and that nothing is sent to anybody', async () => {
    expect(said).toContain(`http://localhost:${port}`);
    expect(said).toContain('nothing is sent to anybody');
    expect(await page.getByText('nothing is sent to anybody').isVisible()).toBe(true);
  });

  it('signs somebody up who changes the number, goes back, and uses the first code', async () => {
    const card = page.getByRole('region', { name: 'Sign up' });
    await card.getByLabel('Name').fill('mary');
    await card.getByLabel('Password').fill('jackson five');
    await card.getByLabel('Phone number').fill('(415) 555-2672');
    await card.getByRole('button', { name: 'Send code' }).click();
    const first = await readCode(phone(), 1);
    await card.getByRole('button', { name: 'Change number' }).click();
    await card.getByLabel('Phone number').fill('(415) 555-2673');
    await card.getByRole('button', { name: 'Go back' }).click();
    await card.getByText('+1 415 555 2672').first().waitFor();
    await card.getByLabel('Code', { exact: true }).fill(first);
    await card.getByRole('button', { name: 'Submit code' }).click();
    await card.getByText('is verified').first().waitFor();
    await card.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('heading', { name: 'Signed in as mary' }).waitFor();
  });

  it('asks for the second factor at the next sign-in', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    const card = page.getByRole('region', { name: 'Sign in' });
    await card.getByLabel('Name').fill('ada');
    await card.getByLabel('Password').fill('analytical');
    await card.getByRole('button', { name: 'Sign in' }).click();
    const second = page.getByRole('region', { name: 'Sign in as ada' });
    await second.getByText('•••• 71').first().waitFor();
    await readCode(phone(), 2);
    await second.getByRole('button', { name: 'Send to my e-mail instead' }).click();
    await second.getByLabel('Code', { exact: true }).fill(await readCode(mailbox(), 1));
    await second.getByRole('button', { name: 'Submit code' }).click();
    await page.getByRole('heading', { name: 'Signed in as ada' }).waitFor();
  });

  it('keeps its outbox from other sites', async () => {
    const outbox = `http://127.0.0.1:${port}/__emulator/outbox`;
    const own = await fetch(outbox, { headers: { Origin: 'http://localhost:1' } });
    expect(own.headers.get('access-control-allow-origin')).toBeNull();
    expect((await fetch(outbox, { headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(403);
  });

  it('complains of nothing on the console', () => {
    expect(complaints).toEqual([]);
  });

  it('does not start a second time on the same port, and says so in one sentence', async () => {
    const again = await start({ PORT: port });
    expect(again).toMatchObject({
      code: 1,
      said: `Port ${port} is taken: stop what uses it, or set PORT to another one.\n`,
    });
  });
});

describe('the demo with half a Twilio account', () => {
  it('names in one sentence what is missing, and does not start', async () => {
    const { said, code } = await start({ PORT: await freePort(), TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}` });
    expect(code).toBe(1);
    expect(said).toBe(
      'Twilio is only half set up: TWILIO_API_KEY, TWILIO_API_SECRET and TWILIO_VERIFY_SERVICE_SID are missing (or TWILIO_AUTH_TOKEN).\n',
    );
  });
});
