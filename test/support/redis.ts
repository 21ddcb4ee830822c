/** Starts a real redis-server on a free port, without a file, and a proxy in front of it that can fall silent. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { redisProgram, startRedisServer } from '../../scripts/processes/redis-server.js';

/** Whether this machine has Redis. */
export const redisIsHere = redisProgram !== undefined;

/** The name of a suite that needs Redis. It says so if the suite is skipped. */
export function onRedis(name: string): string {
  return redisIsHere ? name : `${name} (SKIPPED: this machine has no redis-server)`;
}

/** A running server. `down` and `up` simulate an outage. */
export interface RedisServer {
  url: string;
  port: number;
  down(): Promise<void>;
  up(): Promise<void>;
}

/** Starts a server with options of redis-server, such as `--requirepass`. */
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

/** Forwards everything until `silent` is set. Then it keeps the connections open and forwards nothing. */
export interface SilentProxy {
  url: string;
  silent: boolean;
  close(): void;
}

/** Starts a proxy in front of a port. */
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
