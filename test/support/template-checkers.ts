/** Runs each framework's own template checker on a folder of files, against the built package. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The command of each checker. Svelte warns of `autofocus`, which the elements have on purpose; its other warnings count. */
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

/** The output of a checker, and each place: the file's name without its extension, and the line. */
export interface Verdict {
  said: string;
  places: { file: string; line: number }[];
}

/** Checks a folder with a `tsconfig.json`. */
export async function check(framework: Framework, folder: string): Promise<Verdict> {
  if (!existsSync(`${root}dist/index.d.ts`)) throw new Error('The package is not built: npm run build.');
  const [program, ...rest] = checkers[framework];
  const options = { cwd: folder, env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' }, maxBuffer: 10_000_000 };
  const said = await new Promise<string>((resolve) => {
    // A checker that finds something exits with an error code.
    execFile(process.execPath, [`${root}node_modules/${program}`, ...rest], options, (_, stdout, stderr) =>
      resolve(stripVTControlCharacters(stdout + stderr)),
    );
  });
  // Such as `wrong.tsx(5,4)` and `"wrong.svelte" 5:4`.
  const places = [...said.matchAll(/([\w-]+)\.\w+(?:\(|:|" )(\d+)[,:]\d+/g)];
  return { said, places: places.map(([, file = '', line]) => ({ file, line: Number(line) })) };
}
