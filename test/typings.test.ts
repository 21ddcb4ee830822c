/** What a template of each framework may say of the elements, held by the framework's own checker against the built package. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = (name: string) => `${root}test/typings/${name}`;

/** How each one is checked, and how its answers begin: `wrong.tsx(5,4)`, `"wrong.svelte" 5:4`. */
const checkers: Record<string, string[]> = {
  react: ['typescript/bin/tsc', '-p', '.'],
  preact: ['typescript/bin/tsc', '-p', '.'],
  solid: ['typescript/bin/tsc', '-p', '.'],
  vue: ['vue-tsc/bin/vue-tsc.js', '-p', '.'],
  svelte: ['svelte-check/bin/svelte-check', '--tsconfig', 'tsconfig.json', '--output', 'machine'],
  angular: ['@angular/compiler-cli/bundles/src/bin/ngc.js', '-p', '.'],
};

/** What the checker says, whatever its exit code. */
function said([program = '', ...rest]: string[], cwd: string): Promise<string> {
  const options = { cwd, env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' } };
  return new Promise((resolve) => {
    execFile(process.execPath, [`${root}node_modules/${program}`, ...rest], options, (_, stdout, stderr) =>
      resolve(stripVTControlCharacters(stdout + stderr)),
    );
  });
}

describe.each(Object.entries(checkers))('in %s', (name, command) => {
  it('what is right passes, and each thing that is wrong is told on its line', async () => {
    expect(existsSync(`${root}dist/index.d.ts`), 'the package is not built: npm run build').toBe(true);
    const answer = await said(command, folder(name));
    const places = [...answer.matchAll(/(right|wrong)\.\w+(?:\(|:|" )(\d+)[,:]\d+/g)];
    const lines = (file: string) => new Set(places.filter(([, one]) => one === file).map(([, , line]) => Number(line)));
    const wrong = readdirSync(folder(name)).find((file) => file.startsWith('wrong.')) ?? '';
    const text = readFileSync(`${folder(name)}/${wrong}`, 'utf8').split('\n');
    const expected = text.flatMap((line, index) => (/(\/\/|<!--) wrong/.test(line) ? [index + 1] : []));
    expect([...lines('right')], answer).toEqual([]);
    expect(
      [...lines('wrong')].sort((a, b) => a - b),
      answer,
    ).toEqual(expected);
  }, 180_000);
});
