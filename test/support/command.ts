/** The command `verify-contact` as a real process of its own, from today's source and not from what was built some time ago. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { startProcess, type RunningProcess } from '../../scripts/processes/start-process.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What only browsers load. */
const pages = ['elements', 'flow', 'locales'];

/** The path of the command, transpiled into `.cache`; done once for each state of the source. */
export function command(): string {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !pages.includes(file.split('/')[0] ?? ''),
  );
  const sources = files.sort().map((file) => [file, readFileSync(join(root, 'src', file), 'utf8')] as const);
  const state = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 16);
  const folder = join(root, '.cache', `command-${state}`);
  if (!existsSync(folder)) {
    const making = `${folder}-${process.pid}`;
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 };
    for (const [file, text] of sources) {
      const target = join(making, file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, ts.transpileModule(text, { compilerOptions }).outputText);
    }
    try {
      renameSync(making, folder);
    } catch {
      // Another test was quicker; its folder holds the same.
      rmSync(making, { recursive: true });
    }
  }
  return join(folder, 'cli.js');
}

/** Starts it with these arguments and an environment of its own: nothing of the tester's Twilio account gets in. */
export function run(args: readonly string[], env: Record<string, string> = {}): RunningProcess {
  const { PATH = '', HOME = '' } = process.env;
  return startProcess([process.execPath, command(), ...args], { env: { PATH, HOME, ...env } });
}
