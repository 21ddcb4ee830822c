/** A store in Redis or Valkey, shared by all instances. Each method runs one script in one round trip. */
import { randomUUID } from 'node:crypto';
import { checkOptions } from '../options/check-options.js';
import { redisStoreOptions } from '../options/stores.js';
import { RedisConnection } from './redis-connection.js';
import * as scripts from './redis-scripts.js';
import { assertClock } from './sliding-window.js';
import { StoreError, type Counter, type CounterStatus, type Store } from './store.js';

/**
 * How {@link redisStore} reaches Redis 7 or later, or Valkey. It refuses to work with another `maxmemory-policy` than
 * `noeviction`, because evicting a counter would lift a limit.
 */
export interface RedisStoreOptions {
  /**
   * `redis[s]://[[user][:password]@]host[:port][/database]`. A list, even of one, names nodes of a Redis Cluster, from which the
   * others are learned. All of them have the user and the password of the first. A cluster stays available if a node fails, but
   * counts no faster, because all keys are on one node.
   */
  url: string | readonly string[];
  /** Milliseconds to wait for a reply, including the time to connect but not to load the driver. Default 500. */
  timeout?: number;
  /** The prefix of every key. Default `{verify-contact}:`; the braces keep all keys on one node of a cluster, which requires them. */
  prefix?: string;
  /**
   * Whether each call compares the clock of this machine with that of Redis, and rejects if they differ by more than five
   * seconds. Default true. Set it to false only if you give `createHandler` a clock of your own (`now`).
   */
  compareClocks?: boolean;
}

/** Milliseconds after which a call checks the eviction policy again, since anybody can change it while Redis runs. */
const POLICY_INTERVAL_MS = 60_000;

/** What a cluster hashes in place of the whole key (redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags). */
const HASH_TAG = /^[^{]*\{[^}]+\}/;

/** Makes a store in Redis. It connects at the first call, and again after an outage without a restart. */
export function redisStore(options: RedisStoreOptions): Store {
  const {
    url,
    timeout = 500,
    prefix = '{verify-contact}:',
    compareClocks = true,
  } = checkOptions('redisStore', redisStoreOptions, options);
  if (typeof url !== 'string' && !HASH_TAG.test(prefix))
    throw new TypeError(
      'redisStore.prefix must have a hash tag on a cluster, such as {verify-contact}: with its braces, so that all keys are on one node.',
    );
  const redis = new RedisConnection(url, timeout);
  let policy: { checked: Promise<void>; until: number } | null = null;

  const keysOf = (counters: readonly Counter[], ...reservationIds: string[]) => [
    ...counters.map(({ key }) => `${prefix}c:${key}`),
    ...reservationIds.map((id) => `${prefix}t:${id}`),
  ];

  /** Rejects if Redis may evict a counter. It asks once a minute, and again after each failure. */
  function checkPolicy(): Promise<void> {
    if (policy && performance.now() < policy.until) return policy.checked;
    const checked = redis.run(scripts.memoryScript, [`${prefix}ready`], []).then(assertNoEviction);
    policy = { checked, until: performance.now() + POLICY_INTERVAL_MS };
    return checked;
  }

  /** Runs a script, if Redis is known not to evict counters. */
  async function run(script: scripts.Script, keys: string[], now: number, args: string[]): Promise<unknown> {
    assertClock(now);
    try {
      await checkPolicy();
      return await redis.run(script, keys, [compareClocks ? String(Date.now()) : '', String(now), ...args]);
    } catch (error) {
      // The next server may have another policy.
      policy = null;
      throw error;
    }
  }

  function runOnCounters(
    script: scripts.Script,
    keys: string[],
    counters: readonly Counter[],
    now: number,
    ...rest: string[]
  ) {
    return run(script, keys, now, [JSON.stringify(counters), ...rest]);
  }

  function runOnRecord(script: scripts.Script, key: string, now: number, ttl = 0, ...rest: string[]) {
    return run(script, [`${prefix}r:${key}`], now, [String(ttl * 1000), ...rest]);
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
      policy = null;
      await run(scripts.setScript, [`${prefix}ready`], 0, ['1', '']);
    },
    async close() {
      redis.close();
    },
  };
}

function assertNoEviction(memory: unknown): void {
  const policy = /^maxmemory_policy:(\S+)/m.exec(String(memory))?.[1];
  if (policy === 'noeviction') return;
  throw new StoreError(
    policy === undefined
      ? 'Redis does not say its maxmemory-policy: allow this user the command INFO.'
      : `The maxmemory-policy of Redis is ${policy}: set it to noeviction, because an evicted counter lifts a limit.`,
  );
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
