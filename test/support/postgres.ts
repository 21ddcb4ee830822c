/** Starts a real PostgreSQL for a test, in a temporary folder, reachable by a Unix socket in there and by nothing else. */
import { execFile, execFileSync } from 'node:child_process';
import { access, chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

export interface Postgres {
  /** The folder of the socket. */
  folder: string;
  /** The address of a new, empty database. */
  empty(): Promise<string>;
  /** Cuts every connection; `up` starts it again with all that it kept. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

/** Runs statements over a connection of their own. */
export async function sql(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

/** A running server, or null on a machine without PostgreSQL; then the name of what is left out is printed. */
export async function startPostgres(): Promise<Postgres | null> {
  const bin = await findBin();
  const user = process.getuid?.() === 0 ? await serverUser() : null;
  if (!bin || (process.getuid?.() === 0 && !user)) {
    console.warn('Left out: the tests on PostgreSQL. No initdb was found, or no user other than root to run it as.');
    return null;
  }
  const folder = await mkdtemp(join(tmpdir(), 'verify-contact-postgres-'));
  if (user) await chown(folder, user.uid, user.gid);
  const as = (program: string, args: string[]): [string, string[]] => {
    const path = join(bin, program);
    // initdb and the server refuse to run as root.
    return user ? ['runuser', ['-u', user.name, '--', path, ...args]] : [path, args];
  };
  const data = join(folder, 'data');
  const stopping = as('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']);
  const options = `-c listen_addresses='' -c unix_socket_directories='${folder}' -c fsync=off -c max_connections=60`;
  const init = ['-D', data, '-U', 'verify', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'];
  await run(...as('initdb', init), { cwd: folder });
  // Without a log file the server would keep this process's pipe, and the call would never end.
  const starting = as('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start']);
  const up = async () => void (await run(...starting, { cwd: folder }));
  const down = async () => void (await run(...stopping, { cwd: tmpdir() }));
  await up();
  const address = (database: string) => `postgres://verify@/${database}?host=${encodeURIComponent(folder)}`;
  let databases = 0;
  const emergency = () => execFileSync(...stopping, { cwd: tmpdir(), stdio: 'ignore' });
  process.once('exit', emergency);
  return {
    folder,
    up,
    down,
    async empty() {
      const name = `test_${(databases += 1)}`;
      await sql(address('postgres'), `create database ${name}`);
      return address(name);
    },
    async stop() {
      process.off('exit', emergency);
      await down();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function findBin(): Promise<string | null> {
  const debian = '/usr/lib/postgresql';
  const versions = (await readdir(debian).catch(() => [])).sort((a, b) => Number(b) - Number(a));
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
  ];
  for (const folder of folders.filter((one) => one !== '')) {
    if (
      await access(join(folder, 'initdb')).then(
        () => true,
        () => false,
      )
    )
      return folder;
  }
  return null;
}

async function serverUser(): Promise<{ name: string; uid: number; gid: number } | null> {
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name]))).catch(() => null);
    if (ids?.[0] && ids[1]) return { name, uid: Number(ids[0].stdout), gid: Number(ids[1].stdout) };
  }
  return null;
}
