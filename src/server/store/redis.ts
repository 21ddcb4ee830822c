/** A store in Redis or Valkey, shared by all instances. Each method runs one script in one round trip. */
import { randomUUID } from 'node:crypto';
import { checkOptions } from '../options/check-options.js';
import { redisStoreOptions } from '../options/stores.js';
import { RedisConnection } from './redis-connection.js';
import * as scripts from './redis-scripts.js';
import { StoreError, type Counter, type CounterStatus, type Store } from './store.js';

/** How {@link redisStore} reaches Redis 7 or later, or Valkey. Set `maxmemory-policy noeviction`: evicting a counter would lift a limit. */
export interface RedisStoreOptions {
  /** `redis[s]://[[user][:password]@]host[:port][/database]` */
  url: string;
  /** Milliseconds to wait for a reply, including the time to connect but not to load the driver. Default 500. */
  timeout?: number;
  /** The prefix of every key. Default `{verify-contact}:`; the braces keep all keys on one node of a cluster. */
  prefix?: string;
}

/** Makes a store in Redis. It connects at the first call, and again after an outage without a restart. */
export function redisStore(options: RedisStoreOptions): Store {
  const { url, timeout = 500, prefix = '{verify-contact}:' } = checkOptions('redisStore', redisStoreOptions, options);
  const redis = new RedisConnection(url, timeout);
  const keysOf = (counters: readonly Counter[], ...reservationIds: string[]) => [
    ...counters.map(({ key }) => `${prefix}c:${key}`),
    ...reservationIds.map((id) => `${prefix}t:${id}`),
  ];

  function runOnCounters(
    script: scripts.Script,
    keys: string[],
    counters: readonly Counter[],
    now: number,
    ...rest: string[]
  ) {
    return redis.run(script, keys, [String(now), JSON.stringify(counters), ...rest]);
  }

  function runOnRecord(script: scripts.Script, key: string, now: number, ttl = 0, ...rest: string[]) {
    return redis.run(script, [`${prefix}r:${key}`], [String(now), String(ttl * 1000), ...rest]);
  }

  return {
    async reserve(counters, now) {
      const reservationId = randomUUID();
      const reply = await runOnCounters(
        scripts.reserveScript,
        keysOf(counters, reservationId),
        counters,
        now,
        'reserve',
      );
      const [granted, ...statuses] = numbers(reply, counters);
      return { granted: granted === 1, reservationId: granted === 1 ? reservationId : '', statuses: pairs(statuses) };
    },
    async peek(counters, now) {
      const reply = await runOnCounters(scripts.reserveScript, keysOf(counters), counters, now);
      return pairs(numbers(reply, counters).slice(1));
    },
    async refund(counters, reservationId, now) {
      await runOnCounters(scripts.refundScript, keysOf(counters, reservationId), counters, now);
    },
    async clear(counters, now) {
      await runOnCounters(scripts.clearScript, keysOf(counters), counters, now);
    },
    async get(key, now) {
      return textOrNull(await runOnRecord(scripts.getScript, key, now));
    },
    async set(key, value, ttl, now) {
      await runOnRecord(scripts.setScript, key, now, ttl, value);
    },
    async setIfAbsent(key, value, ttl, now) {
      return textOrNull(await runOnRecord(scripts.setIfAbsentScript, key, now, ttl, value));
    },
    async compareAndSet(key, expected, value, ttl, now) {
      const replacement = value === null ? [] : [value];
      return (await runOnRecord(scripts.compareAndSetScript, key, now, ttl, expected, ...replacement)) === 1;
    },
    async ready() {
      // It writes, because reading still works on a replica and on a full Redis.
      await redis.run(scripts.setScript, [`${prefix}ready`], ['0', '1', '']);
    },
    async close() {
      redis.close();
    },
  };
}

function numbers(reply: unknown, counters: readonly Counter[]): number[] {
  if (Array.isArray(reply) && reply.length === 1 + 2 * counters.length && reply.every(isInteger)) return reply;
  throw new StoreError('Redis gave an unexpected reply.');
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

function pairs(flat: readonly number[]): CounterStatus[] {
  return flat.flatMap((count, i) => (i % 2 === 0 ? [{ count, retryIn: flat[i + 1]! }] : []));
}

function textOrNull(reply: unknown): string | null {
  if (reply === null || typeof reply === 'string') return reply;
  throw new StoreError('Redis gave an unexpected reply.');
}
