/** How many connections `serve` has at once, and how long a request may take to arrive. Real sockets on the loopback interface. */
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serve, type RunningServer } from '../../../src/server/node.js';
import { createStack, type Stack } from '../../support/backend-stack.js';

let stack: Stack;
const sockets: Socket[] = [];
const servers: RunningServer[] = [];

beforeEach(async () => void (stack = await createStack()));
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** `requestTimeout` is not public: the real one is 15 seconds. */
async function start(options: { maxConnections?: number; requestTimeout?: number } = {}): Promise<RunningServer> {
  const server = await serve(stack.handler, options);
  servers.push(server);
  return server;
}

/** Sends a text on a connection of its own. `closed` resolves to the answer when the server has closed it. */
function open({ port }: RunningServer, text = '') {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let answer = '';
  socket.setEncoding('utf8').on('data', (piece: string) => (answer += piece));
  const closed = new Promise<string>((resolve) => {
    socket.on('error', () => undefined).once('close', () => resolve(answer));
  });
  const opened = new Promise<void>((resolve) => socket.once('connect', () => socket.write(text, () => resolve())));
  return { socket, opened, closed };
}

const head = 'POST /contact HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';

describe('a request that does not arrive', () => {
  it.each([
    ['no byte', ''],
    ['half a line', 'POST /con'],
    ['half of the headers', head],
    ['half of the body', `${head}Content-Length: 23\r\n\r\n{"to":`],
    ['half of a chunk', `${head}Transfer-Encoding: chunked\r\n\r\n17\r\n{"to":`],
  ])('is ended at its limit: %s', async (_, text) => {
    const server = await start({ requestTimeout: 300 });
    const begun = performance.now();
    const answer = await open(server, text).closed;
    expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
    // It looks three times a second here, and every second with the real limit.
    expect(performance.now() - begun).toBeGreaterThan(250);
    expect(stack.emulator.calls).toEqual([]);
  });

  it('is ended also if it drips: each byte restarts nothing', async () => {
    const server = await start({ requestTimeout: 300 });
    const slow = open(server, head);
    const drip = setInterval(() => slow.socket.write('x'), 20);
    expect(await slow.closed).toMatch(/^(HTTP\/1\.1 408 |$)/);
    clearInterval(drip);
  });
});

describe('connections', () => {
  const isServed = async ({ url }: RunningServer) =>
    (await fetch(`${url}/health?live`, { headers: { connection: 'close' } }).catch(() => null))?.status === 200;

  it('beyond the largest number are closed unread, and are served again when one has left', async () => {
    const server = await start({ maxConnections: 3 });
    const idle = [open(server), open(server), open(server)];
    await Promise.all(idle.map(({ opened }) => opened));
    expect(await open(server, `${head}\r\n`).closed).toBe('');
    expect(await isServed(server)).toBe(false);
    idle[0]?.socket.destroy();
    await expect.poll(() => isServed(server), { interval: 20, timeout: 10_000 }).toBe(true);
  });

  it('that say nothing are ended, so that they cannot keep others out', async () => {
    const server = await start({ maxConnections: 2, requestTimeout: 300 });
    const silent = [open(server), open(server)];
    await Promise.all(silent.map(({ opened }) => opened));
    expect(await isServed(server)).toBe(false);
    await Promise.all(silent.map(({ closed }) => closed));
    await expect.poll(() => isServed(server), { interval: 20, timeout: 10_000 }).toBe(true);
  });
});

it.each([
  [{ port: 65_536 }, 'serve.port must be a whole number from 0 to 65535.'],
  [{ port: '8787' }, 'serve.port must be a whole number from 0 to 65535.'],
  [{ hostname: '' }, 'serve.hostname must be an address or name to listen on.'],
  [{ maxConnections: 0 }, 'serve.maxConnections must be a whole number, 1 or more.'],
  [{ maxConnection: 5 }, 'serve.maxConnection is not an option. Did you mean maxConnections?'],
])('options that are none are refused: %j', async (options, sentence) => {
  await expect(serve(stack.handler, options as object)).rejects.toThrow(new TypeError(sentence));
});
