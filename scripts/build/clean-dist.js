/** The last step of the build: removes files without a source from `dist`, and makes the command executable. */
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');
/** Written by the bundler's plugin. Names every chunk of this build. @type {{ chunks: Record<string, string> }} */
const { chunks } = JSON.parse(readFileSync(join(dist, 'integrity.json'), 'utf8'));
const bundled = new Set([
  'verify-contact.min.js',
  'integrity.json',
  ...Object.keys(chunks).map((name) => `chunks/${name}`),
]);

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  const name = path.slice(dist.length + 1).replaceAll('\\', '/');
  const source = join(root, 'src', name.replace(/(\.d\.ts|\.js|\.js\.map)$/, '.ts'));
  if (!bundled.has(name) && !existsSync(source)) rmSync(path);
}

// npm does this when it installs a package. In a clone, `npx --no verify-contact` would otherwise refuse the rebuilt command.
chmodSync(join(dist, 'cli.js'), 0o755);
