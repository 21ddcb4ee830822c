/** The playground: its state in the address, its controls of the emulator, and the lines that it writes. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attributes, customProperties, tags } from '../../../demo/page/playground/attributes.js';
import { lists, readState, writeState, type State } from '../../../demo/page/playground/state.js';
import { pageSnippets } from '../../../demo/page/snippets/page.js';
import { startDemo, type RunningDemo } from '../../support/demo-process.js';
import { openBrowser } from '../../support/open-browser.js';

describe('the state', () => {
  const value = (isFlag: boolean) => (isFlag ? fc.constant(true as const) : fc.string({ minLength: 1 }));
  const attributesOf = (tag: State['element']): fc.Arbitrary<State['attributes']> =>
    fc
      .subarray(attributes[tag].filter(({ name }) => name !== 'contact' && name !== 'token'))
      .chain((some) => fc.tuple(...some.map(({ name, isFlag }) => value(isFlag).map((set) => [name, set] as const))))
      .map((pairs) => Object.fromEntries(pairs));
  const states: fc.Arbitrary<State> = fc.constantFrom(...tags).chain((element) =>
    fc.record({
      element: fc.constant(element),
      theme: fc.constantFrom(...lists.theme),
      scheme: fc.constantFrom(...lists.scheme),
      policy: fc.constantFrom(...lists.policy),
      account: fc.constantFrom(...lists.account),
      fault: fc.constantFrom(...lists.fault),
      page: fc.constantFrom(...lists.page),
      server: fc.constantFrom(...lists.server),
      attributes: attributesOf(element),
      properties: fc
        .subarray([...customProperties])
        .map((some) => Object.fromEntries(some.map(({ name }, at) => [name, `calc(${at} * 1px)`]))),
    }),
  );

  it('comes out of an address as it went in', () => {
    fc.assert(fc.property(states, (state) => void expect(readState(writeState(state))).toEqual(state)));
  });

  it('never takes a contact or a token along, nor reads one', () => {
    const state = { ...readState(''), attributes: { contact: '+14155552671', token: 'eyJ', country: 'DE' } };
    expect(writeState(state)).toBe('country=DE');
    expect(readState('contact=%2B14155552671&token=eyJ').attributes).toEqual({});
  });

  it('takes no value of a custom property that could end its declaration', () => {
    for (const value of ['', 'red; color: red', '} body { color: red', '<script>', 'url(//x) /* */', '@import "x"'])
      expect(readState(`--verify-accent=${encodeURIComponent(value)}`).properties).toEqual({});
    expect(readState('--verify-accent=%23c026d3').properties).toEqual({ '--verify-accent': '#c026d3' });
  });

  it('passes over what it does not know', () => {
    expect(readState('element=three-factor&theme=&nonsense=1')).toEqual(readState(''));
  });
});

describe('the lines', () => {
  const themes = { site: '', system: '', ledger: 'ledger {}', candy: '' };

  it('hold every chosen attribute, for every framework', () => {
    for (const page of lists.page) {
      const state = { ...readState('type=phone+email&countries=DE+AT&required=&auto-submit='), page };
      const [{ code = '' } = {}] = pageSnippets(state, themes);
      for (const part of ['type="phone email"', 'countries="DE AT"', 'required', 'auto-submit', 'contact-verified']) {
        expect(code, page).toContain(part);
      }
    }
  });

  it('bring the theme along, where one is chosen', () => {
    expect(pageSnippets(readState('theme=ledger'), themes)).toHaveLength(2);
    expect(pageSnippets(readState(''), themes)).toHaveLength(1);
  });

  it('write a text so that it cannot leave its attribute', () => {
    const [{ code = '' } = {}] = pageSnippets(readState(`context=${encodeURIComponent('"><script>')}`), themes);
    expect(code).toContain('context="&quot;><script>"');
  });
});

describe('the page', () => {
  let demo: RunningDemo;
  let browser: Browser;
  let page: Page;
  let origin: string;

  beforeAll(async () => {
    demo = await startDemo();
    origin = `${demo.origin}/playground.html`;
    browser = await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });
  beforeEach(async () => {
    await page?.close();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  });

  const preview = () => page.getByRole('region', { name: 'Preview' });
  const useCode = () => page.getByRole('button', { name: 'Use this code' }).first().click();
  async function sendCode(number: string): Promise<void> {
    await preview().getByLabel('Phone number').fill(number);
    await preview().getByRole('button', { name: 'Send code' }).click();
  }

  it('offers every attribute of both elements', async () => {
    const manifest = readFileSync(new URL('../../../custom-elements.json', import.meta.url), 'utf8');
    for (const tag of tags) {
      await page.goto(`${origin}?element=${tag}`);
      await page.getByRole('form', { name: 'Choices' }).waitFor();
      for (const { name } of attributes[tag]) {
        expect(manifest).toContain(`"name": "${name}"`);
        expect(await page.locator(`#controls [name=${name}]`).count(), `${tag} ${name}`).toBe(1);
      }
    }
    expect(attributes['verify-contact'].length).toBeGreaterThan(attributes['two-factor'].length);
  });

  it('has a control for every custom property, which the element follows and the lines hold', async () => {
    await page.goto(origin);
    const manifest = readFileSync(new URL('../../../custom-elements.json', import.meta.url), 'utf8');
    const named = new Set([...manifest.matchAll(/"name": "(--verify-[\w-]+)"/g)].map(([, name]) => name));
    expect(customProperties.map(({ name }) => name)).toEqual([...named]);
    await page.locator('#controls [name="--verify-accent"]').waitFor();
    for (const name of named) expect(await page.locator(`#controls [name="${name}"]`).count(), name).toBe(1);
    const button = preview().getByRole('button', { name: 'Send code' });
    await page.locator('#controls [name="--verify-accent"]').fill('rgb(192, 38, 211)');
    await page.locator('#controls [name="--verify-accent"]').press('Tab');
    await page.getByLabel('Choose --verify-on-accent').fill('#fef08a');
    await page.locator('#controls [name="--verify-button-radius"]').fill('21px');
    await page.locator('#controls [name="--verify-button-radius"]').press('Tab');
    const style = () =>
      button.evaluate((one) => {
        const { backgroundColor, color, borderRadius } = getComputedStyle(one);
        return [backgroundColor, color, borderRadius];
      });
    await expect.poll(style).toEqual(['rgb(192, 38, 211)', 'rgb(254, 240, 138)', '21px']);
    expect(await page.getByLabel('styles.css', { exact: true }).innerText()).toContain('--verify-on-accent: #fef08a;');
  });

  it('keeps the element in view beside each of its controls, on a phone and on a desktop', async () => {
    for (const [width, height] of [
      [360, 740],
      [900, 800],
      [1280, 900],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.goto(origin);
      const field = preview().getByLabel('Phone number');
      await field.waitFor();
      for (const name of ['fault', 'lang', 'auto-submit', '--verify-digit-font']) {
        await page.locator(`#controls [name="${name}"]`).scrollIntoViewIfNeeded();
        const control = await page.locator(`#controls [name="${name}"]`).boundingBox();
        const element = await field.boundingBox();
        expect(element!.y, `${name} at ${width}`).toBeGreaterThanOrEqual(0);
        expect(element!.y + element!.height, `${name} at ${width}`).toBeLessThanOrEqual(height);
        const card = (await preview().boundingBox())!;
        const isCovered =
          control!.y < card.y + card.height && control!.x < card.x + card.width && control!.x + control!.width > card.x;
        expect(isCovered, `${name} at ${width} is under the preview`).toBe(false);
      }
    }
  });

  it('writes choices into its address, and opens with them again', async () => {
    await page.goto(origin);
    const choices = page.getByRole('form', { name: 'Choices' });
    await choices.getByLabel('Theme').selectOption('ledger');
    await choices.getByLabel('lang').selectOption('ar');
    await choices.getByLabel('auto-submit').check();
    await choices.getByLabel('contact', { exact: true }).fill('+14155552674');
    await choices.getByLabel('contact', { exact: true }).press('Tab');
    await preview().locator('verify-contact[contact]').waitFor();
    expect(new URL(page.url()).search).toBe('?theme=ledger&lang=ar&auto-submit=');
    await page.reload();
    await preview().locator('verify-contact[lang=ar][auto-submit]:not([contact])').waitFor();
    expect(await preview().getAttribute('dir')).toBe('rtl');
    expect(await choices.getByLabel('Theme').inputValue()).toBe('ledger');
    expect(await page.getByLabel('index.html', { exact: true }).innerText()).toContain('lang="ar" auto-submit');
  });

  it('has Twilio refuse a landline, and the person told so', async () => {
    await page.goto(`${origin}?fault=landline`);
    await sendCode('+1 415 555 2675');
    await preview().getByText('This number can’t receive text messages.').first().waitFor();
    await page.getByLabel('Failure').selectOption('none');
    await preview().getByRole('button', { name: 'Send code' }).click();
    await preview().getByLabel('Code', { exact: true }).waitFor();
  });

  it.each([
    ['blocked', /can’t send/],
    ['down', /unavailable|later|moment/i],
  ])('has Twilio answer that it is %s, and the person told so', async (fault, sentence) => {
    await page.goto(`${origin}?fault=${fault}`);
    await sendCode('+1 415 555 2676');
    await preview().getByText(sentence).first().waitFor();
  });

  it('has Twilio take three seconds, and the button show meanwhile that the code is being sent', async () => {
    await page.goto(`${origin}?fault=slow`);
    const answered = page.waitForResponse('**/verify/contact');
    await sendCode('+1 415 555 2678');
    await preview().getByRole('button', { name: 'Send code' }).locator('[part=spinner]').waitFor();
    await preview().getByLabel('Code', { exact: true }).waitFor();
    // A little less, since the timers of two processes need not agree.
    expect((await answered).request().timing().responseStart).toBeGreaterThan(2900);
  });

  it('has Twilio know nothing of a code that was sent, and the person told that it has expired', async () => {
    await page.goto(`${origin}?fault=expired&auto-submit=`);
    await sendCode('+1 415 555 2679');
    await preview().getByLabel('Code', { exact: true }).waitFor();
    await useCode();
    await preview().getByText('This code has expired.').first().waitFor();
  });

  it('turns the clock by ten minutes, after which a code has expired', async () => {
    await page.goto(`${origin}?auto-submit=`);
    await sendCode('+1 415 555 2677');
    await preview().getByLabel('Code', { exact: true }).waitFor();
    const said = await page.getByText('The demo believes').innerText();
    await page.getByRole('button', { name: 'Turn the clock by ten minutes' }).click();
    await expect.poll(() => page.getByText('The demo believes').innerText()).not.toBe(said);
    await useCode();
    await preview()
      .getByText(/expired/)
      .first()
      .waitFor();
  });

  it('asks for a second factor by the chosen policy', async () => {
    await page.goto(`${origin}?element=two-factor&policy=by-account`);
    await preview().getByLabel('Code', { exact: true }).waitFor();
    await page.getByLabel('Who signs in').selectOption('grace');
    await preview().getByText('nothing is asked of this account').waitFor();
    await page.getByLabel('Policy').selectOption('always');
    await preview().getByText('•••• 70').first().waitFor();
  });
});
