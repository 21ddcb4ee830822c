/** Mutation testing, one group of files after another: `npm run mutation [group…]`; what follows `--` is Stryker's. Exits non-zero if one is below its score. */
import { spawnSync } from 'node:child_process';
import { groups } from './groups.js';

const given = process.argv.slice(2);
const end = given.includes('--') ? given.indexOf('--') : given.length;
const names = end > 0 ? given.slice(0, end) : Object.keys(groups);
const unknown = names.filter((name) => !groups[name]);
if (unknown.length > 0) {
  console.error(`There is no group ${unknown.join(', ')}: there are ${Object.keys(groups).join(', ')}.`);
  process.exit(1);
}
for (const name of names) {
  const args = ['stryker', 'run', 'scripts/mutation/stryker.config.js', ...given.slice(end + 1)];
  const { status } = spawnSync('npx', args, { stdio: 'inherit', env: { ...process.env, MUTATE: name } });
  if (status !== 0) process.exitCode = 1;
}
