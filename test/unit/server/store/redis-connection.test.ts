/** The connection to Redis: what it leaves behind, what it says, and when it is given up. A bare server stands in where no real Redis would answer so. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createClient } from '@redis/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redisStore } from '../../../../src/server/index.js';
import type { Counter, Store } from '../../../../src/server/store/store.js';
import { onRedis, redisIsHere, startRedis } from '../../../support/redis.js';

const counter: Counter = { key: 'five', limit: 5, window: 600 };
/** What the driver wants to hear before it asks. */
const greeting = '%1\r\n$5\r\nproto\r\n:3';
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('a server that is no Redis of ours', () => {
  let server: Server;
  let url: string;
  let store: Store;
  let sockets: Set<Socket>;
  let seen: number;
  let asked: string[];
  /** What it says to every command: nothing, until it is set. */
  let answer: string;

  beforeEach(async () => {
    [sockets, seen, asked, answer] = [new Set(), 0, [], ''];
    server = createServer((socket) => {
      seen += 1;
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('data', (bytes) => {
        for (const [, name] of String(bytes).matchAll(/(?:^|\n)\*\d+\r\n\$\d+\r\n(\w+)/g)) {
          if (name !== 'HELLO') asked.push(String(name));
          if (answer) socket.write(`${name === 'HELLO' ? greeting : answer}\r\n`);
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

  it('is let go of, also where a connection is given up while it is being opened', async () => {
    // One that has been used, so that the driver is loaded.
    const first = redisStore({ url, timeout: 20 });
    await expect(first.ready()).rejects.toThrow('Redis did not answer in time.');
    await first.close();

    // The machine is busy: when it looks again, the time is over and the socket has come about since. When exactly it is
    // being opened depends on the loader, so the pause comes after no, one, two … microtasks.
    for (let turns = 0; turns < 12; turns += 1) {
      const late = redisStore({ url, timeout: 20 });
      const asking = late.ready().catch(() => 'refused');
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      for (const until = performance.now() + 40; performance.now() < until;);
      expect(await asking).toBe('refused');
      await late.close();
    }
    await expect.poll(() => [seen > 1, sockets.size]).toEqual([true, 0]);
  });

  it('is let go of where it is asked and closed in one breath', async () => {
    answer = ':1';
    await store.ready();
    const hasty = redisStore({ url, timeout: 2000 });
    const asking = hasty.ready();
    await hasty.close();
    await expect(asking).rejects.toMatchObject({ code: 'store-unavailable' });
    await store.close();
    await expect.poll(() => sockets.size).toBe(0);
  });

  it('is given up once by all who wait for it, and those who ask after that share the next connection', async () => {
    const slow = redisStore({ url, timeout: 200 });
    const next = slow.ready().catch(() => slow.get('record', 0));
    const last = slow.ready().catch(() => slow.get('record', 0));
    await expect(Promise.all([next, last])).rejects.toThrow('in time');
    expect(seen).toBe(2);
    await slow.close();
    await expect.poll(() => sockets.size).toBe(0);
  });

  it.each(['READONLY', 'NOAUTH', 'WRONGPASS', 'NOPERM', 'MASTERDOWN'])(
    'that answers %s is asked over another connection next time',
    async (code) => {
      answer = `-${code} for some reason`;
      await expect(store.ready()).rejects.toThrow('Redis cannot be asked.');
      await expect(store.ready()).rejects.toMatchObject({ cause: { message: `${code} for some reason` } });
      expect([seen, asked]).toEqual([2, ['EVALSHA', 'EVALSHA']]);
    },
  );

  it('that answers another mistake is asked over the same connection, and no script twice', async () => {
    answer = '-ERR NOAUTH is only a word here';
    await expect(store.ready()).rejects.toThrow('Redis cannot be asked.');
    await expect(store.get('record', 0)).rejects.toMatchObject({ code: 'store-unavailable' });
    expect([seen, asked]).toEqual([1, ['EVALSHA', 'EVALSHA']]);
  });

  it('that does not know a script is told it', async () => {
    answer = '-NOSCRIPT No matching script.';
    await expect(store.ready()).rejects.toThrow('Redis cannot be asked.');
    expect([seen, asked]).toEqual([1, ['EVALSHA', 'EVAL']]);
  });

  it.each([':5', '$1\r\na', '*1\r\n:1', '*4\r\n:1\r\n:1\r\n:0\r\n:0', '*3\r\n:1\r\n:1\r\n$1\r\n0', '*-1'])(
    'that answers %j to a counter is refused',
    async (nonsense) => {
      answer = nonsense;
      await expect(store.reserve([counter], 0)).rejects.toThrow('Redis gave an answer that is none of ours.');
      await expect(store.peek([counter], 0)).rejects.toMatchObject({ code: 'store-unavailable' });
    },
  );

  it.each([':5', '*1\r\n:1'])('that answers %j to a record is refused', async (nonsense) => {
    answer = nonsense;
    await expect(store.get('record', 0)).rejects.toThrow('Redis gave an answer that is none of ours.');
    await expect(store.setIfAbsent('record', 'value', 60, 0)).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  it('that cannot be reached leaves no timer, and nobody who tries again by himself', async () => {
    const before = timers();
    server.close();
    await once(server, 'close');
    await expect(store.ready()).rejects.toThrow('Redis cannot be asked.');
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it.each(['http://localhost', 'localhost:6379', 'http://redis://localhost', 'redis:/localhost'])(
    'is not looked for at %s',
    (nowhere) => {
      expect(() => redisStore({ url: nowhere })).toThrow(
        new TypeError('The URL of Redis begins with redis:// or rediss://.'),
      );
    },
  );

  it('may be one that speaks TLS', async () => {
    const secret = redisStore({ url: url.replace('redis:', 'rediss:'), timeout: 50 });
    await expect(secret.ready()).rejects.toMatchObject({ code: 'store-unavailable' });
    await secret.close();
  });
});

describe.skipIf(!redisIsHere)(onRedis('a real Redis'), () => {
  it('is asked for its scripts and nothing else, and none of it leaves a timer or a connection', async () => {
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
    expect(names.filter((name) => name !== 'info')).toEqual(['eval', 'evalsha', 'get', 'hello', 'set']);
    // A script is told once.
    expect(stats).toMatch(/cmdstat_eval:calls=1,/);
    const keys = await besides.keys('*');
    expect(keys.filter((key) => key.startsWith('{verify-contact}:'))).toHaveLength(3);
    await expect.poll(() => besides.info('clients')).toContain('connected_clients:1\r');
    besides.destroy();
    await server.down();
  });

  it('that was away while nobody asked answers the next question', async () => {
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
