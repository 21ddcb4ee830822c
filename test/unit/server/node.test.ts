/** The backend behind frameworks that read the body first: real servers, with a parser in front. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Handler } from '../../../src/server/index.js';
import { nodeListener, serve } from '../../../src/server/node.js';
import { createStack, ENDPOINT, PHONE, type Stack } from '../../support/backend-stack.js';

type Parsing = IncomingMessage & { body?: unknown; rawBody?: unknown };

const open: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(open.splice(0).map((close) => close())));

/** A server that reads each body first, as `express.json()` does. `leave` then puts something on the request. */
async function postBehindParser(stack: Stack, leave: (incoming: Parsing, bytes: Buffer) => void) {
  const listener = nodeListener(stack.handler);
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      leave(incoming, Buffer.concat(chunks));
      void listener(incoming, outgoing);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  open.push(() => new Promise((done) => (server.closeAllConnections(), server.close(done))));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/verify/contact`;
  return (body: string, type = 'application/json') =>
    fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
}

const start = JSON.stringify({ to: PHONE });
const parsed = (incoming: Parsing, bytes: Buffer) => void (incoming.body = JSON.parse(String(bytes)));

describe('a body that was read before', () => {
  it.each<[string, (incoming: Parsing, bytes: Buffer) => void]>([
    ['and parsed, as express.json() does', parsed],
    ['and kept as text, as express.text() does', (incoming, bytes) => void (incoming.body = String(bytes))],
    ['and kept as bytes, as express.raw() does', (incoming, bytes) => void (incoming.body = bytes)],
    ['and kept as rawBody, as cloud functions do', (incoming, bytes) => void (incoming.rawBody = bytes)],
  ])('%s, is accepted', async (_, leave) => {
    const post = await postBehindParser(await createStack(), leave);
    expect((await post(start)).status).toBe(201);
  });

  it('must have the same schema, size and type', async () => {
    const stack = await createStack();
    const post = await postBehindParser(stack, parsed);
    expect((await post(JSON.stringify({ to: PHONE, admin: true }))).status).toBe(400);
    expect((await post(JSON.stringify({ to: `${PHONE}\0` }))).status).toBe(400);
    expect((await post(JSON.stringify({ to: '\ud800' }))).status).toBe(400);
    expect((await post(JSON.stringify({ to: PHONE, extra: { long: 'x'.repeat(17_000) } }))).status).toBe(413);
    expect((await post(start, 'text/plain')).status).toBe(400);
    expect(stack.calls()).toEqual([]);
  });

  it('and not kept is refused at once, and one sentence tells the developer why', async () => {
    const stack = await createStack();
    const post = await postBehindParser(stack, () => undefined);
    const response = await post(start);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([503, 'misconfigured']);
    const events = stack.events.filter(({ type }) => type === 'misconfigured');
    expect(events).toEqual([
      { type: 'misconfigured', hint: expect.stringMatching(/^The body .* express\.json\(\)/) as string },
    ]);
  });

  it('from a Request is reported in the same sentence', async () => {
    const stack = await createStack();
    const request = new Request(`${ENDPOINT}/contact`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: start,
    });
    await request.json();
    expect((await stack.handler(request)).status).toBe(503);
    expect(stack.events).toContainEqual({
      type: 'misconfigured',
      hint: expect.stringContaining('express.json()') as string,
    });
  });
});

it('an empty body object beside an unread body is ignored: Express 4 leaves one on every request', async () => {
  const stack = await createStack();
  const listener = nodeListener(stack.handler);
  const server = createServer((incoming, outgoing) => {
    Object.assign(incoming, { body: {} });
    void listener(incoming, outgoing);
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  open.push(() => new Promise((done) => (server.closeAllConnections(), server.close(done))));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/contact`;
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: start });
  expect(answer.status).toBe(201);
});

it('a function around the handler can be served too, and gets the address of the peer', async () => {
  const { handler } = await createStack();
  const addresses: unknown[] = [];
  const wrapped: Handler = Object.assign(
    (request: Request, connection?: { address?: string }) => {
      addresses.push(connection?.address);
      return handler(request, connection);
    },
    { ready: () => handler.ready(), close: () => handler.close() },
  );
  const server = await serve(wrapped);
  open.push(() => server.close());
  expect(await (await fetch(`${server.url}/health`)).json()).toEqual({ live: true, ready: true });
  expect(addresses).toEqual(['127.0.0.1']);
});

it('what is no handler is refused at once, in a sentence that names the function', async () => {
  const listen = nodeListener as (handler?: unknown) => unknown;
  const listening = serve as (handler?: unknown) => Promise<unknown>;
  const returns = 'the handler that createHandler() returns, or a function around it.';
  for (const nothing of [undefined, null, {}, 'x', Promise.resolve()]) {
    expect(() => listen(nothing)).toThrow(new TypeError(`nodeListener needs ${returns}`));
    await expect(listening(nothing)).rejects.toThrow(new TypeError(`serve needs ${returns}`));
  }
  await expect(listening(() => new Response())).rejects.toThrow(
    new TypeError('serve needs a handler with the method ready: add the one of createHandler() to your function.'),
  );
});
