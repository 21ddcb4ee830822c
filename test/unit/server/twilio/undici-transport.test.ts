/** The wire to Twilio on real sockets: what comes back, and which call has certainly never left. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createUndiciTransport } from '../../../../src/server/twilio/undici-transport.js';
import type { HttpCall, Transport } from '../../../../src/server/twilio/transport.js';

const open: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(open.splice(0).map((close) => close())));

async function wired(listener: RequestListener): Promise<{ server: Server; wire: Transport; call: HttpCall }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const wire = createUndiciTransport();
  open.push(async () => {
    await wire.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/v2/Services/VA1/Verifications?a=1`;
  return { server, wire, call: { method: 'POST', url, headers: { 'x-ours': 'yes' }, body: 'To=%2B1', timeout: 5000 } };
}

it('carries method, path, headers and body there, and status, two headers and the text back', async () => {
  const came: unknown[] = [];
  const { wire, call } = await wired((request, response) => {
    void request.setEncoding('utf8').on('data', (body) => {
      came.push(request.method, request.url, request.headers['x-ours'], body);
      response.writeHead(429, { 'retry-after': '7', 'twilio-reached-rate-limit': 'per user' }).end('zu oft – €');
    });
  });
  expect(await wire.send(call)).toEqual({ status: 429, retryAfter: '7', rateLimit: 'per user', body: 'zu oft – €' });
  expect(came).toEqual(['POST', '/v2/Services/VA1/Verifications?a=1', 'yes', 'To=%2B1']);
});

it('puts a text together that comes in pieces, cut in the middle of a character', async () => {
  const { wire, call } = await wired((_, response) => {
    const bytes = Buffer.from('€'.repeat(3));
    response.write(bytes.subarray(0, 4), () => response.end(bytes.subarray(4)));
  });
  expect(await wire.send(call)).toEqual({ status: 200, retryAfter: null, rateLimit: null, body: '€€€' });
});

describe('a call without an answer rejects by a code', () => {
  it('of the system, as one that never left, where nobody listens', async () => {
    const { server, wire, call } = await wired(() => undefined);
    await new Promise((closed) => server.close(closed));
    await expect(wire.send(call)).rejects.toMatchObject({ reason: 'ECONNREFUSED', notSent: true });
  });

  it('TIMEOUT where the answer takes too long, and the connection is given up', async () => {
    const closed = new Promise((resolve) => {
      void wired((request) => void request.socket.once('close', resolve)).then(({ wire, call }) =>
        expect(wire.send({ ...call, timeout: 30 })).rejects.toMatchObject({ reason: 'TIMEOUT', notSent: false }),
      );
    });
    await closed;
  });

  it('TIMEOUT where an answer begins and does not end', async () => {
    const { wire, call } = await wired((_, response) => void response.write('{'));
    await expect(wire.send({ ...call, timeout: 30 })).rejects.toMatchObject({ reason: 'TIMEOUT', notSent: false });
  });

  it('QUEUED, as one that never left, where all connections are taken; it does not leave later either', async () => {
    let came = 0;
    const answers: (() => void)[] = [];
    let all = () => {};
    const taken = new Promise<void>((resolve) => (all = resolve));
    const { wire, call } = await wired((_, response) => {
      came += 1;
      answers.push(() => response.end('{}'));
      if (came === 256) all();
    });
    const before = Array.from({ length: 256 }, () => wire.send(call));
    await taken;
    await expect(wire.send({ ...call, timeout: 30 })).rejects.toMatchObject({ reason: 'QUEUE_TIMEOUT', notSent: true });
    answers.splice(0).forEach((answer) => answer());
    await Promise.all(before);
    const after = wire.send(call);
    await expect.poll(() => came).toBe(257);
    answers.splice(0).forEach((answer) => answer());
    expect((await after).status).toBe(200);
    expect(came).toBe(257);
  });

  it('of undici where the answer is longer than a megabyte', async () => {
    const { wire, call } = await wired((_, response) => response.end('x'.repeat(1_048_577)));
    await expect(wire.send(call)).rejects.toMatchObject({
      reason: 'UND_ERR_RES_EXCEEDED_MAX_SIZE',
      notSent: false,
    });
  });

  it('of the connection where it breaks before the end', async () => {
    const { wire, call } = await wired((request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('{', () => request.socket.destroy());
    });
    await expect(wire.send(call)).rejects.toMatchObject({ reason: 'UND_ERR_SOCKET', notSent: false });
  });
});

it('lets go of its connections when it is closed, and may be closed without ever having been asked', async () => {
  let open = 0;
  const { server, wire, call } = await wired((_, response) => response.end('{}'));
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => (open -= 1));
  });
  await wire.send(call);
  expect(open).toBe(1);
  await wire.close();
  await expect.poll(() => open).toBe(0);
  await expect(createUndiciTransport().close()).resolves.toBeUndefined();
});
