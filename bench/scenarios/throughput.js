/**
 * How much does a request cost, and how many requests does the backend answer in a second?
 *
 * Method: the stub of the upstream, the load and each server are separate processes. The server has the first core, and the
 * other two share the second. Each request is by another person, with their own number and address. One round is a fixed number
 * of requests on 64 kept-alive connections. The rounds of all servers are interleaved. Each server is warm, since before 10,000
 * starts one measures the compiler: the raw proxy costs 237 µs a start between 2,000 and 4,000, and 97 after 10,000. Each round
 * begins with half as many requests that are not counted.
 * Processor time is that of the server process (user and system), so it is valid even if other work reduces throughput.
 * Starts are `POST /contact`. Checks are `POST /check` with a right code, so each signs a proof. Better Auth's limits are on, and
 * its check does what a sign-up does there: it makes a user. Ours has all limits on, with numbers that admit the load.
 */
import { join } from 'node:path';
import { interleave, progress, short, table } from '../harness/measure.js';
import { openHarness } from '../harness/harness.js';

/** The number of starts before the measurement. */
const WARM_UP_STARTS = 10_000;

export const title = 'Throughput and processor time of the backend';
const raw = 'raw proxy (the limit)';
const bare = 'twilio over undici (the bare path)';
const peer = 'Better Auth, phone plugin';
const ours = 'ours, memory';

/** @param {import('../run.js').Bench} bench */
export async function run(bench) {
  const { rounds, requests } = bench;
  const harness = await openHarness(bench);
  try {
    const file = join(harness.folder, 'store.db');
    /** @type {Record<string, { server: any, shape: string }>} */
    const subjects = {
      [raw]: { server: await harness.begin('raw-proxy'), shape: 'plain' },
      [bare]: { server: await harness.begin('twilio-undici'), shape: 'plain' },
      'twilio as it comes': { server: await harness.begin('twilio-default'), shape: 'plain' },
      [peer]: { server: await harness.begin('better-auth'), shape: 'better-auth' },
      [ours]: { server: await harness.begin('ours'), shape: 'ours' },
      'ours, SQLite': { server: await harness.begin('ours', { more: { store: 'sqlite', file } }), shape: 'ours' },
    };
    const { redis } = harness;
    if (redis)
      subjects['ours, Redis'] = {
        server: await harness.begin('ours', { more: { store: 'redis', redis: redis.url } }),
        shape: 'ours',
      };
    for (const [name, { server, shape }] of Object.entries(subjects)) {
      progress(`warming up: ${name}`);
      const batch = { shape, ports: [server.ready.port], keep: true };
      await harness.send({ ...batch, requests: bench.quick ? requests : WARM_UP_STARTS });
      await harness.send({ ...batch, kind: 'check', requests });
      await harness.load.ask({ forget: shape });
    }
    const measure = async (/** @type {any} */ { server, shape }, /** @type {object} */ batch) => {
      // An idle process loses its caches, and maybe its pages. The requests that restore them are not counted.
      await harness.send({ shape, ports: [server.ready.port], requests: requests >> 1, keep: true });
      const before = await server.ask({});
      const done = await harness.send({ shape, ports: [server.ready.port], requests, ...batch });
      const after = await server.ask({});
      return { cpu: (after.cpu - before.cpu) / done.requests, rate: done.perSecond, p99: done.p99 };
    };
    const tables = [];
    const verdicts = [];
    for (const delay of [0, 50]) {
      await harness.stub.ask({ delay });
      /** @type {Record<string, () => Promise<Record<string, number>>>} */
      const all = {};
      for (const [name, subject] of Object.entries(subjects)) {
        all[name] = async () => {
          const started = await measure(subject, { keep: true });
          const checked = await measure(subject, { kind: 'check', requests: requests >> 1 });
          await harness.load.ask({ forget: subject.shape });
          return { ...started, checkCpu: checked.cpu, checkRate: checked.rate };
        };
      }
      const results = await interleave(`upstream ${delay} ms`, all, rounds);
      tables.push({ title: `Upstream ${delay} ms, plain, 64 connections`, text: tableOf(results) });
      verdicts.push(...(delay === 0 ? atOnce(results) : delayed(results)));
    }
    return { title, tables, verdicts };
  } finally {
    await harness.close();
  }
}

/** @param {import('../harness/measure.js').Results} results */
function tableOf(results) {
  const head = [
    'server',
    'µs of processor a start (low–high)',
    'starts/s',
    'beside the raw proxy',
    'p99 ms',
    'µs a check',
    'checks/s',
  ];
  const rows = Object.entries(results).map(([name, { cpu, rate, p99, checkCpu, checkRate }]) => [
    name,
    `${short(cpu.median)} (${short(cpu.low)}–${short(cpu.high)})`,
    short(rate.median),
    short(rate.median / results[raw].rate.median),
    short(p99.median),
    short(checkCpu.median),
    short(checkRate.median),
  ]);
  return table(head, rows);
}

/** @param {import('../harness/measure.js').Results} results @returns {import('../harness/measure.js').Verdict[]} */
function atOnce(results) {
  const cpu = (/** @type {string} */ name) => results[name].cpu.median;
  const own = cpu(ours) - cpu(bare);
  const note = `the bare path itself needs ${short(cpu(bare))} µs here, the raw proxy ${short(cpu(raw))}`;
  return [
    {
      what: 'starts/s beside the raw proxy, upstream 0 ms',
      value: results[ours].rate.median / results[raw].rate.median,
      unit: '×',
      bound: 'least',
      target: 0.5,
      aim: 0.6,
    },
    {
      what: 'own processor time a start, above the bare path',
      value: own,
      unit: 'µs',
      bound: 'most',
      target: 90,
      aim: 60,
      note,
    },
    {
      what: 'processor time a start: Better Auth beside ours',
      value: cpu(peer) / cpu(ours),
      unit: '×',
      bound: 'least',
      target: 4,
      aim: 6,
    },
  ];
}

/** @param {import('../harness/measure.js').Results} results @returns {import('../harness/measure.js').Verdict[]} */
function delayed(results) {
  const { rate, p99 } = results[ours];
  const note = `the raw proxy adds ${short(results[raw].p99.median - 50)} ms`;
  return [
    {
      what: 'starts/s beside the raw proxy, upstream 50 ms, 64 connections',
      value: rate.median / results[raw].rate.median,
      unit: '×',
      bound: 'least',
      target: 0.95,
      aim: 1,
    },
    {
      what: 'p99 above the upstream, 50 ms, 64 connections',
      value: p99.median - 50,
      unit: 'ms',
      bound: 'most',
      target: 10,
      aim: 5,
      note,
    },
  ];
}
