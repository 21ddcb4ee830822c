/** The connection to Redis leaves nothing behind: a socket that outlives its store would keep a process from ending. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { redisStore } from '../src/server/index.js';

it('a connection that is given up while it is being opened is closed', async () => {
  const sockets = new Set<Socket>();
  let seen = 0;
  const server = createServer((socket) => {
    seen += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).resume();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // One that has been used, so that the driver is loaded.
  const first = redisStore({ url: `redis://127.0.0.1:${port}`, timeout: 20 });
  await expect(first.ready()).rejects.toThrow('Redis');
  await first.close();

  // The machine is busy: when it looks again, the time is over and the socket has come about since. When exactly it is
  // being opened depends on the loader, so the pause comes after no, one, two … microtasks.
  for (let turns = 0; turns < 12; turns += 1) {
    const store = redisStore({ url: `redis://127.0.0.1:${port}`, timeout: 20 });
    const asked = store.ready().catch(() => 'refused');
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    for (const until = performance.now() + 40; performance.now() < until;);
    expect(await asked).toBe('refused');
    await store.close();
  }
  await expect.poll(() => [seen > 1, sockets.size]).toEqual([true, 0]);
  server.close();
});
