/** Finds the other runtimes: those that `.ci/run` installs into `.cache/runtimes`, else those on the path. Not a test. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A runtime, and how it runs a file. `command` is null if it is not installed. */
export interface Runtime {
  name: 'Bun' | 'Deno';
  command: string[] | null;
}

function find(program: string): string | null {
  const path = `../../.cache/runtimes/${program}/node_modules/.bin/${program}`;
  const installed = fileURLToPath(new URL(path, import.meta.url));
  for (const candidate of [installed, program]) {
    if (candidate === installed && !existsSync(installed)) continue;
    try {
      execFileSync(candidate, ['--version'], { stdio: 'ignore' });
      return candidate;
    } catch {
      // Not installed there, or not for this machine.
    }
  }
  return null;
}

const [bun, deno] = [find('bun'), find('deno')];

export const runtimes: Runtime[] = [
  { name: 'Bun', command: bun === null ? null : [bun] },
  { name: 'Deno', command: deno === null ? null : [deno, 'run', '--allow-all'] },
];
