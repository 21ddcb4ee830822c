/** Accounts in a SQLite file, for one machine. The driver loads with the first query, never with this file. */
import type Libsql from 'libsql';
import { checkOptions } from '../options/check-options.js';
import { sqliteAccountOptions } from '../options/accounts.js';
import { missingPackageError, MissingPackageError } from '../runtime/optional-package.js';
import { AccountsError, ContactInUseError, type AccountStore } from './accounts.js';
import { lazyConnection } from './lazy-connection.js';
import {
  factorsFromRows,
  factorValues,
  fromRows,
  isoText,
  migrations,
  removeValues,
  sharedContactMessage,
  statements,
  verifiedValues,
  type AccountOptions,
} from './schema.js';

/** Where {@link sqliteAccounts} keeps its file. */
export interface SqliteAccountOptions extends AccountOptions {
  /** The path of the file, which is created if it does not exist; or `:memory:`. */
  file: string;
  /** Milliseconds to wait for another process's write. Default 1000. This process is blocked meanwhile. */
  timeout?: number;
}

/**
 * Makes accounts in a SQLite file and creates the tables at the first call.
 * Rejects with {@link AccountsError} if the file cannot be used; the next call tries again.
 */
export function sqliteAccounts(given: SqliteAccountOptions): AccountStore {
  const options = checkOptions('sqliteAccounts', sqliteAccountOptions, given);
  const database = lazyConnection(
    () => open(options),
    (db) => db.close(),
  );

  async function run<T>(query: (db: Libsql.Database) => T): Promise<T> {
    try {
      return query(await database.get());
    } catch (error) {
      throw translateError(error);
    }
  }

  return {
    contacts: (userId) => run((db) => fromRows(db.prepare(statements.contacts).all(userId))),
    contactVerified: (userId, contact, verifiedAt, more) =>
      run((db) => {
        db.prepare(statements.contactVerified).run(...verifiedValues(userId, contact, verifiedAt, more));
      }),
    setTwoFactorRequired: (userId, on) =>
      run((db) => {
        db.prepare(statements.setTwoFactorRequired).run(userId, on ? 1 : 0);
      }),
    remove: (userId, contact) =>
      run((db) => {
        db.prepare(statements.remove).run(...removeValues(userId, contact));
      }),
    factors: {
      list: (userId) => run((db) => factorsFromRows(db.prepare(statements.factors).all(userId))),
      identity: (userId, proposed) =>
        run((db) => {
          const row = (
            proposed === undefined
              ? db.prepare(statements.selectFactorIdentity).get(userId)
              : db.prepare(statements.proposeFactorIdentity).get(userId, proposed)
          ) as { factor_identity: string | null } | undefined;
          return row?.factor_identity ?? null;
        }),
      add: (userId, factor) =>
        run((db) => {
          db.prepare(statements.addFactor).run(...factorValues(userId, factor));
        }),
      rename: (userId, factorId, name) =>
        run((db) => db.prepare(statements.renameFactor).all(name, userId, factorId).length > 0),
      remove: (userId, factorId) => run((db) => db.prepare(statements.removeFactor).all(userId, factorId).length > 0),
      used: (userId, factorId, at) =>
        run((db) => {
          db.prepare(statements.factorUsed).run(isoText(at), userId, factorId);
        }),
    },
    delete: (userId) =>
      run((db) => {
        db.transaction(() => {
          db.prepare(statements.deleteFactors).run(userId);
          db.prepare(statements.deleteContacts).run(userId);
          db.prepare(statements.deleteUser).run(userId);
        }).immediate();
      }),
    close: () => database.close(),
  };
}

async function load() {
  try {
    return (await import('libsql')).default;
  } catch (failure) {
    throw missingPackageError('libsql', 'sqliteAccounts', failure);
  }
}

async function open(options: SqliteAccountOptions): Promise<Libsql.Database> {
  const Database = await load();
  const db = new Database(options.file, { timeout: options.timeout ?? 1000 });
  try {
    db.pragma('journal_mode = WAL');
    // `immediate` takes the write lock before the version is read, so that two processes cannot both run a step.
    db.transaction(() => {
      db.exec(statements.createVersionTable);
      const { version } = db.prepare(statements.selectVersion).get() as { version: number };
      for (const [index, step] of migrations('sqlite').slice(version).entries()) {
        db.exec(step);
        db.prepare(statements.insertVersion).run(version + index + 1);
      }
      if (options.uniqueContacts) db.exec(statements.createUniqueOwnerIndex);
    }).immediate();
    return db;
  } catch (error) {
    db.close();
    throw isDuplicate(error) ? new AccountsError(sharedContactMessage) : error;
  }
}

/** Passes on the code alone: SQLite's own message may quote the contact. */
function translateError(error: unknown): Error {
  if (error instanceof AccountsError || error instanceof MissingPackageError) return error;
  const { code = 'unknown' } = error as { code?: string };
  return isDuplicate(error) ? new ContactInUseError() : new AccountsError(code);
}

const isDuplicate = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('UNIQUE constraint failed: verify_contact_contacts.type');
