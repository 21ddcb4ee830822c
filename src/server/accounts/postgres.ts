/** Accounts in PostgreSQL, for several instances. The driver loads with the first query, never with this file. */
import type { ClientBase, Pool, QueryResult } from 'pg';
import { checkOptions } from '../options/check-options.js';
import { postgresAccountOptions } from '../options/accounts.js';
import { missingPackageError, MissingPackageError } from '../runtime/optional-package.js';
import { AccountsError, ContactInUseError, type AccountStore } from './accounts.js';
import { lazyConnection } from './lazy-connection.js';
import {
  factorsFromRows,
  factorValues,
  fromRows,
  isoText,
  migrations,
  uniqueOwnerIndex,
  removeValues,
  sharedContactMessage,
  statements,
  verifiedValues,
  type AccountOptions,
} from './schema.js';

/** How {@link postgresAccounts} reaches the database. */
export interface PostgresAccountOptions extends AccountOptions {
  /** A connection URI of libpq: `postgres://user:password@host/database`. */
  url: string;
  /** Milliseconds to connect, and again for each statement. Default 3000. A step of a migration may take a minute. */
  timeout?: number;
  /** The largest number of connections in the pool. Default 10. */
  connections?: number;
}

/** The key of the advisory lock: all our processes use the same one, so that they migrate one after the other. */
const MIGRATION_LOCK = 0x76636163;

/** Milliseconds: building an index over a full table, or waiting for another process's migration, takes long. */
const MIGRATION_TIMEOUT = 60_000;

/**
 * Makes accounts in PostgreSQL and creates the tables at the first call.
 * Rejects with {@link AccountsError} if the database is out of reach; the next call tries again.
 */
export function postgresAccounts(given: PostgresAccountOptions): AccountStore {
  const options = checkOptions('postgresAccounts', postgresAccountOptions, given);
  const pool = lazyConnection(
    () => open(options),
    (opened) => opened.end(),
  );

  async function query(text: string, values: readonly unknown[]): Promise<QueryResult> {
    try {
      return await (await pool.get()).query(text, [...values]);
    } catch (error) {
      throw translateError(error);
    }
  }

  return {
    contacts: async (userId) => fromRows((await query(statements.contacts, [userId])).rows),
    contactVerified: async (userId, contact, verifiedAt, more) => {
      const values = verifiedValues(userId, contact, verifiedAt, more);
      await query(statements.contactVerified, values).catch(async (error: unknown) => {
        if (!(error instanceof ContactInUseError)) throw error;
        // Two requests of this user at once can meet in the index of owners. The second try finds the row of the first.
        await query(statements.contactVerified, values);
      });
    },
    setTwoFactorRequired: async (userId, on) => {
      await query(statements.setTwoFactorRequired, [userId, on]);
    },
    remove: async (userId, contact) => {
      await query(statements.remove, removeValues(userId, contact));
    },
    factors: {
      list: async (userId) => factorsFromRows((await query(statements.factors, [userId])).rows),
      identity: async (userId, proposed) => {
        const { rows } = await (proposed === undefined
          ? query(statements.selectFactorIdentity, [userId])
          : query(statements.proposeFactorIdentity, [userId, proposed]));
        return (rows as { factor_identity: string | null }[])[0]?.factor_identity ?? null;
      },
      add: async (userId, factor) => {
        await query(statements.addFactor, factorValues(userId, factor));
      },
      rename: async (userId, factorId, name) =>
        (await query(statements.renameFactor, [name, userId, factorId])).rows.length > 0,
      remove: async (userId, factorId) => (await query(statements.removeFactor, [userId, factorId])).rows.length > 0,
      used: async (userId, factorId, at) => {
        await query(statements.factorUsed, [isoText(at), userId, factorId]);
      },
    },
    delete: async (userId) => {
      try {
        const client = await (await pool.get()).connect();
        const deleteRows = async () => {
          await client.query(statements.deleteFactors, [userId]);
          await client.query(statements.deleteContacts, [userId]);
          await client.query(statements.deleteUser, [userId]);
        };
        // After a failure the connection may be in any state. Closing it also ends the transaction.
        await transaction(client, deleteRows).catch((error: unknown) => {
          client.release(true);
          throw error;
        });
        client.release();
      } catch (error) {
        throw translateError(error);
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
  const connection = {
    connectionString: options.url,
    connectionTimeoutMillis: timeout,
    application_name: 'verify-contact',
  };
  const migrator = new pg.Client({
    ...connection,
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
    ...connection,
    statement_timeout: timeout,
    query_timeout: timeout,
    max: options.connections ?? 10,
  });
  // The pool emits `error` when an idle connection breaks; without a listener that would end the process.
  pool.on('error', () => undefined);
  return pool;
}

async function migrate(client: ClientBase, options: PostgresAccountOptions): Promise<void> {
  // The end of the transaction releases the lock. Without it `create table if not exists` fails when two processes run it at once.
  await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  await client.query(statements.createVersionTable);
  const { rows } = await client.query<{ version: number }>(statements.selectVersion);
  const version = rows[0]?.version ?? 0;
  for (const [index, step] of migrations('postgres').slice(version).entries()) {
    await client.query(step);
    await client.query(statements.insertVersion, [version + index + 1]);
  }
  if (options.uniqueContacts) await client.query(statements.createUniqueOwnerIndex);
}

async function transaction(client: ClientBase, run: () => Promise<void>): Promise<void> {
  await client.query('begin');
  await run();
  await client.query('commit');
}

/** Passes on the code alone: PostgreSQL's own error quotes the contact in `detail`. */
function translateError(error: unknown): Error {
  if (error instanceof AccountsError || error instanceof MissingPackageError) return error;
  const { code = 'unknown' } = error as { code?: string };
  return isDuplicate(error) ? new ContactInUseError() : new AccountsError(code);
}

function isDuplicate(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === '23505' && constraint === uniqueOwnerIndex;
}
