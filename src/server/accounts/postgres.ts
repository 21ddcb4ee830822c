/** Accounts in PostgreSQL, for several instances. The driver loads with the first question, never with this file. */
import type { ClientBase, Pool, QueryResult } from 'pg';
import { missingPackageError, MissingPackageError } from '../runtime/optional-package.js';
import { AccountsError, ContactInUseError, type AccountStore } from './accounts.js';
import { lazyConnection } from './lazy-connection.js';
import {
  fromRows,
  migrations,
  uniqueOwnerIndex,
  ownershipForm,
  sharedContactMessage,
  statements,
  type AccountOptions,
} from './schema.js';

/** How to reach the database. */
export interface PostgresAccountOptions extends AccountOptions {
  /** `postgres://…`, as libpq reads it. */
  url: string;
  /** Milliseconds for connecting and for a statement, each; default 3000. A step of a migration may take a minute. */
  timeout?: number;
  /** Connections at most; default 10. */
  connections?: number;
}

/** One number for all our processes, so that they migrate one after the other. */
const LOCK = 0x76636163;

/** Milliseconds for a statement of a migration: an index over a full table, or the wait for another process's migration. */
const MIGRATION_TIMEOUT = 60_000;

/** Accounts in PostgreSQL. Rejects with {@link AccountsError} when it cannot be reached, and tries again at the next question. */
export function postgresAccounts(options: PostgresAccountOptions): AccountStore {
  const pool = lazyConnection(
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
    contactVerified: async (userId, contact) => {
      await query(statements.verified, [userId, contact.type, contact.value, ownershipForm(contact)]);
    },
    setTwoFactorRequired: async (userId, on) => {
      await query(statements.requireTwoFactor, [userId, on]);
    },
    remove: async (userId, contact) => {
      await query(statements.remove, [userId, contact.type, ownershipForm(contact)]);
    },
    delete: async (userId) => {
      try {
        const client = await (await pool.get()).connect();
        const forget = async () => {
          await client.query(statements.deleteContacts, [userId]);
          await client.query(statements.deleteUser, [userId]);
        };
        // After a failure the connection may be in any state: it is closed, and the transaction with it.
        await transaction(client, forget).catch((error: unknown) => {
          client.release(true);
          throw error;
        });
        client.release();
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
    throw missingPackageError('pg', 'postgresAccounts', failure);
  }
}

async function open(options: PostgresAccountOptions): Promise<Pool> {
  const pg = await load();
  const timeout = options.timeout ?? 3000;
  const reach = {
    connectionString: options.url,
    connectionTimeoutMillis: timeout,
    application_name: 'verify-contact',
  };
  const migrator = new pg.Client({
    ...reach,
    statement_timeout: MIGRATION_TIMEOUT,
    query_timeout: MIGRATION_TIMEOUT,
  });
  await migrator.connect();
  try {
    await transaction(migrator, () => migrate(migrator, options));
  } catch (error) {
    throw isDuplicate(error) ? new AccountsError(sharedContactMessage) : error;
  } finally {
    await migrator.end();
  }
  const pool = new pg.Pool({
    ...reach,
    statement_timeout: timeout,
    query_timeout: timeout,
    max: options.connections ?? 10,
  });
  // A connection that breaks while idle is an event on the pool, and an unheard one would end the process.
  pool.on('error', () => undefined);
  return pool;
}

async function migrate(client: ClientBase, options: PostgresAccountOptions): Promise<void> {
  // Released with the transaction. `create table if not exists` alone fails when two run at once.
  await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
  await client.query(statements.versions);
  const { rows } = await client.query<{ version: number }>(statements.version);
  const version = rows[0]?.version ?? 0;
  for (const [index, step] of migrations.slice(version).entries()) {
    await client.query(step);
    await client.query(statements.migrated, [version + index + 1]);
  }
  if (options.uniqueContacts) await client.query(statements.onePerson);
}

async function transaction(client: ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('begin');
  await work();
  await client.query('commit');
}

/** PostgreSQL's own error quotes the contact in `detail`, so none of it is passed on but its code. */
function translated(error: unknown): Error {
  if (error instanceof AccountsError || error instanceof MissingPackageError) return error;
  const { code = 'unknown' } = error as { code?: string };
  return isDuplicate(error) ? new ContactInUseError() : new AccountsError(code);
}

function isDuplicate(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === '23505' && constraint === uniqueOwnerIndex;
}
