/**
 * Do two processes on one Redis do twice the work of one?
 *
 * Method: two processes, the load, the stub and Redis do not fit on two cores, so that starts a second would only say how they
 * disturb each other. What can be measured is what sharing costs: two processes on one Redis beside two on a Redis each, by the
 * processor time of ours that a start takes, both pairs on one core and under the same load, each round after half as many
 * requests that are not counted. What sharing does not make dearer, scales, as long as the one Redis keeps up: how many
 * processes it feeds follows from its own processor time a start.
 */
import { interleave, short, table } from '../harness/measure.js';
import { openHarness } from '../harness/harness.js';
import { startRedis } from '../harness/stores.js';

export const title = 'Processes on one Redis';

/** @param {import('../run.js').Bench} bench */
export async function run(bench) {
  const what = 'two processes on Redis beside one, by processor time a start';
  const harness = await openHarness(bench);
  const { redis } = harness;
  try {
    if (!redis) {
      const verdict = { what, value: NaN, unit: '×', bound: 'least', target: 1.8, aim: 1.95 };
      return {
        title,
        tables: [{ title: 'Left out: there is no Redis on this machine', text: '' }],
        verdicts: [verdict],
      };
    }
    const more = { store: 'redis', redis: redis.url };
    const second = await startRedis();
    if (!second) throw new Error('The second Redis did not start.');
    const sharing = [await harness.begin('ours', { more }), await harness.begin('ours', { more })];
    const apart = [sharing[0], await harness.begin('ours', { more: { ...more, redis: second.url } })];
    const ask = (/** @type {any[]} */ used) => async () => {
      const usage = async () => {
        const own = await Promise.all(used.map((one) => one.ask({})));
        return { own: own.reduce((sum, { cpu }) => sum + cpu, 0), redis: (await redis.cpu()) + (await second.cpu()) };
      };
      await harness.send({ ports: used.map((one) => one.ready.port), requests: bench.requests >> 1 });
      const before = await usage();
      const done = await harness.send({ ports: used.map((one) => one.ready.port), requests: bench.requests });
      const after = await usage();
      return {
        own: (after.own - before.own) / done.requests,
        redis: (after.redis - before.redis) / done.requests,
        rate: done.perSecond,
      };
    };
    for (let warm = 0; warm < 3; warm += 1) for (const pair of [sharing, apart]) await ask(pair)();
    const subjects = {
      'one process': ask(sharing.slice(0, 1)),
      'two processes on a Redis each': ask(apart),
      'two processes on one Redis': ask(sharing),
    };
    const results = await interleave(title, subjects, bench.rounds);
    await second.stop();
    const [, each, two] = Object.values(results);
    const rows = Object.entries(results).map(([name, { own, redis: store, rate }]) => [
      name,
      short(own.median),
      short(store.median),
      short(rate.median),
    ]);
    const feeds = `One Redis feeds ${short(two.own.median / two.redis.median)} such processes`;
    const note = 'what sharing costs, beside two processes on a Redis each; starts a second do not fit on two cores';
    return {
      title,
      tables: [
        {
          title: `${feeds}; starts a second for completeness, since all share two cores`,
          text: table(['', 'µs of ours a start', 'µs of Redis a start', 'starts/s'], rows),
        },
      ],
      verdicts: [
        {
          what,
          value: (2 * each.own.median) / two.own.median,
          unit: '×',
          bound: 'least',
          target: 1.8,
          aim: 1.95,
          note,
        },
      ],
    };
  } finally {
    await harness.close();
  }
}
