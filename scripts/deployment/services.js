/** Redis, PostgreSQL and nginx as real processes of this machine, each in a folder and on a port of its own. No containers, nothing installed. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Something that runs until it is stopped.
 * @typedef {{ url: string, stop(): Promise<void> }} Service
 */

/** The programs among these that this machine lacks. @returns {Promise<string[]>} */
export async function missing() {
  const lacks = ['redis-server', 'nginx'].filter((name) => spawnSync(name, ['-v']).error);
  return (await postgresFolder()) ? lacks : [...lacks, 'postgresql'];
}

/** A port that was free a moment ago. @returns {Promise<number>} */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Counters and records: every write in a log on the disk, and never an eviction, since a counter that is gone is an open door.
 * On the port of an earlier one it goes on with what that one kept.
 * @param {string} folder @param {number} [again] @returns {Promise<Service & { port: number }>}
 */
export async function startRedis(folder, again) {
  const port = again ?? (await freePort());
  const settings = ['--appendonly', 'yes', '--maxmemory', '256mb', '--maxmemory-policy', 'noeviction', '--save', ''];
  const child = spawn('redis-server', ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, ...settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await says(child, 'Ready to accept connections');
  return { url: `redis://127.0.0.1:${port}`, port, stop: () => end(child, 'SIGTERM') };
}

/** Accounts. PostgreSQL refuses to run as root; then it runs as the user that its package made. @param {string} folder @returns {Promise<Service>} */
export async function startPostgres(folder) {
  const bin = (await postgresFolder()) ?? '';
  const isRoot = process.getuid?.() === 0;
  const data = join(folder, 'postgres');
  await mkdir(data);
  if (isRoot) {
    const [user, group] = await Promise.all(
      ['-u', '-g'].map(async (which) => (await run('id', [which, 'postgres'])).stdout),
    );
    await chown(data, Number(user), Number(group));
  }
  const as = (/** @type {string} */ name, /** @type {string[]} */ args) => {
    const program = join(bin, name);
    return isRoot ? run('runuser', ['-u', 'postgres', '--', program, ...args], { cwd: '/' }) : run(program, args);
  };
  const port = await freePort();
  await as('initdb', ['-D', data, '-U', 'verify', '--auth=trust', '-E', 'UTF8', '--locale=C']);
  const options = `-c listen_addresses=127.0.0.1 -p ${port} -c unix_socket_directories=''`;
  await as('pg_ctl', ['-D', data, '-w', '-l', join(data, 'log'), '-o', options, 'start']);
  return {
    url: `postgres://verify@127.0.0.1:${port}/postgres`,
    stop: async () => void (await as('pg_ctl', ['-D', data, '-m', 'fast', 'stop'])),
  };
}

/**
 * The proxy, by nginx.conf beside this file.
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
  const child = spawn('nginx', ['-p', folder, '-c', file, '-g', 'daemon off;'], { stdio: 'inherit' });
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/verify/health`, child);
  return { url, stop: () => end(child, 'SIGQUIT') };
}

/** Waits for words; what comes after them flows on. @param {import('node:child_process').ChildProcess} child @param {string} words @returns {Promise<void>} */
export function says(child, words) {
  return new Promise((resolve, reject) => {
    let text = '';
    const ended = (/** @type {unknown} */ code) =>
      reject(new Error(`${child.spawnfile} ended (${code}) before it said "${words}".`));
    const look = (/** @type {Buffer | string} */ piece) => {
      text += piece;
      if (!text.includes(words)) return;
      child.stdout?.off('data', look);
      child.off('exit', ended);
      child.off('error', ended);
      child.stdout?.resume();
      resolve();
    };
    child.stdout?.on('data', look);
    child.once('exit', ended);
    child.once('error', ended);
  });
}

/** Ends a child by a signal that it takes for a request to finish. @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
export async function end(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** @param {string} url @param {import('node:child_process').ChildProcess} child */
async function answers(url, child) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}.`);
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${child.spawnfile} does not answer.`);
}

/** Where initdb is: in the PATH, or where Debian puts it. @returns {Promise<string | null>} */
async function postgresFolder() {
  const folders = await readdir('/usr/lib/postgresql').catch(() => []);
  const places = [
    ...folders
      .sort()
      .reverse()
      .map((version) => `/usr/lib/postgresql/${version}/bin`),
    ...(process.env.PATH ?? '').split(':'),
  ];
  return places.find((folder) => !spawnSync(join(folder, 'initdb'), ['--version']).error) ?? null;
}
