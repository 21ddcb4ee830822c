/** How the tests that need no browser run. The browser's own tests are in web-test-runner.config.js. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/*.test.ts'], testTimeout: 20_000, hookTimeout: 30_000 },
});
