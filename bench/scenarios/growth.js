/**
 * How do memory and latency grow with 1,000, 10,000 and 100,000 pending verifications, and queries with a million accounts?
 *
 * Method: a server as in production starts the verifications, each for another person (number, address), with all counters.
 * The load and the upstream are separate processes, as in throughput.js. Memory is the server's resident set after garbage
 * collection; for Redis, the size that Redis reports for its data. The latency is that of single starts, one after another,
 * including an upstream that answers after 0 ms. The accounts are filled by SQL. Then their own methods read and write random
 * rows.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { progress, short, spread, table } from '../harness/measure.js';
import { openHarness } from '../harness/harness.js';
import { startPostgres } from '../harness/stores.js';

export const title = 'Growth';
const MB = 1024 * 1024;

/** @param {import('../run.js').Bench} bench */
export async function run(bench) {
  const pending = await pendingVerifications(bench);
  const accounts = await accountRows(bench);
  return { title, tables: [pending.table, accounts], verdicts: pending.verdicts };
}

/** @param {import('../run.js').Bench} bench */
async function pendingVerifications(bench) {
  const harness = await openHarness(bench);
  const { redis } = harness;
  const rows = [];
  /** @type {import('../harness/measure.js').Verdict[]} */
  const verdicts = [];
  const megabytes = { unit: 'MB', bound: /** @type {const} */ ('most') };
  /** @type {Record<string, object>} */
  const stores = {
    memory: {},
    SQLite: { store: 'sqlite', file: join(harness.folder, 'store.db') },
    ...(redis ? { Redis: { store: 'redis', redis: redis.url } } : {}),
  };
  try {
    for (const [name, more] of Object.entries(stores)) {
      const server = await harness.begin('ours', { more, flags: ['--expose-gc'] });
      const send = (/** @type {object} */ batch) => harness.send({ ports: [server.ready.port], ...batch });
      const idle = await server.ask({});
      const empty = (await redis?.bytes()) ?? 0;
      if (name === 'memory')
        verdicts.push({ what: 'memory, idle server', value: idle.rss / MB, ...megabytes, target: 90, aim: 80 });
      let full = 0;
      for (const count of bench.quick ? [1000, 2000] : [1000, 10_000, 100_000].filter((one) => one <= bench.most)) {
        progress(`growth: ${count} pending in ${name}`);
        const single = Math.min(300, count >> 1);
        await send({ requests: count - full - single });
        const { p50, p99 } = await send({ requests: single, connections: 1 });
        full = count;
        const { rss } = await server.ask({});
        const data = name === 'Redis' ? short(((await redis?.bytes()) ?? 0) / MB - empty / MB) : '–';
        rows.push([
          `${name}, ${count.toLocaleString('en')}`,
          short(rss / MB),
          short((rss - idle.rss) / MB),
          data,
          short(p50 * 1000),
          short(p99 * 1000),
        ]);
        if (name === 'memory' && count === 100_000)
          verdicts.push({ what: 'memory, 100,000 pending', value: rss / MB, ...megabytes, target: 165, aim: 120 });
      }
      await server.stop();
    }
  } finally {
    await harness.close();
  }
  return {
    table: {
      title: 'Pending verifications, each with its counters',
      text: table(['store, pending', 'process, MB', 'above idle, MB', 'Redis, MB', 'µs a start, median', 'p99'], rows),
    },
    verdicts,
  };
}

/** @param {import('../run.js').Bench} bench */
async function accountRows({ dist, quick, rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'verify-contact-bench-'));
  const { sqliteAccounts, postgresAccounts } = await import(`${dist}/server/index.js`);
  const rows = [];
  const file = join(folder, 'accounts.db');
  const sizes = quick ? [100, 1000] : [1000, 100_000, 1_000_000];
  const postgres = await startPostgres();
  const { default: Driver } = await import('libsql');
  const database = new Driver(file);
  const pg = postgres ? new (await import('pg')).default.Client({ connectionString: postgres.url }) : null;
  await pg?.connect();
  const kinds = [
    {
      name: 'SQLite',
      accounts: sqliteAccounts({ file }),
      /** @type {(sql: string) => Promise<any>} */ sql: async (/** @type {string} */ sql) => database.exec(sql),
    },
    ...(postgres && pg
      ? [
          {
            name: 'PostgreSQL',
            accounts: postgresAccounts({ url: postgres.url }),
            sql: (/** @type {string} */ sql) => pg.query(sql),
          },
        ]
      : []),
  ];
  for (const { name, accounts, sql } of kinds) {
    await accounts.contactVerified('somebody', { type: 'phone', value: '+14155550000' });
    let full = 0;
    for (const size of sizes) {
      progress(`growth: ${size} rows in ${name}`);
      await sql(rowsSql(name, full, size));
      full = size;
      const reads = [];
      const writes = [];
      for (let round = 0; round < rounds; round += 1) {
        reads.push(await timed(() => accounts.contacts(`user-${Math.floor(Math.random() * size)}`)));
        writes.push(
          await timed((i) =>
            accounts.contactVerified(`user-${Math.floor(Math.random() * size)}`, {
              type: 'phone',
              value: `+1212${String(5_550_000 + i)}`,
            }),
          ),
        );
      }
      rows.push([
        `${name}, ${size.toLocaleString('en')} rows`,
        short(spread(reads).median),
        short(spread(writes).median),
      ]);
    }
    await accounts.close();
  }
  database.close();
  await pg?.end();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
  return {
    title: 'Accounts, µs for a query',
    text: table(['rows', 'contacts of a user', 'a contact verified'], rows),
  };
}

/** @param {string} name @param {number} from @param {number} to */
function rowsSql(name, from, to) {
  const value = (/** @type {string} */ n) => `'+1' || (2000000000 + ${n})`;
  const one = (/** @type {string} */ n) => `select 'user-' || ${n}, 'phone', ${value(n)}, ${value(n)}`;
  const into = 'insert into verify_contact_contacts (user_id, type, value, owner)';
  return name === 'SQLite'
    ? `with recursive n(i) as (select ${from} union all select i + 1 from n where i + 1 < ${to}) ${into} ${one('i')} from n where true on conflict do nothing`
    : `${into} ${one('i')} from generate_series(${from}, ${to - 1}) as i on conflict do nothing; analyze`;
}

/** µs a call. @param {(i: number) => Promise<unknown>} call */
async function timed(call) {
  const count = 300;
  const from = performance.now();
  for (let i = 0; i < count; i += 1) await call(i);
  return ((performance.now() - from) / count) * 1000;
}
