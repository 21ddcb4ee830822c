/** A store in Redis or Valkey, shared by all instances: every decision is one script in one round trip. */
import { randomUUID } from 'node:crypto';
import { RedisConnection } from './redis-connection.js';
import * as scripts from './redis-scripts.js';
import { StoreError, type Counter, type CounterStatus, type Store } from './store.js';

/** Where {@link redisStore} finds its Redis (7 or later, or Valkey; `maxmemory-policy noeviction`, since an evicted counter is an open door). */
export interface RedisStoreOptions {
  /** `redis[s]://[[user][:password]@]host[:port][/database]` */
  url: string;
  /** Milliseconds for one answer, the connecting included but not the loading of the driver, before the store counts as out of reach. Default 500. */
  timeout?: number;
  /** Stands before every key; the braces keep all keys in one slot of a cluster. Default `{verify-contact}:`. */
  prefix?: string;
}

/** Connects at the first question and again whenever it has to: no restart after an outage. */
export function redisStore({ url, timeout = 500, prefix = '{verify-contact}:' }: RedisStoreOptions): Store {
  const redis = new RedisConnection(url, timeout);
  const keysOf = (counters: readonly Counter[], ...reservationId: string[]) => [
    ...counters.map(({ key }) => `${prefix}c:${key}`),
    ...reservationId.map((name) => `${prefix}t:${name}`),
  ];

  function count(script: scripts.Script, keys: string[], counters: readonly Counter[], now: number, ...rest: string[]) {
    return redis.run(script, keys, [String(now), JSON.stringify(counters), ...rest]);
  }

  function record(script: scripts.Script, key: string, now: number, ttl = 0, ...rest: string[]) {
    return redis.run(script, [`${prefix}r:${key}`], [String(now), String(ttl * 1000), ...rest]);
  }

  return {
    async reserve(counters, now) {
      const reservationId = randomUUID();
      const answer = await count(scripts.takeScript, keysOf(counters, reservationId), counters, now, 'take');
      const [taken, ...standings] = numbers(answer, counters);
      return { granted: taken === 1, reservationId: taken === 1 ? reservationId : '', statuses: pairs(standings) };
    },
    async peek(counters, now) {
      const answer = await count(scripts.takeScript, keysOf(counters), counters, now);
      return pairs(numbers(answer, counters).slice(1));
    },
    async refund(counters, reservationId, now) {
      await count(scripts.giveBackScript, keysOf(counters, reservationId), counters, now);
    },
    async clear(counters, now) {
      await count(scripts.clearScript, keysOf(counters), counters, now);
    },
    async get(key, now) {
      return text(await record(scripts.getScript, key, now));
    },
    async set(key, value, ttl, now) {
      await record(scripts.putScript, key, now, ttl, value);
    },
    async setIfAbsent(key, value, ttl, now) {
      return text(await record(scripts.claimScript, key, now, ttl, value));
    },
    async compareAndSet(key, expected, value, ttl, now) {
      const kept = value === null ? [] : [value];
      return (await record(scripts.swapScript, key, now, ttl, expected, ...kept)) === 1;
    },
    async ready() {
      // A write, since a replica and a full Redis answer reads as if nothing were wrong.
      await redis.run(scripts.putScript, [`${prefix}ready`], ['0', '1', '']);
    },
    async close() {
      redis.close();
    },
  };
}

function numbers(answer: unknown, counters: readonly Counter[]): number[] {
  if (Array.isArray(answer) && answer.length === 1 + 2 * counters.length && answer.every(isInteger)) return answer;
  throw new StoreError('Redis gave an answer that is none of ours.');
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

function pairs(flat: readonly number[]): CounterStatus[] {
  return flat.flatMap((count, i) => (i % 2 === 0 ? [{ count, retryIn: flat[i + 1]! }] : []));
}

function text(answer: unknown): string | null {
  if (answer === null || typeof answer === 'string') return answer;
  throw new StoreError('Redis gave an answer that is none of ours.');
}
