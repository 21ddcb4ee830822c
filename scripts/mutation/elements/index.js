/** Changes named lines of the elements one after another, each in a copy of its own, and runs the matching browser tests on the copies in one Chromium. */
import { startTestRunner } from '@web/test-runner';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import ts from 'typescript';
import { patches } from './patches.js';

const folder = '.cache/mutated-elements';
const needed = 54;

/** Prints what no test noticed. @returns {Promise<boolean>} whether enough was noticed; rejects if a patch does not apply, or if a test fails without one */
export async function mutateElements() {
  rmSync(folder, { recursive: true, force: true });
  // The first copy is unchanged: what fails there says nothing about a patch.
  const files = [...new Set(patches.map(([, , , tests]) => tests))].map((tests) => copy('unchanged', tests));
  patches.forEach(([file, find, replacement, tests], index) => {
    const source = readFileSync(`src/elements/${file}`, 'utf8');
    if (source.split(find).length !== 2)
      throw new Error(`Patch ${index + 1} does not apply: ${file} has not once ${find}`);
    const changed = source.replace(find, () => replacement);
    const { diagnostics } = ts.transpileModule(changed, { reportDiagnostics: true });
    // Every test would notice a file that does not load.
    if (diagnostics?.length) throw new Error(`Patch ${index + 1} of ${file} is no TypeScript: ${replacement}`);
    files.push(copy(String(index + 1), tests));
    writeFileSync(`${folder}/${index + 1}/src/elements/${file}`, changed);
  });
  // And once more at the end, since a browser or a server that died would also fail.
  files.push(copy('unchanged-again', 'forms'));
  const failed = await run(files);
  rmSync(folder, { recursive: true });
  if (failed.has('unchanged') || failed.has('unchanged-again')) throw new Error('A test fails without any change.');
  const unnoticed = patches.filter((_, index) => !failed.has(String(index + 1)));
  const noticed = patches.length - unnoticed.length;
  console.log(`\nThe elements: ${noticed} of ${patches.length} changes are noticed; ${needed} must be.`);
  for (const [file, find, replacement, tests] of unnoticed) {
    console.log(`Unnoticed by ${tests}: ${file}: ${find} → ${replacement || '(nothing)'}`);
  }
  return noticed >= needed;
}

/** Copies what runs in the browser, and one file of tests. @param {string} name @param {string} tests @returns {string} the copied tests */
function copy(name, tests) {
  const to = `${folder}/${name}`;
  mkdirSync(`${to}/test/browser`, { recursive: true });
  for (const part of ['elements', 'flow', 'locales', 'protocol', 'define', 'define.ts', 'index.ts']) {
    cpSync(`src/${part}`, `${to}/src/${part}`, { recursive: true });
  }
  cpSync('test/browser/support', `${to}/test/browser/support`, { recursive: true });
  cpSync('scripts/processes', `${to}/scripts/processes`, { recursive: true });
  const file = `${to}/test/browser/${tests}.test.ts`;
  cpSync(`test/browser/${tests}.test.ts`, file);
  return file;
}

/** @param {string[]} files @returns {Promise<Set<string>>} the names of the copies in which a test failed */
async function run(files) {
  process.env.ENGINES = 'chromium';
  const { default: config } = await import('../../../web-test-runner.config.js');
  /** @type {Set<string>} */
  const failed = new Set();
  let finished = 0;
  /** @type {import('@web/test-runner').Reporter} */
  const reporter = {
    reportTestFileResults({ testFile, sessionsForTestFile }) {
      const [, name = ''] = testFile.match(/mutated-elements\/([^/]+)\//) ?? [];
      const passed = sessionsForTestFile.every((session) => session.passed);
      if (!passed) failed.add(name);
      finished += 1;
      console.log(`${finished}/${files.length} ${name} ${passed ? 'passed' : 'failed'}`);
      if (passed || !name.startsWith('unchanged')) return;
      for (const { errors, testResults } of sessionsForTestFile) {
        console.error(testFile, JSON.stringify({ errors, testResults }, null, 1));
      }
    },
  };
  const runner = await startTestRunner({
    config: {
      ...config,
      files,
      // All pages share one clipboard, which two files of tests use.
      concurrency: 1,
      reporters: [reporter],
      // The first failure says enough.
      testFramework: { config: { timeout: 10_000, bail: true } },
      testsFinishTimeout: 90_000,
    },
    readCliArgs: false,
    readFileConfig: false,
    autoExitProcess: false,
  });
  await new Promise((resolve) => runner?.on('stopped', resolve));
  return failed;
}
