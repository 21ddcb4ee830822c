/** A store that is down, slow, locked, forbidden or damaged rejects quickly, and works again by itself. */
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

/** Milliseconds: longer than every timeout here on a busy machine, and much shorter than a call that hangs. */
const MAX_DELAY = 6000;

/** Expects that every method rejects with a StoreError, without much delay. */
async function expectRejections(store: Store): Promise<void> {
  const began = performance.now();
  const answers = await Promise.allSettled([
    store.reserve([counter], noon),
    store.peek([counter], noon),
    store.refund([counter], 'reservation', noon),
    store.clear([counter], noon),
    store.get('record', noon),
    store.set('record', 'value', 60, noon),
    store.setIfAbsent('record', 'value', 60, noon),
    store.compareAndSet('record', 'value', null, 60, noon),
    store.ready(),
  ]);
  expect(performance.now() - began).toBeLessThan(MAX_DELAY);
  const refusals = answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as unknown) : answer.value));
  expect(refusals.filter((refusal) => refusal instanceof StoreError)).toHaveLength(answers.length);
}

describe('SQLite', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'verify-contact-failure-'))));
  afterEach(() => rm(folder, { recursive: true }));
  const path = () => join(folder, 'store.db');

  it('keeps counters, records and reservations over a restart', async () => {
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

  it('gives two processes on one file one budget', async () => {
    const stores = [sqliteStore({ file: path() }), sqliteStore({ file: path() })];
    const answers = await Promise.all(
      stores.flatMap((store) => Array.from({ length: 25 }, () => store.reserve([counter], noon))),
    );
    expect(answers.filter(({ granted }) => granted)).toHaveLength(5);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('rejects while another process has the lock, and works afterwards', async () => {
    const store = sqliteStore({ file: path() });
    await store.ready();
    const blocker = new Database(path());
    blocker.exec('BEGIN IMMEDIATE');
    await expectRejections(store);
    blocker.exec('ROLLBACK');
    blocker.close();
    expect((await store.reserve([counter], noon)).granted).toBe(true);
    await store.close();
  });

  it('has written nothing if it fails in the middle of a write', async () => {
    const store = sqliteStore({ file: path() });
    await store.ready();
    const failing = new Database(path());
    failing.exec(
      "CREATE TRIGGER full BEFORE INSERT ON kept WHEN NEW.key LIKE 'c:other' BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    );
    failing.close();
    await expect(store.reserve([counter, other], noon)).rejects.toBeInstanceOf(StoreError);
    expect((await store.peek([counter], noon))[0]?.count).toBe(0);
    await store.close();
  });

  it('rejects for a file that is not a database, and for an impossible path', async () => {
    await writeFile(path(), 'this is no database, and never was one'.repeat(100));
    const damaged = sqliteStore({ file: path() });
    await expectRejections(damaged);
    await damaged.close();
    const nowhere = sqliteStore({ file: join(folder, 'no', 'such', 'folder.db') });
    await expectRejections(nowhere);
    await nowhere.close();
  });

  it('rejects for a damaged counter, changes no other, and works for everybody else', async () => {
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

  // CVE-2026-110861: a limit must apply across all processes.
  it('gives three instances one budget', async () => {
    const instances = [1, 2, 3].map(() => redisStore({ url: server.url, prefix: '{three}:', timeout: 5000 }));
    store = memoryStore();
    const rounds = Array.from({ length: 100 }, () => instances).flat();
    const answers = await Promise.all(rounds.map((instance) => instance.reserve([counter, other], noon)));
    expect(answers.filter(({ granted }) => granted)).toHaveLength(5);
    await Promise.all(instances.map((one) => one.close()));
  });

  it('rejects at once while it is down, and works again without a restart of ours', async () => {
    store = redisStore({ url: server.url, timeout: 2000 });
    await store.ready();
    await server.down();
    await expectRejections(store);
    await server.up();
    expect((await store.reserve([counter], noon)).granted).toBe(true);
  });

  it('rejects after the timeout while it is silent, and works again afterwards', async () => {
    store = redisStore({ url: proxy.url, timeout: 500 });
    await vi.waitFor(() => store.ready(), 10_000);
    proxy.silent = true;
    await expectRejections(store);
    // Now even connecting fails.
    await expectRejections(store);
    proxy.silent = false;
    await vi.waitFor(() => store.ready(), 10_000);
  });

  it('rejects without its password, and with a wrong one', async () => {
    store = redisStore({ url: locked.url, timeout: 1000 });
    await expectRejections(store);
    const wrong = redisStore({ url: locked.url.replace('//', '//:sesame@'), timeout: 1000 });
    await expectRejections(wrong);
    await wrong.close();
    const right = redisStore({ url: locked.url.replace('//', '//:open%20sesame@'), timeout: 5000 });
    await expect(right.ready()).resolves.toBeUndefined();
    await right.close();
  });

  it('rejects for a damaged counter or record, changes no other, and works for everybody else', async () => {
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

  it('gives every key an expiry', async () => {
    store = redisStore({ url: server.url, prefix: '{expiry}:', timeout: 5000 });
    await store.reserve([counter, { ...other, member: 'a' }, { key: 'large', limit: 1000, window: 86_400 }], noon);
    await store.set('set', 'value', 60, noon);
    await store.setIfAbsent('lock', 'value', 60, noon);
    await store.compareAndSet('lock', 'value', 'other', 60, noon);
    await store.ready();
    const client = createClient({ url: server.url });
    await client.connect();
    const keys = await client.keys('{expiry}:*');
    const ttls = await Promise.all(keys.map((key) => client.pTTL(key)));
    // Its expiry is in 1970, so that it is never taken for a record.
    expect(await client.get('{expiry}:ready')).toBe('1:');
    await client.close();
    expect(keys.map((key) => key.replace(/t:.{36}$/, 't:reservation')).sort()).toEqual(
      ['c:five', 'c:large', 'c:other', 'r:lock', 'r:set', 'ready', 't:reservation'].map((key) => `{expiry}:${key}`),
    );
    expect(Math.min(...ttls)).toBeGreaterThan(0);
  });
});
