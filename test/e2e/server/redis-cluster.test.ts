/** The store on a real Redis Cluster: its budget through the move of its slot and the death of its master. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pollUntil } from '../../../scripts/processes/poll-until.js';
import { runDoctor } from '../../../src/cli/doctor/doctor.js';
import { redisStore, type Counter, type Store } from '../../../src/server/index.js';
import { createStack, PHONE } from '../../support/backend-stack.js';
import { startCluster, type RedisCluster } from '../../support/redis-cluster.js';
import { onRedis, redisIsHere } from '../../support/redis.js';
import { serveEnvironment } from '../../support/serve-environment.js';

const ten = (key: string): Counter => ({ key, limit: 10, window: 86_400 });
const KEY = '{verify-contact}:';

describe.skipIf(!redisIsHere)(onRedis('Redis Cluster'), { timeout: 120_000 }, () => {
  let cluster: RedisCluster;
  const open: Store[] = [];
  beforeAll(async () => void (cluster = await startCluster()), 120_000);
  afterAll(() => cluster.stop());
  afterEach(() => Promise.all(open.splice(0).map((store) => store.close())));
  const connect = (timeout = 5000, url: string | string[] = cluster.urls) => {
    const store = redisStore({ url, timeout });
    open.push(store);
    return store;
  };
  /** Tries to count until `enough` tries were answered; returns how many were granted, and how many failed. */
  async function count(stores: Store[], counters: Counter[], enough: number) {
    let [granted, failed, answered] = [0, 0, 0];
    const deadline = performance.now() + 60_000;
    while (answered < enough && performance.now() < deadline) {
      const answers = await Promise.allSettled(stores.map((store) => store.reserve(counters, Date.now())));
      for (const answer of answers) {
        if (answer.status === 'rejected') {
          expect(answer.reason).toMatchObject({ code: 'store-unavailable' });
          failed += 1;
        } else {
          answered += 1;
          granted += Number(answer.value.granted);
        }
      }
    }
    return { granted, failed };
  }

  it('three instances, each of which knows another node, have one budget', async () => {
    const stores = [0, 1, 5].map((i) => connect(5000, [cluster.urls[i] ?? '']));
    await Promise.all(stores.map((store) => store.ready()));
    expect(await count(stores, [ten('one'), ten('two')], 60)).toEqual({ granted: 10, failed: 0 });
  });

  it('a slot that moves takes its counts along, and a reservation in the middle waits until it has moved', async () => {
    const stores = [connect(), connect()];
    const [first = connect()] = stores;
    const counters = [ten('moving'), ten('moving too')];
    expect(await count(stores, counters, 4)).toEqual({ granted: 4, failed: 0 });
    await first.set('record', 'before', 600, Date.now());
    const from = await cluster.masterOf(KEY);
    const move = await cluster.move(KEY, await cluster.otherThan(from));
    // A record that has not moved is read, and one that does not exist is written on the other node (ASK).
    expect(await first.get('record', Date.now())).toBe('before');
    expect(await first.setIfAbsent('new record', 'value', 600, Date.now())).toBeNull();
    // A reservation has keys on both nodes (TRYAGAIN): within its timeout it waits, and then it is refused.
    const began = performance.now();
    await expect(connect(300).reserve(counters, Date.now())).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(performance.now() - began).toBeLessThan(3000);
    const waiting = stores.map((store) => store.reserve(counters, Date.now()));
    expect(await move.keys()).toBeGreaterThan(0);
    expect(await first.get('record', Date.now())).toBe('before');
    await move.end();
    expect((await Promise.all(waiting)).map(({ granted }) => granted)).toEqual([true, true]);
    expect((await cluster.masterOf(KEY)).id).not.toBe(from.id);
    expect(await count(stores, counters, 20)).toEqual({ granted: 4, failed: 0 });
    expect(await first.get('new record', Date.now())).toBe('value');
  });

  it('a slot that moves during traffic admits no more and no fewer than the budget', async () => {
    const stores = [connect(200), connect(200), connect(200)];
    const counters = [ten('traffic'), ten('more traffic')];
    const counting = count(stores, counters, 300);
    const move = await cluster.move(KEY, await cluster.otherThan(await cluster.masterOf(KEY)));
    while ((await move.keys()) > 0);
    await move.end();
    expect((await counting).granted).toBe(10);
  });

  it('after the death of a master its replica counts on, and a backend answers 503 until then', async () => {
    const stores = [connect(1000), connect(1000)];
    const [first = connect()] = stores;
    const counters = [ten('failover'), ten('second')];
    expect(await count(stores, counters, 6)).toEqual({ granted: 6, failed: 0 });
    const stack = await createStack({ store: connect(1000), now: Date.now, limits: { checks: { backoff: [] } } });
    const { challenge } = (await stack.as(null).contact({ to: PHONE })).body;
    expect((await stack.as(null).check(challenge, stack.wrongCode(PHONE))).body.attemptsLeft).toBe(3);
    const master = await cluster.masterOf(KEY);
    // Only what the replica has can survive.
    expect(await master.send('WAIT', 1, 10_000)).toBe(1);
    await master.kill();
    const during = await stack.as(null).check(challenge, stack.wrongCode(PHONE));
    expect([during.status, during.problem]).toEqual([503, 'unavailable']);
    const { granted, failed } = await count(stores, counters, 40);
    expect(granted).toBe(4);
    expect(failed).toBeGreaterThan(0);
    expect((await first.peek(counters, Date.now())).map((status) => status.count)).toEqual([10, 10]);
    const checks = stack.calls('/VerificationCheck').length;
    let after = during;
    // The backend's own client may learn of the new master a moment later than the others.
    const answered = async () =>
      (after = await stack.as(null).check(challenge, stack.wrongCode(PHONE))).problem !== 'unavailable';
    await pollUntil(answered, { timeout: 30_000, interval: 50 });
    expect([after.body.attemptsLeft, stack.calls('/VerificationCheck').length]).toEqual([2, checks + 1]);
  });

  it('one of its nodes as a single address is refused, in a sentence that says what to do', async () => {
    const other = await cluster.otherThan(await cluster.masterOf(KEY));
    await expect(connect(5000, other.url).ready()).rejects.toThrow(
      'This Redis is a node of a cluster: name nodes of the cluster in a list.',
    );
  });

  it('one of its nodes as a single address is told by the doctor also while the keys are there', async () => {
    const { env, close } = await serveEnvironment();
    const examine = async (store: string) => {
      const printed: string[] = [];
      const settings = { ...env, VERIFY_STORE: store, VERIFY_STORE_TIMEOUT: '5000' };
      await runDoctor(settings, { to: [], print: (line) => void printed.push(line) });
      return printed.join('\n');
    };
    const { url } = await cluster.masterOf(KEY);
    const sentence = 'advice: VERIFY_STORE names one node of a Redis Cluster, which works until its keys move';
    expect(await examine(url)).toContain(sentence);
    expect(await examine(`cluster:${url}`)).not.toContain(sentence);
    await close();
  });
});
