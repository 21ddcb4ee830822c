/** The transport over a runtime's own `fetch` on real sockets: the guarantees of the pool, where undici has none. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchTransport, runtimeFetchTransport } from '../../../../src/server/twilio/fetch-transport.js';
import type { HttpCall } from '../../../../src/server/twilio/transport.js';
import { createUndiciTransport } from '../../../../src/server/twilio/undici-transport.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

/** A call to a server that answers like this. `close` stops the server. */
async function callTo(listener: RequestListener): Promise<{ call: HttpCall; close: () => Promise<unknown> }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  closing.push(close);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/Services/VA1/Verifications?a=1`;
  return { call: { method: 'POST', url, headers: { 'x-ours': 'yes' }, body: 'To=%2B1', timeout: 5000 }, close };
}

const transport = runtimeFetchTransport();

it('is used where undici is a stub without dispatch, as in Bun', async () => {
  const { call } = await callTo((_, response) => response.end('{}'));
  const stubbed = createUndiciTransport(async () => ({ Agent: class {} }));
  expect(await stubbed.send(call)).toMatchObject({ status: 200, body: '{}' });
  expect(await stubbed.send(call)).toMatchObject({ status: 200, body: '{}' });
  await expect(stubbed.close()).resolves.toBeUndefined();
});

it('sends method, path, headers and body, and returns status, two headers and the body', async () => {
  const received: unknown[] = [];
  const { call } = await callTo((request, response) => {
    void request.setEncoding('utf8').on('data', (body) => {
      received.push(request.method, request.url, request.headers['x-ours'], body);
      response.writeHead(429, { 'retry-after': '7', 'twilio-reached-rate-limit': 'per user' }).end('zu oft – €');
    });
  });
  expect(await transport.send(call)).toEqual({
    status: 429,
    retryAfter: '7',
    rateLimit: 'per user',
    body: 'zu oft – €',
  });
  expect(received).toEqual(['POST', '/v2/Services/VA1/Verifications?a=1', 'yes', 'To=%2B1']);
});

it('joins a body that arrives in pieces, cut in the middle of a character', async () => {
  const { call } = await callTo((_, response) => {
    const bytes = Buffer.from('€'.repeat(3));
    response.write(bytes.subarray(0, 4), () => response.end(bytes.subarray(4)));
  });
  expect(await transport.send(call)).toEqual({ status: 200, retryAfter: null, rateLimit: null, body: '€€€' });
});

it('follows no redirect: the credentials go to one host', async () => {
  let followed = 0;
  const elsewhere = await callTo(() => (followed += 1));
  const { call } = await callTo((_, response) => response.writeHead(307, { location: elsewhere.call.url }).end());
  expect(await transport.send(call)).toMatchObject({ status: 307, body: '' });
  expect(followed).toBe(0);
});

describe('a call without a response rejects with a code', () => {
  it('ECONNREFUSED, as not sent, if nothing listens', async () => {
    const { call, close } = await callTo(() => undefined);
    await close();
    await expect(transport.send(call)).rejects.toMatchObject({ reason: 'ECONNREFUSED', notSent: true });
  });

  it('TIMEOUT if the response takes too long, and the connection is closed', async () => {
    let hasClosed = () => {};
    const closed = new Promise<void>((resolve) => (hasClosed = resolve));
    const { call } = await callTo((request) => void request.socket.once('close', hasClosed));
    await expect(transport.send({ ...call, timeout: 300 })).rejects.toMatchObject({
      reason: 'TIMEOUT',
      notSent: false,
    });
    await closed;
  });

  it('TIMEOUT if a response begins and does not end', async () => {
    const { call } = await callTo((_, response) => void response.write('{'));
    await expect(transport.send({ ...call, timeout: 300 })).rejects.toMatchObject({
      reason: 'TIMEOUT',
      notSent: false,
    });
  });

  it('TIMEOUT if the function ignores the signal', async () => {
    const deaf = fetchTransport(() => new Promise(() => undefined));
    const { call } = await callTo(() => undefined);
    await expect(deaf.send({ ...call, timeout: 30 })).rejects.toMatchObject({ reason: 'TIMEOUT', notSent: false });
  });

  it('RESPONSE_TOO_LONG if it is longer than a megabyte, though it would never end', async () => {
    const { call } = await callTo((_, response) => void response.write('x'.repeat(1_048_577)));
    await expect(transport.send(call)).rejects.toMatchObject({ reason: 'RESPONSE_TOO_LONG', notSent: false });
    const whole = await callTo((_, response) => response.end('x'.repeat(1_048_576)));
    expect((await transport.send(whole.call)).body).toHaveLength(1_048_576);
  });

  it('of the connection if it breaks before the end', async () => {
    const { call } = await callTo((request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('{', () => request.socket.destroy());
    });
    await expect(transport.send(call)).rejects.toMatchObject({ reason: 'UND_ERR_SOCKET', notSent: false });
  });
});

it('a call that is wrong in itself is a TypeError, and no event of the network', async () => {
  const { call } = await callTo((_, response) => response.end('{}'));
  await expect(transport.send({ ...call, url: 'nowhere' })).rejects.toBeInstanceOf(TypeError);
});
