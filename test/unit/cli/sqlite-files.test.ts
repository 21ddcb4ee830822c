/** A path of an SQLite file that cannot be used: one sentence with the name of the setting, from serve and doctor alike. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SettingsError } from '../../../src/cli/settings/parse-settings.js';
import { assertUsableFiles } from '../../../src/cli/settings/sqlite-files.js';
import { sqliteAccounts, sqliteStore } from '../../../src/server/index.js';

const isRoot = process.getuid?.() === 0;
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'verify-contact-files-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function sentence(file: string, name: 'VERIFY_STORE' | 'VERIFY_ACCOUNTS' = 'VERIFY_STORE'): Promise<string> {
  const [memory, sqlite] = [{ kind: 'memory' as const }, { kind: 'sqlite' as const, file }];
  const isStore = name === 'VERIFY_STORE';
  try {
    await assertUsableFiles({ VERIFY_STORE: isStore ? sqlite : memory, VERIFY_ACCOUNTS: isStore ? memory : sqlite });
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'no complaint';
}

describe.skipIf(process.platform === 'win32')('the path of an SQLite file', () => {
  it('is refused where its directory is missing, or is a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    for (const directory of [join(folder, 'gone'), join(folder, 'file')]) {
      const file = join(directory, 'limits.db');
      const rest = `names ${file}, whose directory does not exist: make it, or correct the path.`;
      expect(await sentence(file)).toBe(`VERIFY_STORE ${rest}`);
      expect(await sentence(file, 'VERIFY_ACCOUNTS')).toBe(`VERIFY_ACCOUNTS ${rest}`);
    }
  });

  it('is refused where it is a directory, or another kind of file', async () => {
    expect(await sentence(folder)).toBe(`VERIFY_STORE names ${folder}, which is a directory: name a file in it.`);
    const file = join(folder, 'limits.db');
    for (const text of ['no database', 'SQLite format 3', 'SQLite format 4\0 and more', '\0'.repeat(4096)]) {
      writeFileSync(file, text);
      expect(await sentence(file)).toBe(
        `VERIFY_STORE names ${file}, which is not an SQLite database: name another file.`,
      );
    }
  });

  it('is refused where no file can be made', async () => {
    const file = '/proc/limits.db';
    expect(await sentence(file)).toMatch(
      /^VERIFY_STORE names \/proc\/limits\.db, which cannot be written \(E[A-Z]+\): .+\.$/,
    );
    expect(await sentence('/dev/null')).toBe(
      'VERIFY_STORE names /dev/null, which is not an SQLite database: name another file.',
    );
  });

  it.skipIf(isRoot)('is refused where this user may not write', async () => {
    const file = join(folder, 'limits.db');
    const rest = 'this process must be able to write the file and its directory.';
    writeFileSync(file, '');
    chmodSync(file, 0o400);
    expect(await sentence(file)).toBe(`VERIFY_STORE names ${file}, which cannot be written (EACCES): ${rest}`);
    const inside = join(folder, 'closed', 'limits.db');
    mkdirSync(join(folder, 'closed'));
    chmodSync(join(folder, 'closed'), 0o500);
    expect(await sentence(inside)).toBe(`VERIFY_STORE names ${inside}, which cannot be written (EACCES): ${rest}`);
  });

  it('is accepted where there is no file yet, an empty one, or one that the store or the accounts wrote', async () => {
    const [limits, accounts, empty] = ['limits.db', 'accounts.db', 'empty.db'].map((name) => join(folder, name));
    expect(await sentence(limits!)).toBe('no complaint');
    const [store, users] = [sqliteStore({ file: limits! }), sqliteAccounts({ file: accounts! })];
    await store.ready();
    await users.contacts('ada');
    // Still open, as in a second process.
    expect(await sentence(limits!)).toBe('no complaint');
    await Promise.all([store.close(), users.close()]);
    expect(await sentence(limits!)).toBe('no complaint');
    expect(await sentence(accounts!, 'VERIFY_ACCOUNTS')).toBe('no complaint');
    writeFileSync(empty!, '');
    expect(await sentence(empty!)).toBe('no complaint');
    expect(await sentence(':memory:')).toBe('no complaint');
  });
});
