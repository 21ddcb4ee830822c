/** A store that is down, silent, locked or damaged: the backend refuses, says when to retry, and does not call Twilio (OWASP ASVS 5.0, 16.5.3: never fail open). */
import { createClient } from '@redis/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { memoryStore, redisStore, StoreError, type Store } from '../../../src/server/index.js';
import {
  onRedis,
  redisIsHere,
  startProxy,
  startRedis,
  type RedisServer,
  type SilentProxy,
} from '../../support/redis.js';
import { createStack, PHONE, type Stack } from '../../support/backend-stack.js';
import { actor, checksAtTwilio } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';

/** With an unusable store, every route answers 503 with a time to retry, and does not call Twilio. */
async function refusesAll(stack: Stack, challenge: string, kind: string): Promise<void> {
  const before = stack.calls().length;
  const ask = actor(stack, { user: 'ada+2' });
  const begin = performance.now();
  const answers = [
    await ask.contact({ to: PHONE }),
    await ask.twoFactor(),
    await ask.resend({ challenge }),
    await ask.delivery(challenge),
    await ask.check(challenge, '123456'),
  ];
  const took = performance.now() - begin;
  for (const { status, problem, response } of answers) {
    expect([status, problem]).toEqual([503, 'unavailable']);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(stack.calls().length).toBe(before);
  expect(took).toBeLessThan(8000);
  expect((await stack.get('health')).status).toBe(503);
  recordAttack({ attack: `five routes with a store that ${kind}`, budget: 0, accepted: 0, calls: 0 });
}

/** A stack on that store for a user who has passed two-factor, so that nothing else refuses. The challenge was made while the store worked. */
async function on(store: Store): Promise<{ stack: Stack; challenge: string }> {
  const healthy = await createStack();
  await healthy.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
  const { challenge } = (await actor(healthy, { user: 'ada' }).contact({ to: PHONE })).body;
  return { stack: await createStack({ sharing: healthy, store, twoFactor: { required: 'always' } }), challenge };
}

describe(onRedis('Redis'), () => {
  if (!redisIsHere) return void it.skip('needs a Redis', () => undefined);
  let server: RedisServer;
  let locked: RedisServer;
  let proxy: SilentProxy;
  beforeAll(async () => {
    [server, locked] = await Promise.all([startRedis(), startRedis('--requirepass', 'sesame')]);
    proxy = await startProxy(server.port);
  });
  afterAll(async () => {
    proxy.close();
    await Promise.all([server.down(), locked.down()]);
  });

  it('that is down refuses', async () => {
    const gone = await startRedis();
    const store = redisStore({ url: gone.url, timeout: 5000 });
    await store.ready();
    await gone.down();
    const { stack, challenge } = await on(store);
    await refusesAll(stack, challenge, 'is down');
    await store.close();
  });

  it('that stops answering is given up after a bounded time', async () => {
    const store = redisStore({ url: proxy.url, timeout: 1000 });
    await store.ready();
    proxy.silent = true;
    const { stack, challenge } = await on(store);
    await refusesAll(stack, challenge, 'is silent');
    proxy.silent = false;
    expect((await actor(stack, { user: 'bob' }).contact({ to: PHONE })).status).toBe(201);
    await store.close();
  });

  it('that requires a password refuses', async () => {
    const store = redisStore({ url: locked.url, timeout: 1000 });
    const { stack, challenge } = await on(store);
    await refusesAll(stack, challenge, 'wants a password');
    await store.close();
  });

  it('that may evict a counter refuses', async () => {
    const evicting = await startRedis('--maxmemory-policy', 'allkeys-lru');
    const store = redisStore({ url: evicting.url, timeout: 5000 });
    const { stack, challenge } = await on(store);
    await refusesAll(stack, challenge, 'may evict counters');
    await store.close();
    await evicting.down();
  });

  it('refuses an instance whose clock is a day ahead', async () => {
    const store = redisStore({ url: server.url, prefix: '{clock}:', timeout: 5000 });
    const { stack, challenge } = await on(store);
    const { now } = Date;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + 86_400_000);
    await refusesAll(stack, challenge, 'has another time');
    clock.mockRestore();
    await store.close();
  });

  it('that is damaged refuses, and damage never counts as an empty counter', async () => {
    const store = redisStore({ url: server.url, prefix: '{damaged}:', timeout: 5000 });
    const stack = await createStack({ store });
    const { challenge } = (await actor(stack).contact({ to: PHONE })).body;
    await actor(stack).check(challenge, stack.wrongCode(PHONE));
    const vandal = createClient({ url: server.url });
    await vandal.connect();
    for (const key of await vandal.keys('{damaged}:[cr]:*')) await vandal.set(key, 'never written by us');
    const calls = stack.calls().length;
    const answers = [
      await actor(stack).contact({ to: PHONE }),
      await actor(stack).resend({ challenge }),
      await actor(stack).check(challenge, stack.code(PHONE)),
    ];
    expect(answers.map(({ problem }) => problem)).toEqual(['unavailable', 'unavailable', 'unavailable']);
    expect(stack.calls().length).toBe(calls);
    recordAttack({ attack: 'three routes with a damaged Redis', budget: 0, accepted: 0, calls: 0 });
    await vandal.close();
    await store.close();
  });
});

it('a store that fails at its n-th call never lets a guess or a message pass uncounted', async () => {
  let most = 0;
  for (let n = 1; n <= 12; n += 1) {
    const truth = memoryStore();
    let left = Infinity;
    const failing = new Proxy(truth, {
      get(target, name: keyof Store) {
        return (...args: unknown[]) => {
          if (left-- <= 0) return Promise.reject(new StoreError('It is gone.'));
          return (target[name] as (...all: unknown[]) => Promise<unknown>).apply(target, args);
        };
      },
    });
    const stack = await createStack({ store: failing, limits: { checks: { backoff: [] } } });
    const { challenge } = (await actor(stack).contact({ to: PHONE })).body;
    for (let i = 0; i < 20; i += 1) {
      left = n;
      await actor(stack).check(challenge, stack.wrongCode(PHONE));
    }
    most = Math.max(most, checksAtTwilio(stack).length);
    expect(most).toBeLessThanOrEqual(5);
    stack.clock.advance(30);
    const messages = stack.emulator.outbox.list().length;
    for (let i = 0; i < 20; i += 1) {
      left = n;
      await actor(stack).resend({ challenge });
    }
    expect(stack.emulator.outbox.list().length - messages).toBeLessThanOrEqual(1);
  }
  recordAttack({
    attack: 'a store that fails in the middle, at each of 12 places, 20 guesses each',
    budget: 5,
    accepted: most,
    note: 'at most',
  });
});
