/** How the Node tests run. A test belongs to the project whose folder it is in. The browser tests are configured in web-test-runner.config.js. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // As patient as a test: one second is too short for 300 connections on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    // Two workers, even on two cores: most of these tests wait.
    maxWorkers: 2,
    // `.ci/run` counts tests from the second report.
    reporters: process.env.TEST_REPORT ? ['default', ['json', { outputFile: process.env.TEST_REPORT }]] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          globalSetup: 'test/support/attack-report.ts',
          // Loads shared imports once. This halves the run time.
          isolate: false,
        },
      },
      // These tests freeze the clock or replace a module for the whole process. Each file gets its own process.
      {
        extends: true,
        test: {
          name: 'isolated',
          include: ['test/isolated/**/*.test.ts'],
          globalSetup: 'test/support/attack-report.ts',
        },
      },
      // Packs, installs, deploys and photographs the product. Slower than all other tests together.
      { extends: true, test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'] } },
    ],
  },
});
