/** The first question to Redis, while its driver is still being loaded on a busy machine. The driver is the real one, late. */
import { createServer, type AddressInfo } from 'node:net';
import { expect, it, vi } from 'vitest';
import { redisStore } from '../src/server/store/redis.js';

const LOADING = 600;
const TIMEOUT = 300;

vi.mock('@redis/client', async (load) => {
  await new Promise((resolve) => setTimeout(resolve, LOADING));
  return load();
});

it('loading the driver is no time that Redis took', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => closed.once('listening', done));
  const { port } = closed.address() as AddressInfo;
  await new Promise((done) => closed.close(done));
  const store = redisStore({ url: `redis://127.0.0.1:${port}`, timeout: TIMEOUT });
  const began = performance.now();
  // Nobody listens there: that is found out by connecting, which happened after the time for one answer was long over.
  await expect(store.get('record', 0)).rejects.toThrow('Redis cannot be asked.');
  expect(performance.now() - began).toBeGreaterThanOrEqual(LOADING - 1);
  await store.close();
});

it('a store that is closed while its driver loads stays closed', async () => {
  const store = redisStore({ url: 'redis://127.0.0.1:1', timeout: TIMEOUT });
  await store.close();
  await expect(store.get('record', 0)).rejects.toThrow('closed');
});
