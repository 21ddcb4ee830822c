/** The three kinds of store that the same suite runs on, each fresh for every test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '../../src/server/store/memory.js';
import { redisStore } from '../../src/server/store/redis.js';
import { sqliteStore } from '../../src/server/store/sqlite.js';
import type { Store } from '../../src/server/store/store.js';
import { onRedis, redisIsHere, startRedis, type RedisServer } from './redis.js';

/** A kind of store; `open` gives an empty one that shares nothing with earlier ones. */
export interface Kind {
  name: string;
  skip: boolean;
  start(): Promise<void>;
  open(): Store;
  stop(): Promise<void>;
}

const memory: Kind = {
  name: 'memory',
  skip: false,
  start: async () => undefined,
  open: () => memoryStore(),
  stop: async () => undefined,
};

function sqlite(): Kind {
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

function redis(): Kind {
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

/** Memory, SQLite and Redis; Redis is to be skipped where the machine has none. `STORE` names the only one that is wanted. */
export const kinds = (): Kind[] =>
  [memory, sqlite(), redis()].filter(({ name }) => name.startsWith(process.env.STORE ?? ''));
