/** Accounts in a SQLite file: the embedded default. The driver loads with the first question, never with this file. */
import type Libsql from 'libsql';
import { missingPackageError, MissingPackageError } from '../runtime/optional-package.js';
import { AccountsError, ContactInUseError, type AccountStore } from './accounts.js';
import { lazyConnection } from './lazy-connection.js';
import {
  fromRows,
  migrations,
  ownershipForm,
  sharedContactMessage,
  statements,
  type AccountOptions,
} from './schema.js';

/** Where the file is. */
export interface SqliteAccountOptions extends AccountOptions {
  /** A path, made if it is not there; `:memory:` for none. */
  file: string;
  /** Milliseconds to wait for another process's write; default 1000. The process stands still meanwhile. */
  timeout?: number;
}

/** Accounts in a SQLite file. Rejects with {@link AccountsError} when the file cannot be used, and tries again at the next question. */
export function sqliteAccounts(options: SqliteAccountOptions): AccountStore {
  const database = lazyConnection(
    () => open(options),
    (db) => db.close(),
  );

  async function run<T>(work: (db: Libsql.Database) => T): Promise<T> {
    try {
      return work(await database.get());
    } catch (error) {
      throw translated(error);
    }
  }

  return {
    contacts: (userId) => run((db) => fromRows(db.prepare(statements.contacts).all(userId))),
    contactVerified: (userId, contact) =>
      run((db) => {
        db.prepare(statements.verified).run(userId, contact.type, contact.value, ownershipForm(contact));
      }),
    setTwoFactorRequired: (userId, on) =>
      run((db) => {
        db.prepare(statements.requireTwoFactor).run(userId, on ? 1 : 0);
      }),
    remove: (userId, contact) =>
      run((db) => {
        db.prepare(statements.remove).run(userId, contact.type, ownershipForm(contact));
      }),
    delete: (userId) =>
      run((db) => {
        db.transaction(() => {
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
    // `immediate` takes the write lock before the version is read, so two processes cannot both run a step.
    db.transaction(() => {
      db.exec(statements.versions);
      const { version } = db.prepare(statements.version).get() as { version: number };
      migrations.slice(version).forEach((step, index) => {
        db.exec(step);
        db.prepare(statements.migrated).run(version + index + 1);
      });
      if (options.uniqueContacts) db.exec(statements.onePerson);
    }).immediate();
    return db;
  } catch (error) {
    db.close();
    throw isDuplicate(error) ? new AccountsError(sharedContactMessage) : error;
  }
}

/** SQLite's own message may quote the contact, so none of it is passed on but its code. */
function translated(error: unknown): Error {
  if (error instanceof AccountsError || error instanceof MissingPackageError) return error;
  const { code = 'unknown' } = error as { code?: string };
  return isDuplicate(error) ? new ContactInUseError() : new AccountsError(code);
}

const isDuplicate = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('UNIQUE constraint failed: verify_contact_contacts.type');
