/** Whether the SQLite files that the settings name can be used. A wrong path is a mistake of the owner, and no outage that ends by itself. */
import { constants, type Stats } from 'node:fs';
import { access, open, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SettingsError } from './parse-settings.js';
import type { Settings } from './settings-schema.js';

/** How every SQLite file begins (https://www.sqlite.org/fileformat.html#the_database_header). */
const HEADER = 'SQLite format 3\0';

/** Rejects with a {@link SettingsError} that names the setting whose file cannot be used. A file that does not exist is made, empty. */
export async function assertUsableFiles({
  VERIFY_STORE,
  VERIFY_ACCOUNTS,
}: Pick<Settings, 'VERIFY_STORE' | 'VERIFY_ACCOUNTS'>): Promise<void> {
  for (const [name, place] of Object.entries({ VERIFY_STORE, VERIFY_ACCOUNTS })) {
    if (place?.kind !== 'sqlite' || place.file === ':memory:') continue;
    const fault = await faultOf(place.file);
    if (fault) throw new SettingsError(`${name} names ${place.file}, ${fault}`);
  }
}

/** What is wrong with a file, or undefined. */
async function faultOf(path: string): Promise<string | undefined> {
  const directory = dirname(path);
  const isDirectory = (found: Stats | null) => found?.isDirectory() ?? false;
  if (!isDirectory(await stat(directory).catch(() => null))) {
    return 'whose directory does not exist: make it, or correct the path.';
  }
  if (isDirectory(await stat(path).catch(() => null))) return 'which is a directory: name a file in it.';
  try {
    // SQLite also writes files beside it.
    await access(directory, constants.W_OK);
    const file = await open(path, 'a+');
    try {
      return (await isDatabase(file)) ? undefined : 'which is not an SQLite database: name another file.';
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return `which cannot be written (${code}): this process must be able to write the file and its directory.`;
  }
}

/** Whether it is an SQLite database, or empty. */
async function isDatabase(file: FileHandle): Promise<boolean> {
  const found = await file.stat();
  if (!found.isFile() || found.size === 0) return found.isFile();
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER.length), 0, HEADER.length, 0);
  return buffer.toString('latin1', 0, bytesRead) === HEADER;
}
