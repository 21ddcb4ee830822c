/** The playground's snippets for a server: they compile and run in another project with each framework, and accept their own proofs. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lists, type State } from '../../../demo/page/playground/state.js';
import { serverSnippets } from '../../../demo/page/snippets/server.js';
import { freePort } from '../../../scripts/processes/free-port.js';
import { state, strange } from '../../support/playground-states.js';
import { install, pack, said, type Packed } from '../../support/packed-package.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What the snippets import from the reader's application, with the emulator as Twilio. */
const app = `import { createEmulator } from 'verify-contact/emulator';
import { generateKeys, type Identity } from 'verify-contact/server';

export const emulator = createEmulator();
const { contact: contactService, twoFactor: twoFactorService } = emulator.services;
const { accountSid, apiKey, apiSecret } = emulator.credentials;
export const twilio = { accountSid, apiKey, apiSecret, contactService, twoFactorService, transport: emulator.fetch };
export const keys = await generateKeys();
export const sessionOf = ({ headers }: Request): Identity | null =>
  headers.get('cookie') === 'session=ada' ? { id: 'ada' } : null;`;

/** Plays the browser and the application's route. A user first verifies a number, and then needs a second factor. */
const visit = `import { serve } from '@hono/node-server';
const [origin, backend, route, appFile, user, context] = process.argv.slice(2);
const { emulator } = await import(appFile);
const { proven } = await import(backend);
const routes = await import(route);
// A module that exports its methods is served by its framework; here in its place.
if (routes.POST) serve({ fetch: (request) => routes[request.method](request), port: Number(new URL(origin).port) });
const post = async (path, body, headers) => {
  const all = { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.1', ...headers };
  if (user) all.cookie = 'session=' + user;
  const response = await fetch(origin + '/verify/' + path, { method: 'POST', headers: all, body: JSON.stringify(body) });
  return response.json();
};
const phone = '+14155552671';
const checked = ({ challenge }) =>
  post('check', { challenge, code: emulator.outbox.latest(phone).code }, { 'idempotency-key': crypto.randomUUID() });
let result = await checked(await post('contact', { to: phone, context }));
if (user) {
  const asked = await post('two-factor', { context });
  result = asked.challenge ? await checked(asked) : asked;
}
console.log(JSON.stringify(result.proof ? await proven(result.proof, user) : result));
process.exit();`;

/** What a build of Next.js 16 requires of a route, as in its generated types. */
const validator = `import * as route from './app/verify/[route]/route';
type Answer = Promise<Response | void> | Response | void;
type Method = (request: Request, context: { params: Promise<{ route: string }> }) => Answer;
route satisfies { GET?: Method; POST?: Method };`;

const settings = {
  compilerOptions: {
    strict: true,
    target: 'es2023',
    module: 'preserve',
    moduleResolution: 'bundler',
    types: ['node'],
    skipLibCheck: true,
    noEmit: true,
  },
};

let packed: Packed;
let folder: string;

/** The versions of the examples. */
async function versions(...examples: string[]): Promise<string[]> {
  const files = examples.map((name) => readFile(join(root, 'examples/servers', name, 'package.json'), 'utf8'));
  const all = (await Promise.all(files)).map((file) => JSON.parse(file) as { dependencies: Record<string, string> });
  const named = all.flatMap(({ dependencies }) => Object.entries(dependencies));
  const wanted = ['express', 'fastify', 'hono', '@hono/node-server', 'twilio'];
  return [...new Set(named.filter(([name]) => wanted.includes(name)).map((one) => one.join('@')))];
}

beforeAll(async () => {
  packed = await pack();
  const types = ['@types/express@5.0.6', '@types/node@20.19.25'];
  folder = await install(packed, ...(await versions('express', 'fastify', 'hono')), ...types);
}, 300_000);

afterAll(async () => {
  await packed?.remove();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

describe('the snippets for a server', () => {
  it('compile for every choice, and fail to compile if they are wrong', async () => {
    const choices = lists.server.flatMap((server) => [
      state({ server }),
      state({ server, attributes: { context: strange } }),
      ...lists.policy.map((policy) => state({ server, element: 'two-factor', policy })),
    ]);
    for (const [index, choice] of choices.entries()) {
      for (const { title, code } of serverSnippets(choice)) {
        await write(`types/${index}/${title}`, code);
        await write(`types/${index}/${dirname(title)}/app.ts`, app);
      }
      if (choice.server === 'Next.js') await write(`types/${index}/build.ts`, validator);
    }
    const [right] = serverSnippets(state({}));
    await write('types/wrong/server.ts', right!.code.replace('audience,', 'audiences,'));
    await write('types/wrong/app.ts', app);
    await write('types/tsconfig.json', JSON.stringify(settings));
    const { text } = await said(join(folder, 'types'), process.execPath, join(root, 'node_modules/typescript/bin/tsc'));
    const refused = text.split('\n').filter((line) => line.includes('error TS'));
    expect(refused.filter((line) => !line.startsWith('wrong/'))).toEqual([]);
    expect(refused.length, text).toBeGreaterThan(0);
  }, 120_000);
});

/** Runs the snippets on a free port. Resolves to what their check of the proof returns, or to the answer without a proof. */
async function run(choice: State, user: string, context?: string): Promise<unknown> {
  const port = String(await freePort());
  const origin = `http://localhost:${port}`;
  const place = `run-${port}`;
  const emit = async (file: string, text: string) => {
    const compilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ES2022,
      verbatimModuleSyntax: true,
    };
    const { outputText } = ts.transpileModule(text, { compilerOptions });
    // Node requires the file extensions that the bundler of Next.js does not.
    const named = outputText.replace(/from '(\.[^']*?)(\.js)?'/g, "from '$1.js'");
    const here = named.replaceAll('https://shop.example', origin).replaceAll('8080', port);
    await write(`${place}/${file.replace(/\.ts$/, '.js')}`, here);
  };
  const snippets = serverSnippets(choice);
  for (const { title, code } of snippets) await emit(title, code);
  const [backend = '', route = ''] = [snippets[0]?.title, snippets.at(-1)?.title].map((one) =>
    one?.replace('.ts', '.js'),
  );
  await emit(`${dirname(backend)}/app.ts`, app);
  await write(`${place}/visit.js`, visit);
  const files = [`./${backend}`, `./${route}`, `./${dirname(backend)}/app.js`];
  const more = context === undefined ? [] : [context];
  const { text } = await said(join(folder, place), process.execPath, 'visit.js', origin, ...files, user, ...more);
  const last = text.trim().split('\n').at(-1) ?? '';
  expect(last, text).toMatch(/^\{.*\}$/);
  return JSON.parse(last);
}

describe.each(lists.server)('the snippets for %s, running', (server) => {
  it('verify a contact without a session, and check the proof with its context', async () => {
    const choice = state({ server, attributes: { context: strange } });
    expect(await run(choice, '', strange)).toMatchObject({
      purpose: 'contact',
      contact: { type: 'phone', value: '+14155552671' },
      context: strange,
    });
  }, 60_000);

  it('require a second factor of a user, and check the proof for this user', async () => {
    const proof = await run(state({ server, element: 'two-factor', policy: 'always' }), 'ada');
    expect(proof).toMatchObject({ purpose: 'two-factor', sub: 'ada' });
  }, 60_000);
});

it.each(['by-account', 'never'] as const)(
  'the policy “%s” asks nothing of an account that asks for nothing',
  async (policy) => {
    expect(await run(state({ element: 'two-factor', policy }), 'ada')).toEqual({ required: false });
  },
  60_000,
);
