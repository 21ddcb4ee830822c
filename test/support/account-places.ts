/** Every place where the shipped accounts keep users: memory, a SQLite file, and a real PostgreSQL. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import type { AccountStore } from '../../src/server/accounts/accounts.js';
import { memoryAccounts } from '../../src/server/accounts/memory.js';
import { postgresAccounts } from '../../src/server/accounts/postgres.js';
import type { AccountOptions } from '../../src/server/accounts/schema.js';
import { sqliteAccounts } from '../../src/server/accounts/sqlite.js';
import { startPostgres } from './postgres.js';

/** Opens accounts on one database, as often as a test needs them. They are closed after the test. */
export type OpenAccounts = (options?: AccountOptions) => AccountStore;

/** A place, whether this machine lacks it, and a function that makes an empty database there. */
export interface AccountPlace {
  name: string;
  missing: boolean;
  empty(): Promise<OpenAccounts>;
}

/** Starts what the places need, and stops it after the tests of the file. */
export async function accountPlaces(): Promise<AccountPlace[]> {
  const folder = await mkdtemp(join(tmpdir(), 'verify-contact-accounts-'));
  const postgres = await startPostgres();
  const opened: AccountStore[] = [];
  let serial = 0;
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });
  afterAll(async () => {
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const closing =
    (open: OpenAccounts): OpenAccounts =>
    (options) => {
      const store = open(options);
      opened.push(store);
      return store;
    };
  return [
    {
      name: 'memory',
      missing: false,
      empty: async () => {
        // Memory is not shared, so opening it again returns the same object.
        const stores = new Map<boolean, AccountStore>();
        return closing((options = {}) => {
          const key = options.uniqueContacts ?? false;
          const store = stores.get(key) ?? memoryAccounts(options);
          stores.set(key, store);
          return store;
        });
      },
    },
    {
      name: 'a SQLite file',
      missing: false,
      empty: async () => {
        const file = join(folder, `${++serial}.db`);
        return closing((options) => sqliteAccounts({ ...options, file }));
      },
    },
    {
      name: 'PostgreSQL',
      missing: postgres === null,
      empty: async () => {
        const url = (await postgres?.empty()) ?? '';
        return closing((options) => postgresAccounts({ ...options, url }));
      },
    },
  ];
}
