/** Redis, PostgreSQL and nginx for the deployment, as real processes of this machine. No containers, nothing installed. */
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../processes/free-port.js';
import { hasPostgres, startPostgresServer } from '../processes/postgres-server.js';
import { redisProgram, startRedisServer } from '../processes/redis-server.js';
import { startProcess } from '../processes/start-process.js';

/**
 * Something that runs until it is stopped.
 * @typedef {{ url: string, stop(): Promise<void> }} Service
 */

/** The programs among these that this machine lacks. @returns {Promise<string[]>} */
export async function missing() {
  return [
    ...(redisProgram ? [] : ['redis-server']),
    ...(spawnSync('nginx', ['-v']).error ? ['nginx'] : []),
    ...((await hasPostgres()) ? [] : ['postgresql']),
  ];
}

/**
 * Counters and records. Every write goes to a log on the disk. Nothing is ever evicted, since a missing counter lets an attacker in.
 * With the port of an earlier one it continues with that one's data.
 * @param {string} folder @param {number} [port] @returns {Promise<Service & { port: number }>}
 */
export async function startRedis(folder, port) {
  const memory = ['--maxmemory', '256mb', '--maxmemory-policy', 'noeviction'];
  return startRedisServer(['--dir', folder, '--appendonly', 'yes', ...memory], port);
}

/** Accounts. @returns {Promise<Service>} */
export async function startPostgres() {
  const port = await freePort();
  const server = await startPostgresServer({ port });
  if (!server) throw new Error('There is no PostgreSQL on this machine.');
  return { url: `postgres://verify@127.0.0.1:${port}/postgres`, stop: () => server.stop('SIGINT') };
}

/**
 * The proxy, configured by nginx.conf beside this file.
 * @param {string} folder @param {readonly number[]} ports of the instances @returns {Promise<Service>}
 */
export async function startNginx(folder, ports) {
  const port = await freePort();
  const values = {
    FOLDER: folder,
    LISTEN: `127.0.0.1:${port}`,
    SERVERS: ports.map((one) => `server 127.0.0.1:${one} max_fails=0;`).join('\n    '),
  };
  const template = await readFile(new URL('nginx.conf', import.meta.url), 'utf8');
  const file = join(folder, 'nginx.conf');
  await writeFile(
    file,
    template.replace(/@(FOLDER|LISTEN|SERVERS)@/g, (_, name) => values[/** @type {keyof typeof values} */ (name)]),
  );
  const url = `http://127.0.0.1:${port}`;
  // Killed by SIGKILL, it would leave its workers behind.
  const nginx = startProcess(['nginx', '-p', folder, '-c', file, '-g', 'daemon off;'], {
    showErrors: true,
    killSignal: 'SIGTERM',
  });
  await nginx.waitForUrl(`${url}/verify/health`);
  return { url, stop: () => nginx.stop('SIGQUIT') };
}
