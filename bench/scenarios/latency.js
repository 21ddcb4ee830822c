/**
 * How do the delay of the upstream, TLS and the number of connections change the throughput?
 *
 * Method: as in throughput.js, for ours on memory and the raw proxy: over plain connections to the upstream and over TLS (with a
 * certificate made for the run), with three delays and three numbers of connections. At most three rounds, of warm servers.
 */
import { interleave, short, table } from '../harness/measure.js';
import { openHarness } from '../harness/harness.js';

export const title = 'Ours and the raw proxy, by delay, TLS and connections';

/** @param {import('../run.js').Bench} bench */
export async function run(bench) {
  const harness = await openHarness(bench);
  /** @type {(string | number)[][]} */
  const rows = [];
  try {
    for (const secure of harness.secure ? [false, true] : [false]) {
      const pair = { raw: await harness.begin('raw-proxy', { secure }), ours: await harness.begin('ours', { secure }) };
      await harness.stub.ask({ delay: 0 });
      for (const [which, { ready }] of Object.entries(pair)) {
        const shape = which === 'raw' ? 'plain' : 'ours';
        await harness.send({ shape, ports: [ready.port], requests: bench.quick ? bench.requests : 10_000 });
      }
      for (const delay of [0, 50, 200]) {
        await harness.stub.ask({ delay });
        for (const connections of [16, 64, 256]) {
          const requests = Math.max(connections * 4, delay === 0 ? bench.requests : 0);
          const measure = (/** @type {'raw' | 'ours'} */ which) => async () => {
            const shape = which === 'raw' ? 'plain' : 'ours';
            const batch = { shape, ports: [pair[which].ready.port], connections };
            await harness.send({ ...batch, requests: requests >> 1 });
            const done = await harness.send({ ...batch, requests });
            return { rate: done.perSecond, p99: done.p99 };
          };
          const what = `${secure ? 'TLS' : 'plain'}, ${delay} ms, ${connections} connections`;
          const { raw, ours } = await interleave(
            what,
            { raw: measure('raw'), ours: measure('ours') },
            Math.min(bench.rounds, 3),
          );
          const cells = [raw.rate, ours.rate].map(({ median }) => short(median));
          rows.push([
            what,
            ...cells,
            short(ours.rate.median / raw.rate.median),
            short(raw.p99.median),
            short(ours.p99.median),
          ]);
        }
      }
      await Promise.all(Object.values(pair).map((one) => one.stop()));
    }
  } finally {
    await harness.close();
  }
  const head = ['upstream', 'raw proxy, starts/s', 'ours, starts/s', 'ratio', 'raw p99 ms', 'ours p99 ms'];
  const note = harness.secure ? '' : ' (not over TLS, since this machine has no openssl to make a certificate)';
  return { title, tables: [{ title: `Starts${note}`, text: table(head, rows) }], verdicts: [] };
}
