/** The playground's snippets for a page: each framework's checker accepts them, its parser finds the chosen attributes, and the HTML works in a browser. */
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tags } from '../../../demo/page/playground/attributes.js';
import { lists, type State } from '../../../demo/page/playground/state.js';
import { pageSnippets } from '../../../demo/page/snippets/page.js';
import { nodeListener } from '../../../src/server/node.js';
import { check, frameworks, type Framework } from '../../support/template-checkers.js';
import { choices, state } from '../../support/playground-states.js';
import { complaintsOf, openBrowser } from '../../support/open-browser.js';
import { openSite, type Site } from '../../support/static-site.js';
import { createStack, PHONE, type Stack } from '../../support/backend-stack.js';
import { readers } from '../../support/template-attributes.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const themes = { site: '', system: '', ledger: '', candy: '' };
type Component = Exclude<State['page'], 'HTML'>;
const components = lists.page.filter((page): page is Component => page !== 'HTML');

function lines(page: State['page'], choice: Partial<State>): { title: string; code: string } {
  const [snippet] = pageSnippets(state({ page, ...choice }), themes);
  if (!snippet) throw new Error(`There are no lines for ${page}.`);
  return snippet;
}

/** A folder as in `test/typings`, where the package is found by its own name. */
function folderFor(framework: Framework): string {
  const folder = `${root}.cache/demo-lines/${framework}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const settings = { extends: `../../../test/typings/${framework}/tsconfig.json`, include: ['*'] };
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(settings));
  const own = `${root}test/typings/${framework}/${framework}.config.js`;
  if (existsSync(own)) copyFileSync(own, `${folder}/${framework}.config.js`);
  return folder;
}

describe.each(components)('the snippet for %s', (page) => {
  it('passes the framework’s own checker for every choice, and fails it if it is wrong', async () => {
    const framework = frameworks.find((one) => one === page.toLowerCase())!;
    const folder = folderFor(framework);
    const { title } = lines(page, {});
    const ending = title.slice(title.lastIndexOf('.'));
    const chosen = new Map(choices.map((choice, index) => [`choice-${index}`, choice]));
    for (const [name, choice] of chosen) writeFileSync(`${folder}/${name}${ending}`, lines(page, choice).code);
    const wrong = lines(page, {}).code.replace('event.proof', 'event.code');
    writeFileSync(`${folder}/wrong${ending}`, wrong);

    const { said, places } = await check(framework, folder);
    const refused = new Set(places.map(({ file }) => file));
    expect(refused.delete('wrong'), said).toBe(true);
    expect(
      [...refused].map((name) => chosen.get(name) ?? name),
      said,
    ).toEqual([]);
  }, 180_000);

  it('sets each chosen attribute to the chosen text, and none of it becomes code', () => {
    for (const choice of choices) {
      expect(readers[page](lines(page, choice).code, choice.element)).toEqual(choice.attributes);
    }
  });
});

describe('the snippet for HTML', () => {
  let browser: Browser;
  let context: BrowserContext;
  let stack: Stack;
  let site: Site;
  let document: string;
  let posted: string[];

  beforeAll(async () => {
    stack = await createStack({ twoFactor: { required: 'always', email: false } });
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    const listener = nodeListener(stack.handler);
    site = await openSite({
      pages: {
        get '/'() {
          return `<!doctype html><html lang="en"><title>Shop</title>${document}</html>`;
        },
      },
      folders: { '/assets/': `${root}dist/` },
      otherwise: (request, response) => {
        if (request.url !== '/proof') return void listener(request, response);
        request.setEncoding('utf8').on('data', (proof: string) => posted.push(proof));
        request.on('end', () => response.end());
      },
    });
    browser = await openBrowser();
    context = await browser.newContext({ baseURL: site.origin, locale: 'en-US' });
    await context.addCookies([{ name: 'session', value: 'ada+2', url: site.origin }]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it.each(tags)(
    'lead a person through <%s>, and the proof to the server',
    async (element) => {
      document = lines('HTML', { element }).code;
      posted = [];
      const page = await context.newPage();
      const complaints = complaintsOf(page);
      await page.goto('/');
      if (element === 'verify-contact') {
        await page.getByLabel('Phone number').fill(PHONE);
        await page.getByRole('button', { name: 'Send code' }).click();
      }
      await page.getByLabel('Code', { exact: true }).waitFor();
      const arrived = page.waitForResponse('**/proof');
      await page.getByLabel('Code', { exact: true }).fill(stack.code(PHONE));
      await page.getByRole('button', { name: 'Submit code' }).click();
      await arrived;
      const purpose = element === 'two-factor' ? 'two-factor' : 'contact';
      expect(await stack.verify(posted.join(''), { purpose, subject: 'ada' })).toMatchObject({ purpose, sub: 'ada' });
      expect(complaints).toEqual([]);
      await page.close();
    },
    60_000,
  );

  it('sets each chosen attribute to the chosen text, and none of it becomes code', async () => {
    const page = await context.newPage();
    for (const choice of choices) {
      const found = await page.evaluate(
        ([html, tag]) => {
          const parsed = new DOMParser().parseFromString(html, 'text/html');
          const all = [...(parsed.querySelector(tag)?.attributes ?? [])];
          return all.map(({ name, value }): [string, string | true] => [name, value === '' ? true : value]);
        },
        [lines('HTML', choice).code, choice.element] as const,
      );
      expect(Object.fromEntries(found)).toEqual(choice.attributes);
    }
    await page.close();
  }, 60_000);
});
