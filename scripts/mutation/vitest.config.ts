/** The tests that mutants are held against, without what is slow and tells nothing about them. */
import { relative, resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { chosen, groups } from './groups.js';

const folder = resolve('test');
const tests = [...new Set((chosen ? [chosen] : Object.values(groups)).flatMap((group) => group.tests))];

/** Vitest would begin with the slowest. */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      tests.indexOf(relative(folder, moduleId).replace(/\.test\.ts$/, ''));
    return files.sort((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  test: {
    include: tests.map((name) => `test/${name}.test.ts`),
    env: { STORE: chosen?.store ?? '' },
    globalSetup: 'test/support/attack-report.ts',
    setupFiles: 'scripts/mutation/setup.ts',
    sequence: { sequencer: InOrder },
    // As in the unit tests themselves: the server is loaded once for each mutant, and not once for each file of tests.
    isolate: tests.some((name) => name.startsWith('isolated/')),
    // What hangs was killed; the longest of these tests takes two seconds.
    testTimeout: 8_000,
    hookTimeout: 8_000,
  },
});
