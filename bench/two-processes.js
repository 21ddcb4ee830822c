/**
 * Do two processes on one Redis do twice the work of one?
 *
 * Method: two processes, the load, the stub and Redis do not fit on two cores, so that throughput would only say how they disturb
 * each other. What is compared instead is the processor time that a start costs, in our processes and in Redis, when one
 * process serves all and when two share it, on one core: what does not grow, scales. From it follows how many processes one Redis feeds.
 */
import { interleave, short, table } from './measure.js';
import { openRig } from './rig.js';

export const title = 'Processes on one Redis';

/** @param {import('./run.js').Bench} bench */
export async function run(bench) {
  const what = 'two processes on Redis beside one, by processor time a start';
  const rig = await openRig(bench);
  const { redis } = rig;
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
    const pair = [await rig.begin('ours', { more }), await rig.begin('ours', { more })];
    const ask = (/** @type {any[]} */ used) => async () => {
      const usage = async () => {
        const own = await Promise.all(used.map((one) => one.ask({})));
        return { own: own.reduce((sum, { cpu }) => sum + cpu, 0), redis: await redis.cpu() };
      };
      const before = await usage();
      const done = await rig.send({ ports: used.map((one) => one.ready.port), requests: bench.requests });
      const after = await usage();
      return {
        own: (after.own - before.own) / done.requests,
        redis: (after.redis - before.redis) / done.requests,
        rate: done.perSecond,
      };
    };
    for (let warm = 0; warm < 3; warm += 1) await ask(pair)();
    const results = await interleave(
      title,
      { 'one process': ask(pair.slice(0, 1)), 'two processes': ask(pair) },
      bench.rounds,
    );
    const [one, two] = Object.values(results);
    const rows = Object.entries(results).map(([name, { own, redis: store, rate }]) => [
      name,
      short(own.median),
      short(store.median),
      short(rate.median),
    ]);
    const feeds = `One Redis feeds ${short(one.own.median / one.redis.median)} such processes`;
    return {
      title,
      tables: [
        {
          title: `${feeds}; starts a second for completeness, since all share two cores`,
          text: table(['', 'µs of ours a start', 'µs of Redis a start', 'starts/s'], rows),
        },
      ],
      verdicts: [
        { what, value: (2 * one.own.median) / two.own.median, unit: '×', bound: 'least', target: 1.8, aim: 1.95 },
      ],
    };
  } finally {
    await rig.close();
  }
}
