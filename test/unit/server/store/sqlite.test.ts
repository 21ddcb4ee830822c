/** The file of the SQLite store: when it is opened and closed, what is in it, and what is deleted. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sqliteStore } from '../../../../src/server/store/sqlite.js';
import type { Counter, Store } from '../../../../src/server/store/store.js';

const noon = Date.UTC(2026, 0, 1, 12);
const counter: Counter = { key: 'five', limit: 5, window: 600 };

let folder: string;
let file: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-contact-sqlite-'));
  file = join(folder, 'store.db');
  store = sqliteStore({ file });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

/** Opens the file as another process would. */
function withFile<T>(use: (db: Database.Database) => T): T {
  const db = new Database(file);
  try {
    return use(db);
  } finally {
    db.close();
  }
}

it('a store that is never used makes no file', async () => {
  await store.close();
  expect(existsSync(file)).toBe(false);
});

it('calls before close are answered, and the file is closed once, however often close is called', async () => {
  const closing = vi.spyOn(Database.prototype, 'close');
  const reserving = store.reserve([counter], noon);
  await Promise.all([store.close(), store.close()]);
  await expect(reserving).resolves.toMatchObject({ granted: true });
  expect(closing).toHaveBeenCalledOnce();
  closing.mockRestore();
  await expect(store.get('record', noon)).rejects.toThrow('The SQLite store is closed.');
});

it('a missing folder is found once it exists', async () => {
  const later = sqliteStore({ file: join(folder, 'later', 'store.db') });
  await expect(later.ready()).rejects.toMatchObject({ code: 'store-unavailable' });
  await mkdir(join(folder, 'later'));
  await expect(later.ready()).resolves.toBeUndefined();
  await later.close();
});

it('that cannot be opened is named in one sentence, with the cause', async () => {
  const said = async (path: string) => {
    const broken = sqliteStore({ file: path });
    const message = await broken.ready().catch((error: Error) => error.message);
    await broken.close();
    return message;
  };
  const nowhere = join(folder, 'no', 'store.db');
  expect(await said(nowhere)).toBe(`The SQLite file ${nowhere} cannot be opened: ENOENT: no such file or directory.`);
  expect(await said(folder)).toBe(
    `The SQLite file ${folder} cannot be opened: EISDIR: illegal operation on a directory.`,
  );
  await writeFile(file, 'this is no database, and never was one'.repeat(100));
  expect(await said(file)).toBe(`The SQLite file ${file} cannot be opened: file is not a database.`);
});

it('readers in another process do not block it, because the file is in WAL mode', async () => {
  await store.ready();
  expect(withFile((db) => db.pragma('journal_mode'))).toMatchObject([{ journal_mode: 'wal' }]);
});

it('is ready when a row can be written, and the row expires', async () => {
  await store.ready();
  expect(withFile((db) => db.prepare('SELECT * FROM kept').all())).toEqual([{ key: 'ready', value: '', expires: 1 }]);
  await store.set('record', 'value', 60, noon);
  expect(withFile((db) => db.prepare('SELECT key FROM kept').all())).toEqual([{ key: 'r:record' }]);
  withFile((db) => db.exec("CREATE TRIGGER full BEFORE INSERT ON kept BEGIN SELECT RAISE(ABORT, 'disk full'); END"));
  await expect(store.ready()).rejects.toMatchObject({ code: 'store-unavailable', cause: { message: 'disk full' } });
});

it('each write deletes up to twice as many expired rows, and no others', async () => {
  const rows = () => withFile((db) => db.prepare('SELECT count(*) AS many FROM kept').get());
  await Promise.all(Array.from({ length: 20 }, (_, i) => store.set(`old ${i}`, 'value', 60, noon)));
  await Promise.all(Array.from({ length: 5 }, (_, i) => store.set(`new ${i}`, 'value', 60, noon + 60_000)));
  expect(rows()).toMatchObject({ many: 15 });
  await store.get('old 1', noon + 60_000);
  expect(rows()).toMatchObject({ many: 15 });
  await Promise.all(Array.from({ length: 5 }, (_, i) => store.set(`newer ${i}`, 'value', 60, noon + 60_000)));
  expect(rows()).toMatchObject({ many: 10 });
  await store.set('newest', 'value', 60, noon + 60_000);
  expect(rows()).toMatchObject({ many: 11 });
});

it('a value with NUL, which would come back cut off, is refused alone', async () => {
  const [cut, whole] = await Promise.allSettled([
    store.set('cut', 'a\0b', 60, noon),
    store.set('whole', 'a b', 60, noon),
  ]);
  expect(cut).toMatchObject({
    reason: { code: 'store-unavailable', message: expect.stringContaining('NUL') as unknown },
  });
  expect(whole).toMatchObject({ status: 'fulfilled' });
  expect(await store.get('whole', noon)).toBe('a b');
});

it.each([
  ['a record that is not text', "UPDATE kept SET value = x'00' WHERE key = 'r:record'"],
  ['an expiry that is not a number', "UPDATE kept SET expires = 'never' WHERE key = 'r:record'"],
])('%s is refused', async (_, damage) => {
  await store.set('record', 'value', 60, noon);
  withFile((db) => db.exec(damage));
  await expect(store.get('record', noon)).rejects.toThrow('The SQLite store has a row that it did not write.');
});

it.each(['', 'x', '1x', 'x1', '-1', '1.5'])('a reservation that reads %j is refused', async (damage) => {
  const { reservationId } = await store.reserve([counter], noon);
  withFile((db) => db.prepare("UPDATE kept SET value = ? WHERE key LIKE 't:%'").run(damage));
  await expect(store.refund([counter], reservationId, noon)).rejects.toThrow(
    /^A counter in the store (is corrupt|cannot be read)\.$/,
  );
  expect(await store.peek([counter], noon)).toMatchObject([{ count: 1 }]);
});
