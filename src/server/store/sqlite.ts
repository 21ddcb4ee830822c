/** A store in a SQLite file, for one machine: counters and records survive a restart. Several machines share a Redis instead. */
import { open as openFile } from 'node:fs/promises';
import type Database from 'libsql';
import { checkOptions } from '../options/check-options.js';
import { sqliteStoreOptions } from '../options/stores.js';
import { missingPackageError } from '../runtime/optional-package.js';
import { createStore, type Write, type StorageAdapter } from './storage-adapter.js';
import { StoreError, type Store } from './store.js';
import { isTime, parseLog } from './sliding-window.js';

/** Where {@link sqliteStore} keeps its file. */
export interface SqliteStoreOptions {
  /** The path of the file, which is created if it does not exist; or ':memory:'. */
  file: string;
}

/** Milliseconds to wait for another process's lock. It is short, because the event loop is blocked meanwhile. */
const LOCK_TIMEOUT_MS = 100;

const schema = `
  CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS kept_expires ON kept (expires);
`;

/** One call that waits for the next transaction. */
interface QueuedCall {
  run: () => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** Makes a store in a SQLite file. The first call loads the driver and opens the file; if that fails, it rejects with {@link StoreError}. */
export function sqliteStore(options: SqliteStoreOptions): Store {
  const { file: path } = checkOptions('sqliteStore', sqliteStoreOptions, options);
  let opening: Promise<OpenFile> | null = null;
  let file: OpenFile | null = null;
  let queue: QueuedCall[] | null = null;
  let closed = false;

  async function flush(): Promise<void> {
    // Calls that arrive while the file is being opened join the same transaction.
    const opened = await (opening ??= open(path)).catch((error: unknown) => openingError(path, error));
    const calls = queue!;
    queue = null;
    if (opened instanceof StoreError) {
      opening = null;
      return calls.forEach((call) => call.reject(opened));
    }
    file = opened;
    runTransaction(opened, calls);
  }

  function enqueue<T>(run: () => T): Promise<T> {
    if (closed) return Promise.reject(new StoreError('The SQLite store is closed.'));
    return new Promise<T>((resolve, reject) => {
      if (!queue) {
        queue = [];
        setImmediate(() => void flush());
      }
      queue.push({ run, resolve: (value) => resolve(value as T), reject });
    });
  }

  const storage: StorageAdapter = {
    log: (key, now) => file!.log(key, now),
    record: (key, now) => file!.record(key, now),
    write: (changes, now) => file!.write(changes, now),
  };

  return {
    ...createStore(storage, enqueue),
    // It writes, because reading still works when the disk is full.
    ready: () => enqueue(() => storage.write([{ key: 'ready', value: '', expires: 1 }], 0)),
    async close() {
      if (closed) return;
      const last = opening || queue ? enqueue(() => undefined) : Promise.resolve();
      closed = true;
      await last.catch(() => undefined);
      file?.db.close();
      file = null;
    },
  };
}

interface OpenFile extends StorageAdapter {
  db: Database.Database;
  sweep(): void;
}

async function load() {
  try {
    return (await import('libsql')).default;
  } catch (failure) {
    throw missingPackageError('libsql', 'sqliteStore', failure);
  }
}

async function open(path: string): Promise<OpenFile> {
  const Driver = await load();
  const db = new Driver(path, { timeout: LOCK_TIMEOUT_MS });
  try {
    db.pragma('journal_mode = WAL');
    // A crash of the process loses nothing. A power cut may lose the last commits, but never corrupts the file (sqlite.org/pragma.html#pragma_synchronous).
    db.pragma('synchronous = NORMAL');
    db.exec(schema);
    return prepare(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

function prepare(db: Database.Database): OpenFile {
  const select = db.prepare('SELECT value, expires FROM kept WHERE key = ?');
  const upsert = db.prepare(
    'INSERT INTO kept VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires',
  );
  const remove = db.prepare('DELETE FROM kept WHERE key = ?');
  // A row whose expiry is corrupt must be found, not deleted.
  const expired = db.prepare(
    "DELETE FROM kept WHERE key IN (SELECT key FROM kept WHERE expires BETWEEN 1 AND ? AND typeof(expires) = 'integer' LIMIT ?)",
  );
  let written = 0;
  let latest = 0;

  function read(key: string, now: number): string | null {
    const row = select.get(key) as { value: unknown; expires: unknown } | undefined;
    if (row === undefined) return null;
    const { value, expires } = row;
    if (typeof value !== 'string' || !isTime(expires) || expires === 0)
      throw new StoreError('The SQLite store has a row that it did not write.');
    return expires > now ? value : null;
  }

  function writeOne({ key, value, expires }: Write): void {
    // The driver reads a text only up to its first NUL, so the value would come back cut off.
    if (typeof value === 'string' && value.includes('\0'))
      throw new StoreError('The SQLite store cannot store a value with a NUL character.');
    if (value === null) remove.run(key);
    else upsert.run(key, typeof value === 'string' ? value : JSON.stringify(value), Math.ceil(expires));
  }

  return {
    db,
    log(key, now) {
      const text = read(key, now);
      return text === null ? [] : parseLog(text);
    },
    record: read,
    write(changes, now) {
      changes.forEach(writeOne);
      written += changes.length;
      latest = now;
    },
    sweep() {
      // Twice as many rows as were written, so that expired rows decrease and no transaction has to delete all of them.
      expired.run(latest, 2 * written);
      written = 0;
    },
  };
}

/**
 * Runs all calls of one iteration of the event loop in one transaction: a commit for each would cost thirty times as much.
 * No call is answered before the commit. A call that finds a corrupt counter fails alone, because it has written nothing yet.
 * An error of SQLite fails all of them.
 */
function runTransaction(file: OpenFile, calls: readonly QueuedCall[]): void {
  const answers: (() => void)[] = [];
  try {
    file.db.exec('BEGIN IMMEDIATE');
    for (const { run, resolve, reject } of calls) {
      try {
        const value = run();
        answers.push(() => resolve(value));
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        answers.push(() => reject(error));
      }
    }
    file.sweep();
    file.db.exec('COMMIT');
  } catch (error) {
    rollBack(file.db);
    return calls.forEach((call) => call.reject(storeError('The SQLite store cannot be used', error)));
  }
  answers.forEach((answer) => answer());
}

function rollBack(db: Database.Database): void {
  try {
    db.exec('ROLLBACK');
  } catch {
    // The transaction did not begin, or SQLite has already rolled it back (disk full, I/O error).
  }
}

/** Names the file and the cause. SQLite itself gives only a number if it cannot open a file, so Node tries to open it, too. */
async function openingError(path: string, error: unknown): Promise<StoreError> {
  const reason = await openFile(path, 'a').then(
    (opened) => opened.close().then(() => error),
    (failure: unknown) => failure,
  );
  return storeError(`The SQLite file ${path} cannot be opened`, error, reason);
}

function storeError(what: string, cause: unknown, reason = cause): StoreError {
  const { message } = reason as Error;
  return new StoreError(`${what}: ${message.replace(/, open '.*'$/, '')}.`, { cause });
}
