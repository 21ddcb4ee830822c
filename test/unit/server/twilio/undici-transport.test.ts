/** The transport to Twilio on real sockets: what it returns, and which call was certainly not sent. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createUndiciTransport } from '../../../../src/server/twilio/undici-transport.js';
import type { HttpCall, Transport } from '../../../../src/server/twilio/transport.js';

const open: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(open.splice(0).map((close) => close())));

async function connected(listener: RequestListener): Promise<{ server: Server; transport: Transport; call: HttpCall }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const transport = createUndiciTransport();
  open.push(async () => {
    await transport.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/v2/Services/VA1/Verifications?a=1`;
  return {
    server,
    transport,
    call: { method: 'POST', url, headers: { 'x-ours': 'yes' }, body: 'To=%2B1', timeout: 5000 },
  };
}

it('sends method, path, headers and body, and returns status, two headers and the body', async () => {
  const received: unknown[] = [];
  const { transport, call } = await connected((request, response) => {
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
  const { transport, call } = await connected((_, response) => {
    const bytes = Buffer.from('€'.repeat(3));
    response.write(bytes.subarray(0, 4), () => response.end(bytes.subarray(4)));
  });
  expect(await transport.send(call)).toEqual({ status: 200, retryAfter: null, rateLimit: null, body: '€€€' });
});

describe('a call without a response rejects with a code', () => {
  it('ECONNREFUSED, as not sent, if nothing listens', async () => {
    const { server, transport, call } = await connected(() => undefined);
    await new Promise((closed) => server.close(closed));
    await expect(transport.send(call)).rejects.toMatchObject({ reason: 'ECONNREFUSED', notSent: true });
  });

  it('TIMEOUT if the response takes too long, and the connection is closed', async () => {
    const closed = new Promise((resolve) => {
      void connected((request) => void request.socket.once('close', resolve)).then(({ transport, call }) =>
        expect(transport.send({ ...call, timeout: 30 })).rejects.toMatchObject({ reason: 'TIMEOUT', notSent: false }),
      );
    });
    await closed;
  });

  it('TIMEOUT if a response begins and does not end', async () => {
    const { transport, call } = await connected((_, response) => void response.write('{'));
    await expect(transport.send({ ...call, timeout: 30 })).rejects.toMatchObject({ reason: 'TIMEOUT', notSent: false });
  });

  it('QUEUE_TIMEOUT, as not sent, if all connections are busy, and it is not sent later', async () => {
    let received = 0;
    const answers: (() => void)[] = [];
    let all = () => {};
    const taken = new Promise<void>((resolve) => (all = resolve));
    const { transport, call } = await connected((_, response) => {
      received += 1;
      answers.push(() => response.end('{}'));
      if (received === 256) all();
    });
    const before = Array.from({ length: 256 }, () => transport.send(call));
    await taken;
    await expect(transport.send({ ...call, timeout: 30 })).rejects.toMatchObject({
      reason: 'QUEUE_TIMEOUT',
      notSent: true,
    });
    answers.splice(0).forEach((answer) => answer());
    await Promise.all(before);
    const after = transport.send(call);
    await expect.poll(() => received).toBe(257);
    answers.splice(0).forEach((answer) => answer());
    expect((await after).status).toBe(200);
    expect(received).toBe(257);
  });

  it('of undici if the response is longer than a megabyte', async () => {
    const { transport, call } = await connected((_, response) => response.end('x'.repeat(1_048_577)));
    await expect(transport.send(call)).rejects.toMatchObject({
      reason: 'UND_ERR_RES_EXCEEDED_MAX_SIZE',
      notSent: false,
    });
  });

  it('of the connection if it breaks before the end', async () => {
    const { transport, call } = await connected((request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('{', () => request.socket.destroy());
    });
    await expect(transport.send(call)).rejects.toMatchObject({ reason: 'UND_ERR_SOCKET', notSent: false });
  });
});

it('closes its connections when it is closed, and may be closed before any call', async () => {
  let open = 0;
  const { server, transport, call } = await connected((_, response) => response.end('{}'));
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => (open -= 1));
  });
  await transport.send(call);
  expect(open).toBe(1);
  await transport.close();
  await expect.poll(() => open).toBe(0);
  await expect(createUndiciTransport().close()).resolves.toBeUndefined();
});
