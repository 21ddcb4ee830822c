/** A store in one SQLite file: counters and records outlive a restart. For one machine; several share a Redis. */
import type Database from 'libsql';
import { missingPackageError } from '../runtime/optional-package.js';
import { createStore, type Write, type StorageAdapter } from './storage-adapter.js';
import { StoreError, type Store } from './store.js';
import { parseLog } from './sliding-window.js';

/** Where {@link sqliteStore} keeps its file. */
export interface SqliteStoreOptions {
  /** A path, made if it is not there, or ':memory:'. */
  file: string;
}

/** Milliseconds that a write waits for another process's lock; the event loop stands still meanwhile, so it is short. */
const LOCK_WAIT = 100;

const schema = `
  CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS kept_expires ON kept (expires);
`;

interface Step {
  act: () => unknown;
  done: (value: unknown) => void;
  failed: (error: unknown) => void;
}

/** The driver is loaded, and the file opened, at the first question; whatever is wrong with it is a {@link StoreError} then. */
export function sqliteStore({ file }: SqliteStoreOptions): Store {
  let opening: Promise<Opened> | null = null;
  let shelf: Opened | null = null;
  let waiting: Step[] | null = null;
  let closed = false;

  async function flush(): Promise<void> {
    // What is asked while the file is being opened joins the same transaction.
    const opened = await (opening ??= open(file)).catch(broken);
    const steps = waiting!;
    waiting = null;
    if (opened instanceof StoreError) {
      opening = null;
      return steps.forEach((step) => step.failed(opened));
    }
    shelf = opened;
    transact(opened, steps);
  }

  function run<T>(act: () => T): Promise<T> {
    if (closed) return Promise.reject(new StoreError('The SQLite store is closed.'));
    return new Promise<T>((resolve, reject) => {
      if (!waiting) {
        waiting = [];
        setImmediate(() => void flush());
      }
      waiting.push({ act, done: (value) => resolve(value as T), failed: reject });
    });
  }

  const asked: StorageAdapter = {
    log: (key, now) => shelf!.log(key, now),
    text: (key, now) => shelf!.text(key, now),
    write: (changes, now) => shelf!.write(changes, now),
  };

  return {
    ...createStore(asked, run),
    // A write, since a full disk answers reads as if nothing were wrong.
    ready: () => run(() => asked.write([{ key: 'ready', value: '', expires: 1 }], 0)),
    async close() {
      if (closed) return;
      const last = opening || waiting ? run(() => undefined) : Promise.resolve();
      closed = true;
      await last.catch(() => undefined);
      shelf?.db.close();
      shelf = null;
    },
  };
}

interface Opened extends StorageAdapter {
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

async function open(file: string): Promise<Opened> {
  const Driver = await load();
  const db = new Driver(file, { timeout: LOCK_WAIT });
  try {
    db.pragma('journal_mode = WAL');
    // A crash of the process loses nothing; a power cut may lose the last commits, and never corrupts (sqlite.org/pragma.html#pragma_synchronous).
    db.pragma('synchronous = NORMAL');
    db.exec(schema);
    return prepared(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

function prepared(db: Database.Database): Opened {
  const select = db.prepare('SELECT value, expires FROM kept WHERE key = ?');
  const upsert = db.prepare(
    'INSERT INTO kept VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires',
  );
  const remove = db.prepare('DELETE FROM kept WHERE key = ?');
  const expired = db.prepare('DELETE FROM kept WHERE key IN (SELECT key FROM kept WHERE expires <= ? LIMIT ?)');
  let written = 0;
  let latest = 0;

  function read(key: string, now: number): string | null {
    const row = select.get(key) as { value: unknown; expires: unknown } | undefined;
    if (row === undefined) return null;
    const { value, expires } = row;
    if (typeof value !== 'string' || typeof expires !== 'number')
      throw new StoreError('The SQLite store holds what it never wrote.');
    return expires > now ? value : null;
  }

  function writeOne({ key, value, expires }: Write): void {
    // The driver reads a text only up to its first NUL: what cannot come back whole is not written.
    if (typeof value === 'string' && value.includes('\0'))
      throw new StoreError('The SQLite store keeps no text with NUL.');
    if (value === null) remove.run(key);
    else upsert.run(key, typeof value === 'string' ? value : JSON.stringify(value), expires);
  }

  return {
    db,
    log(key, now) {
      const text = read(key, now);
      return text === null ? [] : parseLog(text);
    },
    text: read,
    write(changes, now) {
      changes.forEach(writeOne);
      written += changes.length;
      latest = now;
    },
    sweep() {
      // Twice what was written, so that the garbage shrinks and no transaction pays for all of it.
      expired.run(latest, 2 * written);
      written = 0;
    },
  };
}

/**
 * One transaction for all that was asked in this turn of the event loop (one commit each would cost thirty times as much),
 * and nobody is answered before the commit. A step that finds a corrupt counter fails alone, since it has written nothing yet;
 * whatever SQLite itself complains of fails them all.
 */
function transact(shelf: Opened, steps: readonly Step[]): void {
  const answers: (() => void)[] = [];
  try {
    shelf.db.exec('BEGIN IMMEDIATE');
    for (const { act, done, failed } of steps) {
      try {
        const value = act();
        answers.push(() => done(value));
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        answers.push(() => failed(error));
      }
    }
    shelf.sweep();
    shelf.db.exec('COMMIT');
  } catch (error) {
    rollBack(shelf.db);
    return steps.forEach((step) => step.failed(broken(error)));
  }
  answers.forEach((answer) => answer());
}

function rollBack(db: Database.Database): void {
  try {
    db.exec('ROLLBACK');
  } catch {
    // It has not begun, or SQLite has rolled back by itself already (disk full, I/O error).
  }
}

function broken(cause: unknown): StoreError {
  return new StoreError('The SQLite store cannot be used.', { cause });
}
