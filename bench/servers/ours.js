/** Our backend, as `serve` mounts it. All limits count, with higher numbers, so that they admit the load. */
import { accountSid, authToken, contactService, twoFactorService } from './account.js';

export const manyPeople = {
  sends: {
    network: { perHour: 1e9, perDay: 1e9 },
    prefix: { perHour: 1e9, perDay: 1e9 },
    country: { perHour: 1e9, perDay: 1e9 },
    total: { perHour: 1e9, perDay: 1e9 },
  },
};

/**
 * @param {{ dist: string, store?: 'memory' | 'sqlite' | 'redis', file?: string, redis?: string }} config
 * @returns {Promise<{ server: any, options: any }>}
 */
export async function optionsOf({ dist, store = 'memory', file, redis }) {
  const server = await import(`${dist}/server/index.js`);
  const stores = {
    memory: () => server.memoryStore({ keys: 5_000_000 }),
    sqlite: () => server.sqliteStore({ file }),
    redis: () => server.redisStore({ url: redis, timeout: 10_000 }),
  };
  const options = {
    keys: process.env.BENCH_KEYS ? JSON.parse(process.env.BENCH_KEYS) : await server.generateKeys(),
    audience: 'https://shop.example',
    anonymous: true,
    twoFactor: { required: 'never' },
    clientAddress: { proxies: ['127.0.0.1'] },
    limits: manyPeople,
    store: stores[store](),
    twilio: { accountSid, authToken, contactService, twoFactorService },
  };
  return { server, options };
}

/** @param {{ dist: string, upstream: string, store?: 'memory' | 'sqlite' | 'redis', file?: string, redis?: string }} config */
export async function listenerOf(config) {
  const { server, options } = await optionsOf(config);
  const { nodeListener } = await import(`${config.dist}/server/node.js`);
  const handler = server.createHandler({ ...options, twilio: { ...options.twilio, baseUrl: config.upstream } });
  await handler.ready();
  return nodeListener(handler);
}
