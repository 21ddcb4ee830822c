/** The connection to Redis: when it is dropped, and that it leaves nothing behind. A fake server gives replies that a real Redis would not. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createClient } from '@redis/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redisStore } from '../../../../src/server/index.js';
import { memoryScript } from '../../../../src/server/store/redis-scripts.js';
import type { Counter, Store } from '../../../../src/server/store/store.js';
import { onRedis, redisIsHere, startRedis } from '../../../support/redis.js';

const counter: Counter = { key: 'five', limit: 5, window: 600 };
/** The reply to the driver's first command. */
const greeting = '%1\r\n$5\r\nproto\r\n:3';
/** Its reply when it is asked for the eviction policy. */
const policy = '+maxmemory_policy:noeviction';
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('a server that is not a working Redis', () => {
  let server: Server;
  let url: string;
  let store: Store;
  let sockets: Set<Socket>;
  let seen: number;
  let commands: string[];
  /** The reply to every command but the first, and the one that asks for the eviction policy; none until it is set. */
  let reply: string;

  beforeEach(async () => {
    [sockets, seen, commands, reply] = [new Set(), 0, [], ''];
    server = createServer((socket) => {
      seen += 1;
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('data', (bytes) => {
        for (const [, name, first] of String(bytes).matchAll(
          /(?:^|\n)\*\d+\r\n\$\d+\r\n(\w+)(?:\r\n\$\d+\r\n(\w+))?/g,
        )) {
          const fixed = name === 'HELLO' ? greeting : first === memoryScript.sha ? policy : undefined;
          if (fixed === undefined) commands.push(String(name));
          if (reply) socket.write(`${fixed ?? reply}\r\n`);
        }
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
    store = redisStore({ url, timeout: 2000 });
  });
  afterEach(async () => {
    await store.close();
    server.close();
    sockets.forEach((socket) => socket.destroy());
  });

  it('is disconnected, even from a connection that is dropped while it opens', async () => {
    // A first call, so that the driver is loaded.
    const first = redisStore({ url, timeout: 20 });
    await expect(first.ready()).rejects.toThrow('Redis did not answer in time.');
    await first.close();

    // The process is blocked until after the timeout, and the socket opens meanwhile. When that happens depends on the
    // loader, so the block comes after 0, 1, 2 … microtasks.
    for (let microtasks = 0; microtasks < 12; microtasks += 1) {
      const late = redisStore({ url, timeout: 20 });
      const asking = late.ready().catch(() => 'refused');
      for (let i = 0; i < microtasks; i += 1) await Promise.resolve();
      for (const until = performance.now() + 40; performance.now() < until;);
      expect(await asking).toBe('refused');
      await late.close();
    }
    await expect.poll(() => [seen > 1, sockets.size]).toEqual([true, 0]);
  });

  it('is disconnected when a store is closed right after a call', async () => {
    reply = ':1';
    await store.ready();
    const hasty = redisStore({ url, timeout: 2000 });
    const asking = hasty.ready();
    await hasty.close();
    await expect(asking).rejects.toMatchObject({ code: 'store-unavailable' });
    await store.close();
    await expect.poll(() => sockets.size).toBe(0);
  });

  it('is dropped once for all waiting calls, and the next calls share a new connection', async () => {
    const slow = redisStore({ url, timeout: 200 });
    const next = slow.ready().catch(() => slow.get('record', 0));
    const last = slow.ready().catch(() => slow.get('record', 0));
    await expect(Promise.all([next, last])).rejects.toThrow('in time');
    expect(seen).toBe(2);
    await slow.close();
    await expect.poll(() => sockets.size).toBe(0);
  });

  it.each(['READONLY', 'NOAUTH', 'WRONGPASS', 'NOPERM', 'MASTERDOWN'])(
    'that replies %s gets a new connection next time',
    async (code) => {
      reply = `-${code} for some reason`;
      await expect(store.ready()).rejects.toThrow('The request to Redis failed');
      await expect(store.ready()).rejects.toMatchObject({ cause: { message: `${code} for some reason` } });
      expect([seen, commands]).toEqual([2, ['EVALSHA', 'EVALSHA']]);
    },
  );

  it('that replies another error keeps its connection, and no script is sent again', async () => {
    reply = '-ERR NOAUTH is only a word here';
    await expect(store.ready()).rejects.toThrow('The request to Redis failed');
    await expect(store.get('record', 0)).rejects.toMatchObject({ code: 'store-unavailable' });
    expect([seen, commands]).toEqual([1, ['EVALSHA', 'EVALSHA']]);
  });

  it('that does not know a script gets it', async () => {
    reply = '-NOSCRIPT No matching script.';
    await expect(store.ready()).rejects.toThrow('The request to Redis failed');
    expect([seen, commands]).toEqual([1, ['EVALSHA', 'EVAL']]);
  });

  it.each([':5', '$1\r\na', '*1\r\n:1', '*4\r\n:1\r\n:1\r\n:0\r\n:0', '*3\r\n:1\r\n:1\r\n$1\r\n0', '*-1'])(
    'that replies %j for a counter is refused',
    async (nonsense) => {
      reply = nonsense;
      await expect(store.reserve([counter], 0)).rejects.toThrow('Redis gave an unexpected reply.');
      await expect(store.peek([counter], 0)).rejects.toMatchObject({ code: 'store-unavailable' });
    },
  );

  it.each([':5', '*1\r\n:1'])('that replies %j for a record is refused', async (nonsense) => {
    reply = nonsense;
    await expect(store.get('record', 0)).rejects.toThrow('Redis gave an unexpected reply.');
    await expect(store.setIfAbsent('record', 'value', 60, 0)).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  it('that is out of reach leaves no timer and is not retried', async () => {
    const before = timers();
    server.close();
    await once(server, 'close');
    await expect(store.ready()).rejects.toThrow('The request to Redis failed');
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it.each(['http://localhost', 'localhost:6379', 'http://redis://localhost', 'redis:/localhost'])(
    'is refused at the URL %s',
    (nowhere) => {
      expect(() => redisStore({ url: nowhere })).toThrow(
        new TypeError('redisStore.url must be an address that begins with redis:// or rediss://.'),
      );
    },
  );

  it.each(['mine:', '{}:', 'mine}:', '{mine:', 'a}{}b:'])(
    'is no cluster for the prefix %s, which has no hash tag',
    (prefix) => {
      expect(() => redisStore({ url: ['redis://localhost'], prefix })).toThrow(
        /^redisStore\.prefix must have a hash tag/,
      );
      expect(() => redisStore({ url: 'redis://localhost', prefix })).not.toThrow();
      expect(() => redisStore({ url: ['redis://localhost'], prefix: '{mine}:' })).not.toThrow();
      expect(() => redisStore({ url: [] })).toThrow(TypeError);
    },
  );

  it.each([
    [['redis://a.example', 'rediss://b.example'], /one protocol, user and password/],
    [['redis://:one@a.example', 'redis://:two@b.example'], /one protocol, user and password/],
    [['redis://ada:one@a.example', 'redis://:one@b.example'], /one protocol, user and password/],
    [['redis://a.example/1', 'redis://b.example'], /must not name a database/],
    [['redis://a.example', 'redis://:secret@b.example:999999'], /an address that begins with redis:/],
    [['redis://a.example', ''], /an address that begins with redis:/],
  ])('is no cluster at the addresses %j', (nodes, sentence) => {
    expect(() => redisStore({ url: nodes })).toThrow(sentence);
    expect(() => redisStore({ url: ['redis://:one@a.example/0', 'redis://:one@b.example'] })).not.toThrow();
  });

  it('can be reached over TLS', async () => {
    const secret = redisStore({ url: url.replace('redis:', 'rediss:'), timeout: 50 });
    await expect(secret.ready()).rejects.toMatchObject({ code: 'store-unavailable' });
    await secret.close();
  });
});

describe.skipIf(!redisIsHere)(onRedis('a real Redis'), () => {
  it('gets scripts and no other commands, and no timer or connection is left', async () => {
    const server = await startRedis();
    const besides = createClient({ url: server.url, disableClientInfo: true, maintNotifications: 'disabled' });
    await besides.connect();
    const before = timers();
    const store = redisStore({ url: server.url, timeout: 60_000 });
    await store.reserve([counter], 0);
    await store.reserve([counter], 0);
    expect(timers()).toBeLessThanOrEqual(before);
    await store.close();
    await expect(store.ready()).rejects.toThrow('The connection to Redis is closed.');
    const stats = await besides.info('commandstats');
    const names = [...stats.matchAll(/cmdstat_(\S+?):/g)].map(([, name]) => name).sort();
    // A user of this Redis needs to be allowed these only.
    expect(names).toEqual(['eval', 'evalsha', 'get', 'hello', 'info', 'set', 'time']);
    // A script is sent in full once, and the policy is asked for once.
    expect(stats).toMatch(/cmdstat_eval:calls=2,/);
    expect(stats).toMatch(/cmdstat_info:calls=1,/);
    const keys = await besides.keys('*');
    expect(keys.filter((key) => key.startsWith('{verify-contact}:'))).toHaveLength(3);
    await expect.poll(() => besides.info('clients')).toContain('connected_clients:1\r');
    besides.destroy();
    await server.down();
  });

  it('that was restarted between two calls answers the second one', async () => {
    const server = await startRedis();
    const store = redisStore({ url: server.url, timeout: 5000 });
    await store.ready();
    await server.down();
    await server.up();
    await expect(store.ready()).resolves.toBeUndefined();
    await store.close();
    await server.down();
  });
});
