/** A real redis-server of the test's own, on a free port and without a file; and a proxy that can fall silent. No stand-in for Redis. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { redisProgram, startRedisServer } from '../../scripts/processes/redis-server.js';

/** Whether this machine has a Redis to test on. */
export const redisIsHere = redisProgram !== undefined;

/** The name of a suite that needs Redis, which says so where it is left out. */
export function onRedis(name: string): string {
  return redisIsHere ? name : `${name} (LEFT OUT: there is no redis-server on this machine)`;
}

/** A running server; `down` and `up` are an outage. */
export interface RedisServer {
  url: string;
  port: number;
  down(): Promise<void>;
  up(): Promise<void>;
}

/** Starts a server; `options` are its own, such as `--requirepass`. */
export async function startRedis(...options: string[]): Promise<RedisServer> {
  let server = await startRedisServer(options);
  const { url, port } = server;
  return {
    url,
    port,
    down: () => server.stop('SIGKILL'),
    up: async () => void (server = await startRedisServer(options, port)),
  };
}

/** Passes everything on until `silent` is set; then it keeps the connection open and passes nothing on. */
export interface SilentProxy {
  url: string;
  silent: boolean;
  close(): void;
}

/** A proxy before the port of a Redis. */
export async function startProxy(port: number): Promise<SilentProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => proxy.silent || to.write(bytes));
      from.on('close', () => to.destroy());
      from.on('error', () => to.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: SilentProxy = {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    silent: false,
    close() {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    },
  };
  return proxy;
}
