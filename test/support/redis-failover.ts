/** Helpers for the failover of a real Redis: a direct connection, and an address that can switch servers. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createClient } from '@redis/client';
import type { RedisServer } from './redis.js';

/** Opens a connection that does not reconnect when its server stops. */
export async function client({ url }: RedisServer, closing: (() => unknown)[]) {
  const opened = createClient({ url, socket: { reconnectStrategy: false } });
  opened.on('error', () => undefined);
  await opened.connect();
  closing.push(() => opened.isOpen && opened.destroy());
  return opened;
}

/** Starts a proxy to the current server, as the address of a cluster does. Set `to` to switch servers. */
export async function changingProxy(
  first: RedisServer,
  closing: (() => unknown)[],
): Promise<{ url: string; to: number }> {
  const sockets = new Set<Socket>();
  const proxy = { url: '', to: first.port };
  const server = createServer((near) => {
    const far = connect(proxy.to, '127.0.0.1');
    for (const one of [near, far]) sockets.add(one.on('error', () => undefined));
    near.pipe(far).on('close', () => near.destroy());
    far.pipe(near).on('close', () => far.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => (sockets.forEach((socket) => socket.destroy()), server.close()));
  proxy.url = `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}
