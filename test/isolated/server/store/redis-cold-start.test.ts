/** The first call to Redis, while a busy machine still loads the driver. The driver is the real one, delayed. */
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { redisStore } from '../../../../src/server/store/redis.js';

const TIMEOUT = 1000;
let loaded = (): void => undefined;
const loading = new Promise<void>((resolve) => (loaded = resolve));

vi.mock('@redis/client', async (load) => {
  await loading;
  return load();
});

afterEach(() => void vi.useRealTimers());

it('the time to load the driver does not count against the timeout of Redis', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => closed.once('listening', done));
  const { port } = closed.address() as AddressInfo;
  await new Promise((done) => closed.close(done));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const store = redisStore({ url: `redis://127.0.0.1:${port}`, timeout: TIMEOUT });
  const answer = store.get('record', 0);
  await vi.advanceTimersByTimeAsync(60 * TIMEOUT);
  loaded();
  // Nothing listens there. Connecting finds that out, long after the timeout of a reply would have ended.
  await expect(answer).rejects.toThrow('The request to Redis failed');
  await store.close();
});

it('a store that is closed stays closed', async () => {
  const store = redisStore({ url: 'redis://127.0.0.1:1', timeout: TIMEOUT });
  await store.close();
  await expect(store.get('record', 0)).rejects.toThrow('closed');
});
