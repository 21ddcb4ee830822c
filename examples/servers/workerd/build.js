/** Bundles the worker into one file, and lays the page and the elements' script where the worker's assets are. */
import { cp } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Packages of the older module system ask for Node's modules by `require`, which a worker has not; Wrangler does the same. */
const requiredBuiltins = {
  name: 'required-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z:/_]+$/ }, ({ kind, path }) =>
      kind === 'require-call' && isBuiltin(path)
        ? { path: path.replace(/^node:/, ''), namespace: 'builtin' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `import it from 'node:${path}'; module.exports = it;`,
    }));
  },
};

await build({
  entryPoints: ['worker.js'],
  outfile: 'dist/worker.js',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'es2022',
  conditions: ['workerd', 'worker', 'browser'],
  mainFields: ['browser', 'module', 'main'],
  // Databases, and Node's own connections: loaded where somebody asks for them, which nothing here does.
  external: ['libsql', 'pg', '@redis/client', 'undici'],
  plugins: [requiredBuiltins],
  logLevel: 'warning',
});

const bundle = dirname(fileURLToPath(import.meta.resolve('verify-contact/verify-contact.min.js')));
await cp('../../html', 'dist/assets', { recursive: true });
await cp(`${bundle}/verify-contact.min.js`, 'dist/assets/assets/verify-contact.min.js');
await cp(`${bundle}/chunks`, 'dist/assets/assets/chunks', { recursive: true });
