/** Instances whose clocks differ: on Redis, the wrong one is refused; on every store, it takes nothing from what the others count. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { redisStore, type Counter, type Store, type StoreError } from '../../../../src/server/index.js';
import { createStack, PHONE } from '../../../support/backend-stack.js';
import { onRedis, redisIsHere, startRedis, type RedisServer } from '../../../support/redis.js';
import { kinds } from '../../../support/stores.js';

const noon = Date.UTC(2026, 0, 1, 12);
const [second, day] = [1000, 86_400_000];
const ten: Counter = { key: 'ten', limit: 10, window: 86_400 };
const large: Counter = { key: 'large', limit: 100, window: 86_400 };
const shapes: Counter[] = [ten, large, { key: 'members', limit: 10, window: 86_400, member: 'a' }];
const MESSAGE =
  /^The request was refused: the clock of this machine says (\S+Z), and that of Redis (\S+Z)\. Synchronize both with a time server\.$/;

describe.each(kinds())('$name', (kind) => {
  beforeAll(() => (kind.skip ? undefined : kind.start()));
  afterAll(() => (kind.skip ? undefined : kind.stop()));
  const check = kind.skip ? it.skip : it;

  check('events from the future stay, so a clock that is behind takes nothing from what all count', async () => {
    for (const behind of [2 * day, 400 * day]) {
      const store = kind.open();
      for (let i = 0; i < 10; i += 1) await store.reserve(shapes, noon);
      await store.reserve(shapes, noon - behind);
      await store.clear([{ ...ten, owner: 'somebody' }], noon - behind);
      const counted = await store.peek(shapes, noon + second);
      expect(counted.map(({ count }) => count)).toEqual([10, 10, 1]);
      expect((await store.reserve([ten], noon + second)).granted).toBe(false);
      await store.close();
    }
  });
});

describe.skipIf(!redisIsHere)(onRedis('Redis'), () => {
  let server: RedisServer;
  const open: Store[] = [];
  beforeAll(async () => void (server = await startRedis()));
  afterAll(() => server.down());
  afterEach(async () => {
    vi.restoreAllMocks();
    await Promise.all(open.splice(0).map((store) => store.close()));
  });
  const connect = (prefix: string, compareClocks?: boolean) => {
    const store = redisStore({
      url: server.url,
      prefix,
      timeout: 5000,
      ...(compareClocks === false && { compareClocks }),
    });
    open.push(store);
    return store;
  };
  /** The clock of this machine is off by that many milliseconds from now on. */
  const shift = (offset: number) => {
    const { now } = Date;
    vi.spyOn(Date, 'now').mockImplementation(() => now() + offset);
  };

  it('a clock that is ahead by more than a window takes nothing from what all count', async () => {
    for (const ahead of [2 * day, 400 * day]) {
      const store = connect(`{ahead ${ahead}}:`, false);
      for (let i = 0; i < 10; i += 1) await store.reserve(shapes, noon);
      const { reservationId } = await store.reserve(shapes, noon + ahead);
      await store.refund(shapes, reservationId, noon + ahead);
      for (let i = 0; i < 3; i += 1) await store.reserve(shapes, noon + ahead);
      await store.clear([{ ...ten, owner: 'somebody' }], noon + ahead);
      const counted = await store.peek(shapes, noon + second);
      expect(counted.map(({ count }) => count)).toEqual([10, 10, 1]);
      expect((await store.reserve([ten], noon + second)).granted).toBe(false);
    }
  });

  it.each([-400 * day, -6 * second, 6 * second, 3600 * second, 400 * day])(
    'an instance whose clock is off by %i ms is refused, is told both clocks, and changes nothing',
    async (offset) => {
      const right = connect(`{off ${offset}}:`);
      for (let i = 0; i < 10; i += 1) await right.reserve([ten], Date.now());
      await right.set('record', 'value', 60, Date.now());
      shift(offset);
      const wrong = connect(`{off ${offset}}:`);
      const now = Date.now();
      const answers = await Promise.allSettled([
        wrong.reserve([ten, large], now),
        wrong.peek([ten], now),
        wrong.refund([ten], 'reservation', now),
        wrong.clear([ten], now),
        wrong.get('record', now),
        wrong.set('record', 'mine', 60, now),
        wrong.setIfAbsent('record', 'mine', 60, now),
        wrong.compareAndSet('record', 'value', null, 60, now),
        wrong.ready(),
      ]);
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'store-unavailable' } });
        const { message } = (answer as PromiseRejectedResult).reason as StoreError;
        const [, own, redis] = MESSAGE.exec(message) ?? [];
        const difference = Date.parse(own ?? '') - Date.parse(redis ?? '');
        expect(Math.abs(difference - offset)).toBeLessThan(5000);
      }
      vi.restoreAllMocks();
      expect(await right.peek([ten, large], Date.now())).toMatchObject([{ count: 10 }, { count: 0 }]);
      expect(await right.get('record', Date.now())).toBe('value');
    },
  );

  it('an instance is refused from the moment on in which its clock jumps, and works again once it is right', async () => {
    const store = connect('{jumps}:');
    await store.ready();
    shift(-3600 * second);
    await expect(store.get('record', Date.now())).rejects.toThrow(MESSAGE);
    vi.restoreAllMocks();
    expect(await store.get('record', Date.now())).toBeNull();
  });

  it('an instance whose clock is off by four seconds works', async () => {
    for (const offset of [-4 * second, 4 * second]) {
      shift(offset);
      await expect(connect('{near}:').ready()).resolves.toBeUndefined();
      vi.restoreAllMocks();
    }
  });

  it('a backend with a wrong clock refuses, calls nobody, and reports both clocks', async () => {
    shift(3600 * second);
    const stack = await createStack({ store: connect('{backend}:'), now: Date.now });
    const { status, problem } = await stack.as(null).contact({ to: PHONE });
    expect([status, problem]).toEqual([503, 'unavailable']);
    expect(stack.calls()).toEqual([]);
    expect((await stack.get('health')).status).toBe(503);
    const reason = expect.stringMatching(MESSAGE) as unknown;
    expect(stack.events).toContainEqual({ type: 'unavailable', component: 'store', reason });
  });
});
