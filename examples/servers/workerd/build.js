/** Bundles the worker into one file, and copies the page and the elements' script to the worker's assets. */
import { cp } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** CommonJS packages load Node's modules with `require`, which a worker does not have. Wrangler does the same. */
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
  // Database drivers and Node's connections, which load on use. Nothing here uses them.
  external: ['libsql', 'pg', '@redis/client', 'undici'],
  plugins: [requiredBuiltins],
  logLevel: 'warning',
});

const bundle = dirname(fileURLToPath(import.meta.resolve('verify-contact/verify-contact.min.js')));
await cp('../../html', 'dist/assets', { recursive: true });
await cp(`${bundle}/verify-contact.min.js`, 'dist/assets/assets/verify-contact.min.js');
await cp(`${bundle}/chunks`, 'dist/assets/assets/chunks', { recursive: true });
