/** The package as it would be published, packed from the present `dist`. Builds nothing. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A tarball in a temporary folder; `remove` deletes it. */
export interface Packed {
  tarball: string;
  folder: string;
  /** Paths inside the package, sorted. */
  files: string[];
  remove(): Promise<void>;
}

export async function pack(): Promise<Packed> {
  if (!existsSync(join(root, 'dist/integrity.json'))) throw new Error('The package is not built: npm run build.');
  const folder = await mkdtemp(join(tmpdir(), 'verify-contact-pack-'));
  const options = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', options, { cwd: root, maxBuffer: 10_000_000 });
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  return {
    tarball: join(folder, packed?.filename ?? ''),
    folder,
    files: (packed?.files ?? []).map(({ path }) => path).sort(),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Makes an empty project with the package and others. It is outside this repository, so that it cannot use our own node_modules. */
export async function install({ tarball }: Packed, ...packages: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'verify-contact-install-'));
  await writeFile(join(folder, 'package.json'), '{"name":"shop","private":true,"type":"module"}');
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { code, text } = await said(folder, 'npm', 'install', ...flags, tarball, ...packages);
  if (code !== 0 || /ERR!|ERESOLVE/.test(text)) throw new Error(`npm install ended with ${code}: ${text}`);
  return folder;
}

/** Runs a command until it ends, and resolves to its output and exit code. */
export function said(cwd: string, command: string, ...args: string[]): Promise<{ code: number; text: string }> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|VERIFY_|TWILIO_|NODE_ENV|VITEST)/.test(name),
  );
  const env = { ...Object.fromEntries(inherited), NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env, timeout: 120_000, maxBuffer: 10_000_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, text: stdout + stderr });
    });
  });
}
