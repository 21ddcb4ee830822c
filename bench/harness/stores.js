/** A Redis and a PostgreSQL of the measurement's own, in temporary folders and reachable by sockets there; null where the machine has none. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A running Redis; `cpu` is the processor time in µs that it has used, `bytes` the memory that its data take. */
export async function startRedis() {
  const program = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (!program) return null;
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, 'close');
  const child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  for await (const line of child.stdout) if (String(line).includes('Ready to accept')) break;
  child.stdout.resume();
  const { createClient } = await import('@redis/client');
  const client = createClient({ url: `redis://127.0.0.1:${port}` });
  await client.connect();
  const info = async (/** @type {string} */ part, /** @type {string} */ name) =>
    Number(new RegExp(`${name}:([\\d.]+)`).exec(await client.info(part))?.[1]);
  return {
    url: `redis://127.0.0.1:${port}`,
    cpu: async () => 1e6 * ((await info('cpu', 'used_cpu_user')) + (await info('cpu', 'used_cpu_sys'))),
    bytes: () => info('memory', 'used_memory'),
    async stop() {
      client.destroy();
      process.off('exit', end);
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

/** A running PostgreSQL with one empty database. */
export function startPostgres() {
  const debian = '/usr/lib/postgresql';
  const bin = [
    ...(existsSync(debian)
      ? readdirSync(debian)
          .sort()
          .reverse()
          .map((one) => join(debian, one, 'bin'))
      : []),
    '/usr/local/bin',
    '/usr/bin',
  ].find((one) => existsSync(join(one, 'initdb')) && existsSync(join(one, 'pg_ctl')));
  const root = process.getuid?.() === 0;
  const user = root ? /^(postgres|nobody):[^:]*:(\d+):(\d+)/m.exec(readFileSync('/etc/passwd', 'utf8')) : null;
  if (!bin || (root && !user)) return null;
  const folder = mkdtempSync(join(tmpdir(), 'verify-contact-bench-pg-'));
  if (user) chownSync(folder, Number(user[2]), Number(user[3]));
  const as = (/** @type {string} */ program, /** @type {string[]} */ args) => {
    // The server refuses to run as root.
    const command = user
      ? ['runuser', '-u', user[1], '--', join(bin, program), ...args]
      : [join(bin, program), ...args];
    execFileSync(command[0], command.slice(1), { cwd: tmpdir(), stdio: 'ignore' });
  };
  const data = join(folder, 'data');
  as('initdb', ['-D', data, '-U', 'verify', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C']);
  const options = `-c listen_addresses='' -c unix_socket_directories='${folder}' -c fsync=off -c shared_buffers=256MB`;
  as('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start']);
  const end = () => as('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']);
  process.once('exit', end);
  return {
    url: `postgres://verify@/postgres?host=${encodeURIComponent(folder)}`,
    stop() {
      process.off('exit', end);
      end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
