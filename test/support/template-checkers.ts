/** Each framework's own checker of templates, asked about a folder of files against the built package. Not a test. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** How each one is checked. Svelte advises against `autofocus`, which the elements have on purpose; all else that it warns of counts. */
export const checkers = {
  react: ['typescript/bin/tsc', '-p', '.'],
  preact: ['typescript/bin/tsc', '-p', '.'],
  solid: ['typescript/bin/tsc', '-p', '.'],
  vue: ['vue-tsc/bin/vue-tsc.js', '-p', '.'],
  svelte: [
    'svelte-check/bin/svelte-check',
    '--tsconfig',
    'tsconfig.json',
    '--output',
    'machine',
    '--compiler-warnings',
    'a11y_autofocus:ignore',
  ],
  angular: ['@angular/compiler-cli/bundles/src/bin/ngc.js', '-p', '.'],
} as const;

export type Framework = keyof typeof checkers;
export const frameworks = Object.keys(checkers) as Framework[];

/** All that a checker said, and where it found something: the file's name without its ending, and the line. */
export interface Verdict {
  said: string;
  places: { file: string; line: number }[];
}

/** Asks the framework's checker about a folder with a `tsconfig.json`. */
export async function check(framework: Framework, folder: string): Promise<Verdict> {
  if (!existsSync(`${root}dist/index.d.ts`)) throw new Error('The package is not built: npm run build.');
  const [program, ...rest] = checkers[framework];
  const options = { cwd: folder, env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' }, maxBuffer: 10_000_000 };
  const said = await new Promise<string>((resolve) => {
    // Whatever its exit code: that of a checker with complaints is no more than that.
    execFile(process.execPath, [`${root}node_modules/${program}`, ...rest], options, (_, stdout, stderr) =>
      resolve(stripVTControlCharacters(stdout + stderr)),
    );
  });
  // As answers begin: `wrong.tsx(5,4)`, `"wrong.svelte" 5:4`.
  const places = [...said.matchAll(/([\w-]+)\.\w+(?:\(|:|" )(\d+)[,:]\d+/g)];
  return { said, places: places.map(([, file = '', line]) => ({ file, line: Number(line) })) };
}
