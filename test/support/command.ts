/** The command `verify-contact` as a real process of its own, from today's source and not from what was built some time ago. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

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

/** The command, running. */
export interface Running {
  child: ChildProcess;
  /** All that it has printed so far, on both streams. */
  printed(): string;
  /** Resolves with the match once it has printed that; rejects if it ends before. */
  says(pattern: RegExp): Promise<RegExpMatchArray>;
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>;
}

/** Starts it with these arguments and an environment of its own: nothing of the tester's Twilio account gets in. */
export function run(args: readonly string[], env: Record<string, string> = {}): Running {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [command(), ...args], {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let text = '';
  const ended = once(child, 'close').then(([code, signal]) => {
    process.off('exit', kill);
    return (code ?? signal) as number | NodeJS.Signals | null;
  });
  const looking = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      looking.forEach((look) => look());
    });
  }
  return {
    child,
    ended,
    printed: () => text,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = text.match(pattern);
          if (!found) return;
          looking.delete(look);
          resolve(found);
        };
        looking.add(look);
        look();
        void ended.then(() => reject(new Error(`It ended before it said ${pattern}: ${text}`)));
      }),
  };
}
