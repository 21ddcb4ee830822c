/**
 * How long does a new process need until it answers?
 *
 * Method: the time from the start of a process until it has answered `health`, which a load balancer requests first. The rounds
 * are interleaved with those of an empty `node:http` server, whose time is subtracted. One start of each is not measured, so
 * that the files are in the system's cache. The first code also loads the `twilio` package, the pool and the phone metadata.
 * Its time is measured separately, from the first answer on.
 */
import { interleave, short, table } from '../harness/measure.js';
import { start } from '../harness/processes.js';

export const title = 'Cold start';

/** @param {import('../run.js').Bench} bench */
export async function run({ dist, rounds, quick }) {
  const stub = await start('harness/twilio-stub.js', { core: 1 });
  const upstream = `http://127.0.0.1:${stub.ready.plain}`;
  const { generateKeys } = await import(`${dist}/server/index.js`);
  // Keys come from the configuration, as they do in production.
  const env = { BENCH: JSON.stringify({ dist, upstream }), BENCH_KEYS: JSON.stringify(await generateKeys()) };
  const once = async (/** @type {string} */ kind) => {
    const from = performance.now();
    const server = await start('servers/serve.js', { core: 0, args: [kind], env });
    const url = `http://127.0.0.1:${server.ready.port}/verify`;
    await (await fetch(`${url}/health`)).arrayBuffer();
    const answered = performance.now();
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '10.0.0.1' },
      body: '{"to":"+14155552671"}',
    };
    const first = kind === 'empty' ? null : await fetch(`${url}/contact`, init);
    if (first && first.status !== 201) throw new Error(await first.text());
    const sent = performance.now();
    await server.stop();
    return { answered: answered - from, sent: sent - answered };
  };
  const subjects = { empty: () => once('empty'), ours: () => once('ours') };
  for (const first of Object.values(subjects)) await first();
  const { empty, ours } = await interleave(title, subjects, quick ? 1 : rounds);
  await stub.stop();
  const rows = Object.entries({ 'an empty node:http': empty, ours }).map(([name, { answered, sent }]) => [
    name,
    short(answered.median),
    name === 'ours' ? short(sent.median) : '–',
  ]);
  const value = ours.answered.median - empty.answered.median;
  return {
    title,
    tables: [
      { title, text: table(['server', 'ms to the first answer', 'ms from there to the first code sent'], rows) },
    ],
    verdicts: [{ what: 'cold start over an empty Node', value, unit: 'ms', bound: 'most', target: 200, aim: 120 }],
  };
}
