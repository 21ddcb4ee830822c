/** How the tests that need no browser run. The browser's own tests are in web-test-runner.config.js. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/*.test.ts', 'test/attacks/*.test.ts'],
    globalSetup: 'test/attacks/report.ts',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // The second report is for `.ci/run`, which counts.
    reporters: process.env.CI ? ['default', ['json', { outputFile: '.cache/node-tests.json' }]] : ['default'],
  },
});
