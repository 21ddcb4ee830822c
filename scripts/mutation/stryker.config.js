/** Mutation testing of the parts where a mistake costs most, one group at a time: `npm run mutation`. Not a part of `npm test`. */
import { chosen, groups } from './groups.js';

const name = process.env.MUTATE ?? 'all';
const mutate = (chosen ? [chosen] : Object.values(groups)).flatMap((group) => group.mutate);

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: mutate.map((file) => `src/${file}`),
  testRunner: 'vitest',
  vitest: { configFile: 'scripts/mutation/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
  htmlReporter: { fileName: `.cache/mutation/${name}.html` },
  jsonReporter: { fileName: `.cache/mutation/${name}.json` },
  ignorePatterns: ['.cache', 'dist', 'bench', 'demo', 'docs', 'examples', 'test/visual'],
  tempDirName: `.cache/stryker-${name}`,
  thresholds: { high: 90, low: 85, break: 85 },
};
