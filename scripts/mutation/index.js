/** Mutation testing, one group of files after another, and the elements in a browser: `npm run mutation [group…]`; what follows `--` is Stryker's. Exits non-zero if one is below its score. */
import { spawnSync } from 'node:child_process';
import { mutateElements } from './elements/index.js';
import { groups } from './groups.js';

const given = process.argv.slice(2);
const end = given.includes('--') ? given.indexOf('--') : given.length;
const names = end > 0 ? given.slice(0, end) : [...Object.keys(groups), 'elements'];
const unknown = names.filter((name) => name !== 'elements' && !groups[name]);
if (unknown.length > 0) {
  console.error(`There is no group ${unknown.join(', ')}: there are ${Object.keys(groups).join(', ')}, elements.`);
  process.exit(1);
}
for (const name of names.filter((one) => one !== 'elements')) {
  const args = ['stryker', 'run', 'scripts/mutation/stryker.config.js', ...given.slice(end + 1)];
  const { status } = spawnSync('npx', args, { stdio: 'inherit', env: { ...process.env, MUTATE: name } });
  if (status !== 0) process.exitCode = 1;
}
if (names.includes('elements')) {
  // The test runner sets it to 1, since tests fail.
  const exitCode = process.exitCode ?? 0;
  const enough = await mutateElements().catch((error) => console.error(error.message));
  // The runner leaves handles open.
  process.exit(enough ? exitCode : 1);
}
