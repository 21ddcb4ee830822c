/** Starts a real PostgreSQL in a temporary folder, which is reachable only through a Unix socket in it. */
import pg from 'pg';
import { startPostgresServer } from '../../scripts/processes/postgres-server.js';

/** A running PostgreSQL. */
export interface Postgres {
  /** The folder of the socket. */
  folder: string;
  /** Creates an empty database and returns its address. */
  empty(): Promise<string>;
  /** Stops it and cuts every connection. `up` starts it again with its data. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

/** Runs statements on a new connection. */
export async function sql(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

/** Starts a server. Returns null and prints a warning on a machine without PostgreSQL. */
export async function startPostgres(): Promise<Postgres | null> {
  const server = await startPostgresServer({ settings: ['fsync=off', 'max_connections=60'] });
  if (!server) {
    console.warn('Skipped: the tests on PostgreSQL. There is no initdb, or no user other than root to run it.');
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
