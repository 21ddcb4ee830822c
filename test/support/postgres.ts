/** Starts a real PostgreSQL for a test, in a temporary folder, reachable by a Unix socket in there and by nothing else. */
import pg from 'pg';
import { startPostgresServer } from '../../scripts/processes/postgres-server.js';

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
  const server = await startPostgresServer({ settings: ['fsync=off', 'max_connections=60'] });
  if (!server) {
    console.warn('Left out: the tests on PostgreSQL. No initdb was found, or no user other than root to run it as.');
    return null;
  }
  let databases = 0;
  return {
    ...server,
    async empty() {
      const name = `test_${(databases += 1)}`;
      await sql(server.url(), `create database ${name}`);
      return server.url(name);
    },
  };
}
