/** The three stores that the same suite runs on, a new one for every test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '../../src/server/store/memory.js';
import { redisStore } from '../../src/server/store/redis.js';
import { sqliteStore } from '../../src/server/store/sqlite.js';
import type { Store } from '../../src/server/store/store.js';
import { onRedis, redisIsHere, startRedis, type RedisServer } from './redis.js';

/** A store under test. `open` makes an empty one that shares nothing with earlier ones. */
export interface StoreKind {
  name: string;
  skip: boolean;
  start(): Promise<void>;
  open(): Store;
  stop(): Promise<void>;
}

const memory: StoreKind = {
  name: 'memory',
  skip: false,
  start: async () => undefined,
  open: () => memoryStore(),
  stop: async () => undefined,
};

function sqlite(): StoreKind {
  let folder = '';
  let files = 0;
  return {
    name: 'SQLite, in a file',
    skip: false,
    start: async () => void (folder = await mkdtemp(join(tmpdir(), 'verify-contact-store-'))),
    open: () => sqliteStore({ file: join(folder, `${files++}.db`) }),
    stop: () => rm(folder, { recursive: true }),
  };
}

function redis(): StoreKind {
  let server: RedisServer | null = null;
  let stores = 0;
  return {
    name: onRedis('Redis, a real one'),
    skip: !redisIsHere,
    start: async () => void (server = await startRedis()),
    open: () => redisStore({ url: server?.url ?? '', prefix: `{${stores++}}:`, timeout: 5000 }),
    stop: async () => server?.down(),
  };
}

/** Memory, SQLite and Redis, which is skipped if the machine has none. The variable `STORE` selects one of them. */
export const kinds = (): StoreKind[] =>
  [memory, sqlite(), redis()].filter(({ name }) => name.startsWith(process.env.STORE ?? ''));
