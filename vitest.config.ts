/** How the tests that need no page of their own run. The browser's own tests are in web-test-runner.config.js. */
import { defineConfig } from 'vitest/config';

/** The product seen from outside: packed, installed, started as processes, photographed. Slower than all the others together. */
const outside = [
  'conformance',
  'demo-looks',
  'demo-page-lines',
  'demo-playground',
  'demo-server-lines',
  'deployment',
  'faults-processes',
  'faults-twilio',
  'install',
  'package',
  'real-page',
  'release',
  'serve',
  'server-rendering',
  'site-quality',
  'site-visual',
  'typings',
  'visual',
].map((name) => `test/${name}.test.ts`);

/** These hold time still or put something else in place of a module, for the whole process: so each has one of its own. */
const alone = ['client', 'redis-cold-start', 'attacks/forgery', 'attacks/leaks', 'attacks/parsing'].map(
  (name) => `test/${name}.test.ts`,
);

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Two, also where there are two cores: most of these tests wait for something.
    maxWorkers: 2,
    // The second report is for `.ci/run`, which counts.
    reporters: process.env.TEST_REPORT ? ['default', ['json', { outputFile: process.env.TEST_REPORT }]] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'inside',
          include: ['test/*.test.ts', 'test/attacks/*.test.ts'],
          exclude: [...alone, ...outside],
          globalSetup: 'test/attacks/report.ts',
          // What a hundred files import is loaded once: half of the time that they take.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: alone, globalSetup: 'test/attacks/report.ts' } },
      { extends: true, test: { name: 'outside', include: outside } },
    ],
  },
});
