/**
 * `npm run soak [-- --minutes 10 --rate 20 --faults 0.1]`: puts the real server under constant load while Twilio fails at random,
 * and restarts Redis and the server once. Prints memory, sockets and delays over time. Exits with 1 if an invariant was broken.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { growth, median, sparkline, table } from './curve.js';
import { person } from './people.js';
import { startEmulator, startServer, startStore } from './processes.js';
import { brokenInvariants } from './invariants.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '20' },
    faults: { type: 'string', default: '0.1' },
  },
});
const [minutes, rate, share] = [Number(values.minutes), Number(values.rate), Number(values.faults)];
if (!(minutes > 0 && rate > 0 && share >= 0 && share < 1)) {
  console.error('--minutes and --rate are above 0, --faults from 0 to below 1.');
  process.exit(1);
}
const MB = 1024 * 1024;

const folder = await mkdtemp(join(tmpdir(), 'verify-contact-soak-'));
/** @type {Map<string, { code: string, at: number[] }>} */
const messages = new Map();
const emulator = await startEmulator(share, ({ to, code, at }) => {
  const before = messages.get(to)?.at ?? [];
  messages.set(to, { code, at: [...before, Date.parse(at)] });
});
const store = await startStore(folder);
/** @type {Record<string, number>} */
const events = {};
const server = await startServer({ ...emulator.env, VERIFY_STORE: store.setting }, ({ event }) => {
  if (event) events[event] = (events[event] ?? 0) + 1;
});
/** @type {Record<string, number>} */
const outcomes = {};
const began = Date.now();
const end = began + minutes * 60_000;
const world = {
  url: () => server.url,
  code: (/** @type {string} */ to) => messages.get(to)?.code,
  // Everybody retries until a minute after the faults have stopped.
  patience: () => end + 60_000,
  count: (/** @type {string} */ outcome) => void (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1),
};

console.log(
  `${minutes} min, ${rate} people a second, ${share * 100} % of Twilio's calls fail, counters in ${store.kind}`,
);
const passed = () => (Date.now() - began) / (end - began);
/** @type {Promise<import('./people.js').Seen>[]} */
const people = [];
const load = setInterval(() => {
  const due = Math.floor(((Date.now() - began) / 1000) * rate);
  while (people.length < due) people.push(person(world, people.length));
}, 20);

/** What happens once, after that share of the time. @type {{ at: number, name: string, act(): Promise<unknown> }[]} */
const incidents = [
  ...(store.restart ? [{ at: 1 / 6, name: 'Redis down for two seconds', act: store.restart }] : []),
  { at: 1 / 3, name: 'the server restarted', act: () => server.restart() },
];
/** @type {import('./processes.js').Sample[]} */
let samples = [];
/** @type {(string | number)[][]} */
const rows = [];
let exit = 0;
const every = Math.max(1_000, (minutes * 60_000) / 60);
for (let next = began + every; Date.now() < end; next += every) {
  await pause(Math.max(0, next - Date.now()));
  const due = incidents[0] && passed() >= incidents[0].at ? incidents.shift() : undefined;
  if (due) {
    const code = await due.act();
    if (typeof code === 'number') exit = code;
    if (due.name.includes('server')) samples = [];
    next = Date.now();
  }
  const sample = await server.measure();
  samples.push(sample);
  const { rss, heap, sockets, files, p99, max } = sample;
  const mb = (/** @type {number} */ bytes) => (bytes / MB).toFixed(1);
  const row = [
    Math.round((Date.now() - began) / 1000),
    mb(rss),
    mb(heap),
    sockets,
    files,
    p99.toFixed(0),
    max.toFixed(0),
    people.length,
  ];
  rows.push(row);
  console.error(`· ${row.join('  ')}${due ? `  ← ${due.name}` : ''}`);
}
clearInterval(load);
emulator.stopFaults();
const seen = await Promise.all(people);

const curves = {
  'resident MB': 'rss',
  'heap after GC, MB': 'heap',
  sockets: 'sockets',
  'open files': 'files',
  'event loop p99, ms': 'p99',
};
console.log(table([['s', 'rss', 'heap', 'sockets', 'files', 'p99', 'max', 'people'], ...rows]));
console.log('\nSince the restart of the server:');
const flat = [];
for (const [name, key] of Object.entries(curves)) {
  const values = samples.map(
    (sample) => sample[/** @type {'rss'} */ (key)] / (key === 'rss' || key === 'heap' ? MB : 1),
  );
  const rise = growth(values);
  flat.push({ name, key, rise, middle: median(values) });
  console.log(
    `${name.padEnd(20)} ${sparkline(values)}  median ${median(values).toFixed(1)}, last third ${rise >= 0 ? '+' : ''}${rise.toFixed(1)}`,
  );
}
console.log('\nAnswers by request:');
console.log(
  table(
    Object.entries(outcomes)
      .sort()
      .map(([name, count]) => [name.padEnd(36), count]),
  ),
);
/** @type {Record<string, number>} */
const ends = {};
for (const { end: how } of seen) ends[how] = (ends[how] ?? 0) + 1;
console.log('\nHow people ended:');
console.log(table(Object.entries(ends).map(([name, count]) => [name.padEnd(36), count])));

const breaches = await brokenInvariants({
  seen,
  messages,
  approved: await emulator.approved(),
  jwks: `${server.url}/jwks.json`,
  sent: events['code-sent'] ?? 0,
  metered: await server.counter('codes_sent_total'),
  exit,
  // In a short run everything still fills up, so its growth means nothing.
  flat: minutes >= 5 ? flat : [],
});
await server.stop();
await store.stop();
await emulator.stop();
await rm(folder, { recursive: true, force: true });
for (const breach of breaches) console.error(`BROKEN: ${breach}`);
if (breaches.length === 0) console.log(`\nEvery invariant held for ${seen.length} people.`);
process.exit(breaches.length === 0 ? 0 : 1);
