/** Mutation testing of the parts where a mistake costs most: `npm run mutation`. Not a part of `npm test`; it takes hours on two cores. */

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: [
    'src/server/challenge.ts',
    'src/server/proof.ts',
    'src/server/limits.ts',
    'src/server/store/*.ts',
    'src/server/contact.ts',
    'src/server/plain-text.ts',
  ],
  testRunner: 'vitest',
  vitest: { configFile: 'scripts/mutation/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  reporters: ['clear-text', 'html', 'json'],
  htmlReporter: { fileName: '.cache/mutation/report.html' },
  jsonReporter: { fileName: '.cache/mutation/report.json' },
  ignorePatterns: ['.cache', 'dist', 'bench', 'demo', 'docs', 'examples', 'test/visual'],
  tempDirName: '.cache/stryker',
  thresholds: { high: 90, low: 85, break: 85 },
};
