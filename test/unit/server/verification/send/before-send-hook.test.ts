/** The captcha of docs/captcha.md, run as it is printed there, against a provider of our own on this machine. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { HandlerOptions } from '../../../../../src/server/index.js';
import { createStack, PHONE, type Stack } from '../../../../support/backend-stack.js';

type Captcha = (settings: { secret: string; hostname: string; url: string }) => HandlerOptions['beforeSend'];

/** The first TypeScript block of the document, as a module. Its only import is of types and disappears. */
async function fromTheDocument(): Promise<Captcha> {
  const text = readFileSync(fileURLToPath(new URL('../../../../../docs/captcha.md', import.meta.url)), 'utf8');
  const [, block = ''] = /^```ts\n([^]*?)^```/m.exec(text) ?? [];
  const { outputText } = ts.transpileModule(block, { compilerOptions: { module: ts.ModuleKind.ESNext } });
  const module: unknown = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  return (module as { captcha: Captcha }).captcha;
}

/** Tokens that were solved, and for which page and action. Each is valid once. */
let solved: Map<string, { hostname: string; action: string }>;
const verified: URLSearchParams[] = [];
let broken = false;
let provider: Server;
let url: string;
let captcha: Captcha;

beforeAll(async () => {
  captcha = await fromTheDocument();
  provider = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += String(chunk)));
    request.on('end', () => {
      const form = new URLSearchParams(text);
      verified.push(form);
      const token = form.get('response') ?? '';
      const found = form.get('secret') === 'sesame' ? solved.get(token) : undefined;
      solved.delete(token);
      response.writeHead(broken ? 502 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(found ? { success: true, ...found } : { success: false, 'error-codes': [] }));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((done) => provider.once('listening', done));
  url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/siteverify`;
});
afterAll(() => new Promise((done) => provider.close(done)));
beforeEach(() => {
  const right = { hostname: 'shop.example', action: 'send-code' };
  solved = new Map([
    ['one', right],
    ['two', right],
    ['elsewhere', { ...right, hostname: 'evil.example' }],
    ['comment', { ...right, action: 'comment' }],
  ]);
  verified.length = 0;
  broken = false;
});

const guarded = (options: { address?: string } = {}): Promise<Stack> =>
  createStack({
    beforeSend: captcha({ secret: 'sesame', hostname: 'shop.example', url }),
    clientAddress: () => options.address ?? '198.51.100.7',
  });
const start = (stack: Stack, token?: unknown) =>
  stack.as(null).contact({ to: PHONE, ...(token === undefined ? {} : { extra: { captcha: token } }) });

it('a solved captcha sends one code; the next message needs the next captcha', async () => {
  const stack = await guarded();
  const { challenge } = (await start(stack, 'one')).body;
  expect(verified.map((form) => Object.fromEntries(form))).toEqual([
    { secret: 'sesame', response: 'one', remoteip: '198.51.100.7' },
  ]);
  stack.clock.advance(30);
  expect((await stack.as(null).resend({ challenge, extra: { captcha: 'one' } })).problem).toBe('blocked');
  expect((await stack.as(null).resend({ challenge, extra: { captcha: 'two' } })).status).toBe(200);
  expect(stack.emulator.outbox.list()).toHaveLength(2);
});

it.each([[undefined], ['forged'], ['elsewhere'], ['comment'], [''], ['x'.repeat(2049)], [{ one: 1 }], [null]])(
  'the captcha %j sends nothing and is not counted',
  async (token) => {
    const stack = await guarded();
    expect((await start(stack, token)).problem).toBe('blocked');
    expect(stack.calls()).toEqual([]);
    expect((await start(stack, 'one')).status).toBe(201);
  },
);

it('a reload within the wait sends nothing and needs no captcha', async () => {
  const stack = await guarded();
  await start(stack, 'one');
  expect((await start(stack)).status).toBe(201);
  expect(verified).toHaveLength(1);
});

it('a broken provider sends nothing', async () => {
  const stack = await guarded();
  broken = true;
  expect((await start(stack, 'one')).problem).toBe('unavailable');
  expect(stack.calls()).toEqual([]);
});

it('an IPv6 network is not passed on as an address', async () => {
  const stack = await guarded({ address: '2001:db8::1' });
  await start(stack, 'one');
  expect(verified[0]?.has('remoteip')).toBe(false);
});
