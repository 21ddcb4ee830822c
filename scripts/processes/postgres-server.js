/** A real PostgreSQL as a child process, in a temporary folder with its socket in it. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { startProcess } from './start-process.js';

const run = promisify(execFile);

/** Whether this machine can run one. */
export const hasPostgres = async () => (await findPrograms()) !== null && (await findUser()) !== null;

/**
 * Starts one with a user `verify` who needs no password; null where the machine has none. `stop` takes PostgreSQL's signals:
 * SIGQUIT cuts everything off, SIGINT ends it in good order.
 * @param {{ settings?: readonly string[], port?: number }} [options] settings such as `fsync=off`; a port if it is also to
 *   listen on 127.0.0.1
 */
export async function startPostgresServer({ settings = [], port } = {}) {
  const [programs, user] = [await findPrograms(), await findUser()];
  if (!programs || !user) return null;
  const folder = await mkdtemp(join(tmpdir(), 'verify-contact-postgres-'));
  if (user.uid && user.gid) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const init = ['-D', data, '-U', 'verify', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'];
  await run(join(programs, 'initdb'), init, { cwd: folder, ...user });
  const all = [
    ...(port ? [`listen_addresses=127.0.0.1`, `port=${port}`] : ['listen_addresses=']),
    `unix_socket_directories=${folder}`,
    ...settings,
  ];
  const command = [join(programs, 'postgres'), '-D', data, ...all.flatMap((setting) => ['-c', setting])];
  const start = async () => {
    // Killed by SIGKILL, it would leave its shared memory behind.
    const started = startProcess(command, { cwd: folder, ...user, killSignal: 'SIGQUIT' });
    await started.waitForOutput(/ready to accept connections/);
    return started;
  };
  let server = await start();
  return {
    folder,
    /** The address of a database, by the socket. */
    url: (database = 'postgres') =>
      `postgres://verify@/${database}?host=${encodeURIComponent(folder)}${port ? `&port=${port}` : ''}`,
    /** Cuts every connection. */
    down: () => server.stop('SIGQUIT'),
    /** Starts it again with the same data. */
    up: async () => void (server = await start()),
    /** @param {NodeJS.Signals} [signal] */
    async stop(signal = 'SIGQUIT') {
      await server.stop(signal);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The folder of the programs: in the PATH, or where Debian puts it, the newest first. @returns {Promise<string | null>} */
async function findPrograms() {
  const debian = '/usr/lib/postgresql';
  const versions = (await readdir(debian).catch(() => [])).sort((a, b) => Number(b) - Number(a));
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
  ];
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name)))) ?? null;
}

/** PostgreSQL refuses to run as root. Then it runs as the user of its package; null where there is none. @returns {Promise<{ uid?: number, gid?: number } | null>} */
async function findUser() {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name]))).catch(() => null);
    if (ids) return { uid: Number(ids[0]?.stdout), gid: Number(ids[1]?.stdout) };
  }
  return null;
}
