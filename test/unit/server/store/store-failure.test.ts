/** A store that is down, slow, locked, closed to us or damaged refuses quickly, and works again by itself. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import Database from 'libsql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryStore } from '../../../../src/server/store/memory.js';
import { redisStore } from '../../../../src/server/store/redis.js';
import { sqliteStore } from '../../../../src/server/store/sqlite.js';
import { StoreError, type Counter, type Store } from '../../../../src/server/store/store.js';
import {
  onRedis,
  redisIsHere,
  startProxy,
  startRedis,
  type RedisServer,
  type SilentProxy,
} from '../../../support/redis.js';

const noon = Date.UTC(2026, 0, 1, 12);
const counter: Counter = { key: 'five', limit: 5, window: 600 };
const other: Counter = { key: 'other', limit: 5, window: 600 };

/** Longer than every timeout here by what a machine may be busy with, and shorter than a store that would wait without an end. */
const AT_ONCE = 6000;

/** Every question is refused with a StoreError, all of them without much waiting. */
async function refusesEverything(store: Store): Promise<void> {
  const began = performance.now();
  const answers = await Promise.allSettled([
    store.reserve([counter], noon),
    store.peek([counter], noon),
    store.refund([counter], 'receipt', noon),
    store.clear([counter], noon),
    store.get('record', noon),
    store.set('record', 'value', 60, noon),
    store.setIfAbsent('record', 'value', 60, noon),
    store.compareAndSet('record', 'value', null, 60, noon),
    store.ready(),
  ]);
  expect(performance.now() - began).toBeLessThan(AT_ONCE);
  const refusals = answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as unknown) : answer.value));
  expect(refusals.filter((refusal) => refusal instanceof StoreError)).toHaveLength(answers.length);
}

describe('SQLite', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'verify-contact-failure-'))));
  afterEach(() => rm(folder, { recursive: true }));
  const path = () => join(folder, 'store.db');

  it('keeps counters, records and receipts over a restart', async () => {
    const before = sqliteStore({ file: path() });
    await before.reserve([counter], noon);
    const { reservationId } = await before.reserve([counter], noon);
    await before.set('record', 'value', 60, noon);
    await before.close();
    const after = sqliteStore({ file: path() });
    expect((await after.peek([counter], noon))[0]?.count).toBe(2);
    await after.refund([counter], reservationId, noon);
    expect((await after.peek([counter], noon))[0]?.count).toBe(1);
    expect(await after.get('record', noon)).toBe('value');
    await after.close();
  });

  it('lets two processes on one file spend one budget', async () => {
    const stores = [sqliteStore({ file: path() }), sqliteStore({ file: path() })];
    const answers = await Promise.all(
      stores.flatMap((store) => Array.from({ length: 25 }, () => store.reserve([counter], noon))),
    );
    expect(answers.filter(({ granted }) => granted)).toHaveLength(5);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('refuses while another process holds the lock, and works when it lets go', async () => {
    const store = sqliteStore({ file: path() });
    await store.ready();
    const holder = new Database(path());
    holder.exec('BEGIN IMMEDIATE');
    await refusesEverything(store);
    holder.exec('ROLLBACK');
    holder.close();
    expect((await store.reserve([counter], noon)).granted).toBe(true);
    await store.close();
  });

  it('that fails in the middle of writing has written nothing', async () => {
    const store = sqliteStore({ file: path() });
    await store.ready();
    const limiting = new Database(path());
    limiting.exec(
      "CREATE TRIGGER full BEFORE INSERT ON kept WHEN NEW.key LIKE 'c:other' BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    );
    limiting.close();
    await expect(store.reserve([counter, other], noon)).rejects.toBeInstanceOf(StoreError);
    expect((await store.peek([counter], noon))[0]?.count).toBe(0);
    await store.close();
  });

  it('refuses a file that is no database, and a path that cannot be', async () => {
    await writeFile(path(), 'this is no database, and never was one'.repeat(100));
    const damaged = sqliteStore({ file: path() });
    await refusesEverything(damaged);
    await damaged.close();
    const nowhere = sqliteStore({ file: join(folder, 'no', 'such', 'folder.db') });
    await refusesEverything(nowhere);
    await nowhere.close();
  });

  it('refuses a damaged counter, touches none of the others, and goes on for everybody else', async () => {
    const store = sqliteStore({ file: path() });
    await store.reserve([counter], noon);
    const vandal = new Database(path());
    for (const damage of ['', 'x', '[]', '{}', '[[1]]', '[["a",1,""]]', '[[1,-1,""]]', 'null', '"log"']) {
      vandal.prepare('UPDATE kept SET value = ? WHERE key = ?').run(damage, 'c:five');
      const [bad, good] = await Promise.allSettled([store.reserve([other, counter], noon), store.peek([other], noon)]);
      expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'store-unavailable' } });
      expect(good).toMatchObject({ status: 'fulfilled', value: [{ count: 0 }] });
    }
    vandal.close();
    await store.close();
  });
});

describe.skipIf(!redisIsHere)(onRedis('Redis'), () => {
  let server: RedisServer;
  let locked: RedisServer;
  let proxy: SilentProxy;
  let store: Store;
  beforeAll(async () => {
    [server, locked] = await Promise.all([startRedis(), startRedis('--requirepass', 'open sesame')]);
    proxy = await startProxy(server.port);
  });
  afterAll(async () => {
    proxy.close();
    await Promise.all([server.down(), locked.down()]);
  });
  afterEach(() => store.close());

  // CVE-2026-110861: what holds in one process must hold over all of them.
  it('lets three instances spend one budget', async () => {
    const instances = [1, 2, 3].map(() => redisStore({ url: server.url, prefix: '{three}:', timeout: 5000 }));
    store = memoryStore();
    const rounds = Array.from({ length: 100 }, () => instances).flat();
    const answers = await Promise.all(rounds.map((instance) => instance.reserve([counter, other], noon)));
    expect(answers.filter(({ granted }) => granted)).toHaveLength(5);
    await Promise.all(instances.map((one) => one.close()));
  });

  it('that is down refuses at once, and needs no restart of ours when it is back', async () => {
    store = redisStore({ url: server.url, timeout: 2000 });
    await store.ready();
    await server.down();
    await refusesEverything(store);
    await server.up();
    expect((await store.reserve([counter], noon)).granted).toBe(true);
  });

  it('that falls silent is given up after the timeout, and answers again when it speaks', async () => {
    store = redisStore({ url: proxy.url, timeout: 500 });
    await vi.waitFor(() => store.ready(), 10_000);
    proxy.silent = true;
    await refusesEverything(store);
    // A connection that cannot even be begun.
    await refusesEverything(store);
    proxy.silent = false;
    await vi.waitFor(() => store.ready(), 10_000);
  });

  it('that wants a password we lack, or another one, refuses', async () => {
    store = redisStore({ url: locked.url, timeout: 1000 });
    await refusesEverything(store);
    const wrong = redisStore({ url: locked.url.replace('//', '//:sesame@'), timeout: 1000 });
    await refusesEverything(wrong);
    await wrong.close();
    const right = redisStore({ url: locked.url.replace('//', '//:open%20sesame@'), timeout: 5000 });
    await expect(right.ready()).resolves.toBeUndefined();
    await right.close();
  });

  it('with a damaged counter or record refuses it, touches none of the others, and goes on for everybody else', async () => {
    store = redisStore({ url: server.url, prefix: '{damaged}:', timeout: 5000 });
    const vandal = createClient({ url: server.url });
    await vandal.connect();
    for (const damage of [
      '',
      'x',
      '[]',
      '{}',
      '[[1]]',
      '[["a",1,""]]',
      '[[1,-1,""]]',
      '[[1.5,1,""]]',
      'null',
      '"log"',
    ]) {
      await vandal.set('{damaged}:c:five', damage);
      const [bad, good] = await Promise.allSettled([store.reserve([other, counter], noon), store.peek([other], noon)]);
      expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'store-unavailable' } });
      expect(good).toMatchObject({ status: 'fulfilled', value: [{ count: 0 }] });
    }
    await vandal.set('{damaged}:r:record', 'never written by us');
    await vandal.lPush('{damaged}:r:list', 'another type');
    await expect(store.get('record', noon)).rejects.toBeInstanceOf(StoreError);
    await expect(store.setIfAbsent('list', 'value', 60, noon)).rejects.toBeInstanceOf(StoreError);
    await vandal.close();
  });

  it('keeps nothing for ever: every key has an end', async () => {
    store = redisStore({ url: server.url, prefix: '{ends}:', timeout: 5000 });
    await store.reserve([counter, { ...other, member: 'a' }, { key: 'large', limit: 1000, window: 86_400 }], noon);
    await store.set('put', 'value', 60, noon);
    await store.setIfAbsent('claim', 'value', 60, noon);
    await store.compareAndSet('claim', 'value', 'other', 60, noon);
    await store.ready();
    const client = createClient({ url: server.url });
    await client.connect();
    const keys = await client.keys('{ends}:*');
    const lives = await Promise.all(keys.map((key) => client.pTTL(key)));
    // Said to be over since 1970, so that nobody takes it for a record.
    expect(await client.get('{ends}:ready')).toBe('1:');
    await client.close();
    expect(keys.map((key) => key.replace(/t:.{36}$/, 't:receipt')).sort()).toEqual(
      ['c:five', 'c:large', 'c:other', 'r:claim', 'r:put', 'ready', 't:receipt'].map((key) => `{ends}:${key}`),
    );
    expect(Math.min(...lives)).toBeGreaterThan(0);
  });
});
