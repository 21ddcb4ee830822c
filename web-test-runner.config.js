/** How the tests in test/browser run: in the real browsers that there are, against a real backend and emulator mounted into the runner's own server. */
import { getRequestListener } from '@hono/node-server';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'vite';
import { findEngines } from './test/support/engines.js';

// `npm test` has to be quick enough to be run often; `npm run test:engines` and `.ci/run` take every engine that there is.
const asked = process.env.ENGINES ?? (process.env.npm_lifecycle_event === 'test' ? 'chromium' : 'all');
// One clear sentence instead of a stack trace where there is no browser.
const { launchers, missing } = await findEngines(asked).catch((error) => {
  console.error(error.message);
  process.exit(1);
});

// The backend is TypeScript; Vite loads it into this process and keeps what it imports later loadable as well.
const vite = await createServer({
  configFile: false,
  appType: 'custom',
  logLevel: 'warn',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
const { answer } = await vite.ssrLoadModule('/test/support/browser-stack.ts');
const listener = getRequestListener(answer, { overrideGlobalObjects: false });

/** @type {import('@web/test-runner').TestRunnerConfig} */
export default {
  files: 'test/browser/*.test.ts',
  nodeResolve: true,
  // Two pages at a time: the machines that run this have two cores.
  concurrency: 2,
  // One browser after the other, for the same reason.
  concurrentBrowsers: 1,
  browsers: launchers,
  filterBrowserLogs: ({ args }) => !String(args[0]).startsWith('Lit is in dev mode'),
  testFramework: { config: { timeout: 10_000 } },
  testsFinishTimeout: 240_000,
  plugins: [
    esbuildPlugin({ ts: true, target: 'es2022', tsconfig: './tsconfig.json' }),
    { name: 'backend', serverStop: () => vite.close() },
  ],
  middleware: [
    async (context, next) => {
      if (!context.path.startsWith('/__stack')) return next();
      context.respond = false;
      await listener(context.req, context.res);
    },
  ],
  reporters: [defaultReporter({ reportTestProgress: !process.env.CI }), countReporter('.cache/browser-tests.json')],
};

// At the very end, where the runner has printed all it has to say.
process.on('exit', () => {
  for (const sentence of missing) console.log(`Left out in the browser tests: ${sentence}`);
});

/**
 * Writes how many tests passed and failed, and which browsers were left out, for `.ci/run` to add up; a file that could not even load counts as one failure.
 * @param {string} file
 * @returns {import('@web/test-runner').Reporter}
 */
function countReporter(file) {
  return {
    onTestRunFinished({ sessions }) {
      const count = { passed: 0, failed: 0, missing };
      for (const session of sessions) {
        const tests = testsOf(session.testResults);
        const failed = tests.filter((test) => !test.passed && !test.skipped).length;
        count.passed += tests.filter((test) => test.passed).length;
        count.failed += session.passed ? 0 : Math.max(failed, 1);
      }
      mkdirSync('.cache', { recursive: true });
      writeFileSync(file, JSON.stringify(count));
    },
  };
}

/**
 * @param {import('@web/test-runner-core').TestSuiteResult | undefined} suite
 * @returns {import('@web/test-runner-core').TestResult[]}
 */
function testsOf(suite) {
  return suite ? [...suite.tests, ...suite.suites.flatMap(testsOf)] : [];
}
