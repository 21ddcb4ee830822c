/** A Redis that may evict a counter: it would lift a limit, so the store refuses to work with it, and says what to set. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { redisStore, type Counter, type Store } from '../../../../src/server/index.js';
import { client } from '../../../support/redis-failover.js';
import { onRedis, redisIsHere, startRedis, type RedisServer } from '../../../support/redis.js';

const counter: Counter = { key: 'five', limit: 5, window: 600 };
const REFUSAL =
  /^The maxmemory-policy of Redis is (\S+): set it to noeviction, because an evicted counter lifts a limit\.$/;

describe.skipIf(!redisIsHere)(onRedis('Redis'), () => {
  let server: RedisServer;
  let store: Store;
  let admin: Awaited<ReturnType<typeof client>>;
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    server = await startRedis('--maxmemory-policy', 'allkeys-lru', '--maxmemory', '3mb');
    admin = await client(server, closing);
  });
  afterAll(async () => {
    for (const close of closing) await close();
    await server.down();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await store.close();
  });
  const setPolicy = (policy: string) => admin.configSet('maxmemory-policy', policy);

  it.each([
    'allkeys-lru',
    'allkeys-lfu',
    'allkeys-random',
    'volatile-lru',
    'volatile-lfu',
    'volatile-random',
    'volatile-ttl',
  ])('that has the policy %s is not ready, and counts for nobody', async (policy) => {
    await setPolicy(policy);
    store = redisStore({ url: server.url, timeout: 5000 });
    await expect(store.ready()).rejects.toThrow(REFUSAL);
    await expect(store.ready()).rejects.toThrow(policy);
    await expect(store.reserve([counter], Date.now())).rejects.toMatchObject({ code: 'store-unavailable' });
    await expect(store.get('record', Date.now())).rejects.toThrow(REFUSAL);
    await setPolicy('noeviction');
    await expect(store.reserve([{ ...counter, key: policy }], Date.now())).resolves.toMatchObject({ granted: true });
  });

  it('that gets another policy while it runs is found by `ready` at once, and by requests within a minute', async () => {
    await setPolicy('noeviction');
    store = redisStore({ url: server.url, timeout: 5000 });
    await store.reserve([counter], Date.now());
    await setPolicy('allkeys-random');
    expect((await store.peek([counter], Date.now()))[0]?.count).toBe(1);
    const began = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => began + 60_000);
    await expect(store.peek([counter], Date.now())).rejects.toThrow(REFUSAL);
    await setPolicy('noeviction');
    await store.ready();
    await setPolicy('allkeys-random');
    await expect(store.ready()).rejects.toThrow(REFUSAL);
  });

  it('that forbids CONFIG is asked by INFO, and one that forbids INFO as well is refused', async () => {
    await setPolicy('noeviction');
    const user = (name: string, ...rules: string[]) =>
      admin.sendCommand(['ACL', 'SETUSER', name, 'on', '>sesame', '~*', '+@all', ...rules]);
    await user('managed', '-config');
    await user('narrow', '-config', '-info');
    const as = (name: string) => redisStore({ url: server.url.replace('//', `//${name}:sesame@`), timeout: 5000 });
    store = as('managed');
    await expect(store.ready()).resolves.toBeUndefined();
    await setPolicy('volatile-ttl');
    await expect(store.ready()).rejects.toThrow(REFUSAL);
    const narrow = as('narrow');
    await expect(narrow.ready()).rejects.toMatchObject({ code: 'store-unavailable' });
    await expect(narrow.reserve([counter], Date.now())).rejects.toThrow(
      'Redis does not say its maxmemory-policy: allow this user the command INFO.',
    );
    await narrow.close();
  });
});
