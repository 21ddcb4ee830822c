/**
 * `npm run bench [scenario…] [--quick] [--rounds N] [--requests N] [--most N] [--dist FOLDER] [--readme]`: runs all scenarios or the named
 * ones, prints tables and writes them to results/latest.json, with `--readme` also to README.md. The first run installs the alternatives.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { losses, verdictTable } from './harness/measure.js';

/** @typedef {{ dist: string, rounds: number, requests: number, most: number, quick: boolean }} Bench what each scenario gets; `dist` is the built package, `requests` those of one round, `most` how many verifications are pending at the end */

const here = fileURLToPath(new URL('.', import.meta.url));
const root = resolve(here, '..');
const scenarios = ['throughput', 'latency', 'two-processes', 'growth', 'cold-start', 'bytes', 'page', 'attack'];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean' },
    rounds: { type: 'string' },
    requests: { type: 'string' },
    most: { type: 'string' },
    dist: { type: 'string' },
    readme: { type: 'boolean' },
  },
});
const unknown = positionals.find((one) => !scenarios.includes(one));
if (unknown) {
  console.error(`There is no scenario ${unknown}: choose from ${scenarios.join(', ')}.`);
  process.exit(1);
}
if (!existsSync(join(here, 'node_modules'))) {
  console.error('Installing the alternatives into bench/node_modules, once.');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', here], { stdio: 'inherit' });
}
if (!values.dist) {
  console.error('Building the package.');
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  });
}
/** @type {Bench} */
const bench = {
  dist: resolve(values.dist ?? join(root, 'dist')),
  rounds: Number(values.rounds ?? (values.quick ? 1 : 5)),
  requests: Number(values.requests ?? (values.quick ? 300 : 2000)),
  most: Number(values.most ?? 100_000),
  quick: values.quick ?? false,
};
const chosen = positionals.length > 0 ? positionals : scenarios;
const machine = {
  date: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
  node: process.version,
  processor: `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB`,
  command: `npm run bench${
    process.argv.slice(2).length > 0
      ? ` -- ${process.argv
          .slice(2)
          .filter((one) => !one.includes('/') && one !== '--dist')
          .join(' ')}`
      : ''
  }`,
  rounds: bench.rounds,
};
const file = join(here, 'results/latest.json');
mkdirSync(join(here, 'results'), { recursive: true });
// The child processes end on exit.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
/** @type {Record<string, any>} */
let kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
for (const scenario of chosen) {
  const load = loadavg()[0].toFixed(1);
  const from = performance.now();
  /** @type {any} */
  let result;
  try {
    const { run } = await import(`./scenarios/${scenario}.js`);
    result = await run(bench);
  } catch (error) {
    // A scenario that fails must not stop the others.
    console.error(error);
    process.exitCode = 1;
    const text = String(error).split('\n')[0]?.slice(0, 200) ?? '';
    result = { title: scenario, tables: [{ title: 'Not measured: it failed', text }], verdicts: [] };
  }
  const minutes = ((performance.now() - from) / 60_000).toFixed(1);
  result = { ...result, ...machine, minutes, load: `${load} before, ${loadavg()[0].toFixed(1)} after` };
  kept = { ...kept, [scenario]: result };
  writeFileSync(file, `${JSON.stringify(kept, null, 1)}\n`);
  if (values.readme) writeReadme();
  process.stderr.write('\n');
  console.log(`${text(result)}\n`);
}
console.log(verdictTable(verdicts()));
process.exit();

/** The targets of all scenarios, of this run and of earlier ones. */
function verdicts() {
  return scenarios.flatMap((one) => kept[one]?.verdicts ?? []);
}

/** Writes the present results between the marks of README.md after each scenario, so that an interrupted run keeps them. */
function writeReadme() {
  const readme = join(here, 'README.md');
  const results = [verdictTable(verdicts()), ...scenarios.filter((one) => kept[one]).map((one) => text(kept[one]))];
  let page = readFileSync(readme, 'utf8');
  for (const [name, body] of Object.entries({ losses: losses(verdicts()), results: results.join('\n\n') })) {
    const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
    page = `${page.slice(0, page.indexOf(start) + start.length)}\n\n${body}\n\n${page.slice(page.indexOf(end))}`;
  }
  writeFileSync(readme, page);
}

/** @param {any} result */
function text({ title, tables, date, node, processor, command, rounds, load, minutes }) {
  const head = `## ${title}\n\n${date}, Node ${node}, ${processor}, load ${load}, ${minutes} minutes; medians of ${rounds} rounds; \`${command}\``;
  return [head, ...tables.map((/** @type {any} */ one) => `### ${one.title}\n\n${one.text}`)].join('\n\n');
}
