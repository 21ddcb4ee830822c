/** A real redis-server of the test's own, on a free port and without a file; and a proxy that can fall silent. No stand-in for Redis. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';

const program = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0);

/** Whether this machine has a Redis to test on. */
export const redisIsHere = program !== undefined;

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
  const port = await freePort();
  let child: ChildProcess | null = null;
  process.once('exit', () => child?.kill('SIGKILL'));

  async function up(): Promise<void> {
    const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const started = spawn(program ?? 'redis-server', [...fixed, ...options], {
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child = started;
    for await (const line of started.stdout ?? []) if (String(line).includes('Ready to accept connections')) break;
    started.stdout?.resume();
    if (started.exitCode !== null) throw new Error(`redis-server ended with ${started.exitCode}.`);
  }

  async function down(): Promise<void> {
    const ending = child;
    child = null;
    if (ending?.exitCode !== null) return;
    const gone = once(ending, 'exit');
    ending.kill('SIGKILL');
    await gone;
  }

  await up();
  return { url: `redis://127.0.0.1:${port}`, port, up, down };
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
  const proxy: SilentProxy = {
    url: `redis://127.0.0.1:${await listen(server)}`,
    silent: false,
    close() {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    },
  };
  return proxy;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}
