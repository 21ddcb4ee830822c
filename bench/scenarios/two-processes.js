/**
 * Do two processes on one Redis do twice the work of one?
 *
 * Method: two processes, the load, the stub and Redis do not fit on two cores, so starts a second would only show how they
 * disturb each other. So we measure the cost of sharing: the processor time of a start with two processes on one Redis, compared
 * with two processes that have a Redis each. Both pairs run on one core and under the same load, and each round begins with half
 * as many requests that are not counted. If sharing costs nothing, throughput scales until Redis is busy. How many processes one
 * Redis can serve follows from its own processor time a start.
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
    const separate = [sharing[0], await harness.begin('ours', { more: { ...more, redis: second.url } })];
    const measure = (/** @type {any[]} */ processes) => async () => {
      const usage = async () => {
        const own = await Promise.all(processes.map((one) => one.ask({})));
        return { own: own.reduce((sum, { cpu }) => sum + cpu, 0), redis: (await redis.cpu()) + (await second.cpu()) };
      };
      await harness.send({ ports: processes.map((one) => one.ready.port), requests: bench.requests >> 1 });
      const before = await usage();
      const done = await harness.send({ ports: processes.map((one) => one.ready.port), requests: bench.requests });
      const after = await usage();
      return {
        own: (after.own - before.own) / done.requests,
        redis: (after.redis - before.redis) / done.requests,
        rate: done.perSecond,
      };
    };
    for (let warm = 0; warm < 3; warm += 1) for (const pair of [sharing, separate]) await measure(pair)();
    const subjects = {
      'one process': measure(sharing.slice(0, 1)),
      'two processes on a Redis each': measure(separate),
      'two processes on one Redis': measure(sharing),
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
    const capacity = `One Redis can serve ${short(two.own.median / two.redis.median)} such processes`;
    const note =
      'the cost of sharing, compared with a Redis for each process; two cores are too few to measure starts a second';
    return {
      title,
      tables: [
        {
          title: `${capacity} (starts a second only for completeness, since all share two cores)`,
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
