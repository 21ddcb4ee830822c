/** The story as a stranger meets it: the real server on a port, a real browser, and codes taken from the devices on the page. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDemo, startDemo, type RunningDemo } from '../../support/demo-process.js';
import { complaintsOf, openBrowser } from '../../support/open-browser.js';

// The first of them waits for a cold server and a cold browser, beside whatever else is tested.
describe('the demo', { timeout: 60_000 }, () => {
  let demo: RunningDemo;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    demo = await startDemo();
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    complaints = complaintsOf(page);
    await page.goto(`${demo.origin}/`);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  it('says where it is, and that nothing is sent to anybody', async () => {
    expect(demo.output()).toContain(demo.origin);
    expect(demo.output()).toContain('nothing is sent to anybody');
    await page.getByText('nothing is sent to anybody').waitFor();
  });

  it('verifies a number with the code that the phone beside it offers', async () => {
    const live = page.getByRole('group', { name: 'Try it' });
    await live.getByRole('button', { name: 'Send code' }).click();
    const phone = page.getByRole('complementary', { name: 'Where the text arrives' });
    await phone.getByRole('log').locator('mark').waitFor();
    await phone.getByRole('button', { name: 'Use this code' }).click();
    await live.getByText('is verified').first().waitFor();
    expect(await phone.getByRole('button', { name: 'Use this code' }).count()).toBe(0);
  });

  it('copies the line to install, every block of the first page, and the blocks of the documents', async () => {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const reader = await context.newPage();
    for (const path of ['/', '/docs/elements.html']) {
      await reader.goto(`${demo.origin}${path}`);
      const snippets = reader.locator('.snippet');
      await snippets.getByRole('button', { name: 'Copy' }).first().waitFor();
      expect(await snippets.count(), path).toBeGreaterThan(3);
      for (const snippet of await snippets.all()) {
        await snippet.getByRole('button', { name: 'Copy' }).click();
        await snippet.getByRole('button', { name: 'Copied' }).waitFor();
        const copied = await reader.evaluate(() => navigator.clipboard.readText());
        expect(copied).toBe(await snippet.locator('code').evaluate((code) => code.textContent));
      }
    }
    await context.close();
  });

  it('asks for the second factor at sign-in, and takes the one that came by e-mail', async () => {
    await page.getByRole('region', { name: 'Sign in', exact: true }).getByLabel('Password').press('Enter');
    const second = page.getByRole('region', { name: 'Sign in as ada' });
    await second.getByText('•••• 71').first().waitFor();
    // A person at the keyboard can type the code at once.
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.localName === 'input');
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('two-factor');
    await second.getByRole('button', { name: 'Send to my e-mail instead' }).click();
    const mailbox = page.getByRole('group', { name: 'Inbox' });
    await mailbox.getByText('ada@example.com').waitFor();
    await mailbox.getByRole('button', { name: 'Use this code' }).click();
    await page.getByRole('heading', { name: 'Signed in as ada' }).waitFor();
  });

  it('keeps a form until the contact is verified, and shows the server’s view of the proof until it expires', async () => {
    const form = page.getByRole('region', { name: 'Create an account' });
    const server = page.getByRole('region', { name: 'What the server received' });
    await form.getByLabel('Name').fill('mary');
    await form.getByLabel('Password').fill('jackson five');
    await form.getByRole('button', { name: 'Create account' }).click();
    expect(
      await form
        .locator('form')
        .first()
        .evaluate((one: HTMLFormElement) => one.checkValidity()),
    ).toBe(false);
    await server.getByText('Nothing yet').waitFor();

    await form.getByLabel('Phone number').fill('(415) 555-2673');
    await form.getByRole('button', { name: 'Send code' }).click();
    await page.locator('#notice').getByRole('button', { name: 'Use this code' }).click();
    await form.getByText('is verified').first().waitFor();
    await form.getByRole('button', { name: 'Create account' }).click();
    await server.getByText('Accepted by verifyProof()').waitFor();
    await server.getByText('+14155552673').waitFor();

    await server.getByRole('button', { name: 'Turn the clock forward 30 minutes' }).click();
    await server.getByText('Refused by verifyProof(): expired-proof').waitFor();
    await page.getByRole('heading', { name: 'Signed in as mary' }).waitFor();
  });

  it('tells what happened in three lanes, with no code, no token and no whole contact in them', async () => {
    const timeline = page.getByRole('table', { name: 'What happened' });
    for (const lane of ['page', 'backend', 'twilio']) {
      expect(await timeline.locator(`[data-lane=${lane}]`).count(), lane).toBeGreaterThan(3);
    }
    const told = await timeline.innerText();
    expect(told).toContain('VerificationCheck');
    expect(told).toContain('contact-verified');
    const outbox = await page.evaluate(async () => (await fetch('/__emulator/outbox')).json() as Promise<unknown>);
    const messages = outbox as { code: string; to: string }[];
    expect(messages.length).toBe(4);
    const secrets = messages.flatMap(({ code, to }) => [code, to, to.slice(2)]);
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
    expect(told).not.toMatch(/eyJ|(VA|VE|SK|AC)[0-9a-f]{32}|\d{3}[ -]?\d{4}\b/);
  });

  it('keeps outbox and controls from other sites and other names', async () => {
    const elsewhere = { headers: { 'Sec-Fetch-Site': 'cross-site' } };
    for (const path of ['/__emulator/outbox', '/__demo/clock', '/__demo/calls']) {
      const address = `http://127.0.0.1:${demo.port}${path}`;
      expect((await fetch(address, elsewhere)).status, path).toBe(403);
      const own = await fetch(address, { headers: { Origin: 'http://localhost:1' } });
      expect(own.headers.get('access-control-allow-origin'), path).toBeNull();
      expect(own.status, path).toBe(403);
    }
  });

  it('complains of nothing on the console', () => {
    expect(complaints).toEqual([]);
  });

  it('ten wrong codes lock one page; another page works, and so does the first after a day or from the start', async () => {
    const visitor = await browser.newPage();
    await visitor.goto(`${demo.origin}/`);
    const live = visitor.getByRole('group', { name: 'Try it' });
    const field = live.getByLabel('Phone number');
    const refused = live.getByText(/too many wrong codes/i).first();
    /** Enters ten wrong codes as a page does, with the clock turned past the waits between them. */
    const lock = () =>
      visitor.evaluate(async () => {
        const post = async (path: string, body: object, headers: object = {}) => {
          const all = { 'Content-Type': 'application/json', ...headers };
          const response = await fetch(path, { method: 'POST', headers: all, body: JSON.stringify(body) });
          return (await response.json()) as { challenge?: string };
        };
        for (let wrong = 0; wrong < 10; wrong++) {
          const { challenge } = await post('/sign-up/verify/contact', { to: '+14155552672' });
          const outbox = (await (await fetch('/__emulator/outbox')).json()) as { code: string }[];
          const code = outbox[0]?.code === '000000' ? '111111' : '000000';
          await post('/sign-up/verify/check', { challenge, code }, { 'Idempotency-Key': crypto.randomUUID() });
          await post('/__demo/clock', { minutes: 20 });
        }
      });
    const send = async () => {
      await field.fill('(415) 555-2672');
      await live.getByRole('button', { name: 'Send code' }).click();
    };
    await lock();
    await send();
    await refused.waitFor();

    const other = await browser.newPage();
    await other.goto(`${demo.origin}/`);
    await other.getByRole('group', { name: 'Try it' }).getByRole('button', { name: 'Send code' }).click();
    await other.getByRole('group', { name: 'Try it' }).getByLabel('Code', { exact: true }).waitFor();
    await other.close();

    await visitor.getByRole('button', { name: 'Turn the clock by a day' }).click();
    await visitor.getByText(/The demo believes it is/).waitFor();
    await send();
    await live.getByLabel('Code', { exact: true }).waitFor();

    await lock();
    await visitor.getByRole('button', { name: 'Start anew' }).click();
    await visitor.getByText('The code will arrive here.').first().waitFor();
    await send();
    await live.getByLabel('Code', { exact: true }).waitFor();
    await visitor.close();
  });

  it('does not start a second time on the same port, and says so in one sentence', async () => {
    const again = await runDemo({ PORT: demo.port });
    expect(await again.exited).toBe(1);
    expect(again.output()).toBe(`Port ${demo.port} is taken: stop what uses it, or set PORT to another one.\n`);
  }, 60_000);
});

describe('the demo with a port that is none', () => {
  it.each(['abc', '70000', '-1', '51.73'])(
    'says so in one sentence, and does not start: %s',
    async (PORT) => {
      const demo = await runDemo({ PORT });
      expect(await demo.exited).toBe(1);
      expect(demo.output()).toBe(`PORT must be a port number from 0 to 65535, and is "${PORT}".\n`);
    },
    60_000,
  );
});

describe('the demo with half a Twilio account', () => {
  it('names in one sentence what is missing, and does not start', async () => {
    const demo = await runDemo({ TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}` });
    expect(await demo.exited).toBe(1);
    expect(demo.output()).toBe(
      'Twilio is only half set up: TWILIO_API_KEY, TWILIO_API_SECRET and TWILIO_VERIFY_SERVICE_SID are missing (or TWILIO_AUTH_TOKEN).\n',
    );
  }, 60_000);
});

describe('the demo with a Twilio account', () => {
  it('says that the real one sends, and hides what only the emulator has', async () => {
    const account = { TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'no-real-token' };
    const services = {
      TWILIO_VERIFY_SERVICE_SID: `VA${'0'.repeat(32)}`,
      TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: `VA${'1'.repeat(32)}`,
    };
    const { origin, stop } = await startDemo({ ...account, ...services });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(`${origin}/`);
      await page.getByText('Messages are sent by the real Twilio').waitFor();
      await page.getByText('the third lane stays empty').waitFor();
      expect(await page.getByRole('group', { name: 'Messages' }).count()).toBe(0);
      await page.goto(`${origin}/playground.html?element=two-factor`);
      await page.getByText('failures and the clock are for the emulator alone').waitFor();
      expect(await page.getByLabel('Failure').count()).toBe(0);
      expect((await fetch(`${origin}/__demo/clock`)).status).toBe(404);
    } finally {
      await browser.close();
      await stop();
    }
  }, 60_000);
});
