/**
 * `npm run bench [question…] [--quick] [--rounds N] [--requests N] [--most N] [--dist FOLDER] [--readme]`: asks all questions, or the named ones, prints tables and
 * writes them to results/latest.json; `--readme` puts them into README.md as well. What it is measured beside is installed on first use.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { verdictTable } from './measure.js';

/** @typedef {{ dist: string, rounds: number, requests: number, most: number, quick: boolean }} Bench what each question is handed; `dist` is the built package, `requests` those of one round, `most` how many are pending in the end */

const here = fileURLToPath(new URL('.', import.meta.url));
const root = resolve(here, '..');
const questions = ['throughput', 'wire', 'two-processes', 'growth', 'cold-start', 'bytes', 'page', 'attack'];
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
const unknown = positionals.find((one) => !questions.includes(one));
if (unknown) {
  console.error(`There is no question ${unknown}: choose from ${questions.join(', ')}.`);
  process.exit(1);
}
if (!existsSync(join(here, 'node_modules'))) {
  console.error('Installing what it is measured beside, once, into bench/node_modules.');
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
const asked = positionals.length > 0 ? positionals : questions;
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
/** @type {Record<string, any>} */
let kept = {};
const read = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});
for (const question of asked) {
  const load = loadavg()[0].toFixed(1);
  const { run } = await import(`./${question}.js`);
  const result = { ...(await run(bench)), ...machine, load: `${load} before, ${loadavg()[0].toFixed(1)} after` };
  kept = { ...read(), [question]: result };
  writeFileSync(file, `${JSON.stringify(kept, null, 1)}\n`);
  process.stderr.write('\n');
  console.log(`${text(result)}\n`);
}
const verdicts = Object.values(kept).flatMap(({ verdicts }) => verdicts ?? []);
console.log(verdictTable(verdicts));
if (values.readme) {
  const readme = join(here, 'README.md');
  const before = readFileSync(readme, 'utf8');
  const [start, end] = ['<!-- results -->', '<!-- end of results -->'];
  const body = [verdictTable(verdicts), ...questions.filter((one) => kept[one]).map((one) => text(kept[one]))].join(
    '\n\n',
  );
  writeFileSync(
    readme,
    `${before.slice(0, before.indexOf(start) + start.length)}\n\n${body}\n\n${before.slice(before.indexOf(end))}`,
  );
}
process.exit();

/** @param {any} result */
function text({ title, tables, date, node, processor, command, rounds, load }) {
  const head = `## ${title}\n\n${date}, Node ${node}, ${processor}, load ${load}; medians of ${rounds} rounds; \`${command}\``;
  return [head, ...tables.map((/** @type {any} */ one) => `### ${one.title}\n\n${one.text}`)].join('\n\n');
}
