/** Accounts in PostgreSQL, for several instances. The driver loads with the first question, never with this file. */
import type { Pool, PoolClient, QueryResult } from 'pg';
import { missing, MissingPackageError } from '../missing-package.js';
import { AccountsError, ContactInUseError, type AccountStore } from './accounts.js';
import { connection } from './connection.js';
import {
  fromRows,
  migrations,
  onePerson,
  ownerForm,
  sharedContact,
  statements,
  type AccountOptions,
} from './schema.js';

/** How to reach the database. */
export interface PostgresAccountOptions extends AccountOptions {
  /** `postgres://…`, as libpq reads it. */
  url: string;
  /** Milliseconds for connecting and for a statement, each; default 3000. */
  timeout?: number;
  /** Connections at most; default 10. */
  connections?: number;
}

/** One number for all our processes, so that they migrate one after the other. */
const LOCK = 0x76636163;

/** Accounts in PostgreSQL. Rejects with {@link AccountsError} when it cannot be reached, and tries again at the next question. */
export function postgresAccounts(options: PostgresAccountOptions): AccountStore {
  const pool = connection(
    () => open(options),
    (opened) => opened.end(),
  );

  async function query(text: string, values: readonly unknown[]): Promise<QueryResult> {
    try {
      return await (await pool.get()).query(text, [...values]);
    } catch (error) {
      throw translated(error);
    }
  }

  return {
    contacts: async (userId) => fromRows((await query(statements.contacts, [userId])).rows),
    verified: async (userId, contact) => {
      await query(statements.verified, [userId, contact.type, contact.value, ownerForm(contact)]);
    },
    requireTwoFactor: async (userId, on) => {
      await query(statements.requireTwoFactor, [userId, on]);
    },
    remove: async (userId, contact) => {
      await query(statements.remove, [userId, contact.type, ownerForm(contact)]);
    },
    delete: async (userId) => {
      try {
        await transaction(await pool.get(), async (client) => {
          await client.query(statements.deleteContacts, [userId]);
          await client.query(statements.deleteUser, [userId]);
        });
      } catch (error) {
        throw translated(error);
      }
    },
    close: () => pool.close(),
  };
}

async function load() {
  try {
    return (await import('pg')).default;
  } catch (failure) {
    throw missing('pg', 'postgresAccounts', failure);
  }
}

async function open(options: PostgresAccountOptions): Promise<Pool> {
  const pg = await load();
  const timeout = options.timeout ?? 3000;
  const pool = new pg.Pool({
    connectionString: options.url,
    connectionTimeoutMillis: timeout,
    statement_timeout: timeout,
    query_timeout: timeout,
    max: options.connections ?? 10,
    application_name: 'verify-contact',
  });
  // A connection that breaks while idle is an event on the pool, and an unheard one would end the process.
  pool.on('error', () => undefined);
  try {
    await transaction(pool, async (client) => migrate(client, options));
    return pool;
  } catch (error) {
    await pool.end();
    throw isDuplicate(error) ? new AccountsError(sharedContact) : error;
  }
}

async function migrate(client: PoolClient, options: PostgresAccountOptions): Promise<void> {
  // Released with the transaction. `create table if not exists` alone fails when two run at once.
  await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
  await client.query(statements.versions);
  const { rows } = await client.query<{ version: number }>(statements.version);
  const version = rows[0]?.version ?? 0;
  for (const [index, step] of migrations.slice(version).entries()) {
    await client.query(step);
    await client.query(statements.migrated, [version + index + 1]);
  }
  if (options.onePersonPerContact) await client.query(statements.onePerson);
}

async function transaction(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
    client.release();
  } catch (error) {
    // The connection may be in any state: it is closed, and the transaction with it.
    client.release(true);
    throw error;
  }
}

/** PostgreSQL's own error quotes the contact in `detail`, so none of it is passed on but its code. */
function translated(error: unknown): Error {
  if (error instanceof AccountsError || error instanceof MissingPackageError) return error;
  const { code = 'unknown' } = error as { code?: string };
  return isDuplicate(error) ? new ContactInUseError() : new AccountsError(code);
}

function isDuplicate(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === '23505' && constraint === onePerson;
}
