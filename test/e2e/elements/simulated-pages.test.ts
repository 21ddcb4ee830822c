/** The elements where an application's own tests run: in pages that jsdom and happy-dom simulate. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBundle, type Bundle } from '../../support/bundle.js';
import { simulators } from '../../support/simulators.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Within the repository, so that Node finds Lit. */
const modules = join(root, '.cache/simulated-pages');
const script = join(root, 'test/support/simulated-page.js');
let bundle: Bundle;
beforeAll(async () => {
  bundle = await buildBundle();
  const input = { define: join(root, 'src/define.ts') };
  const rolldownOptions = { input, output: { entryFileNames: '[name].js' } };
  await build({ root, configFile: false, logLevel: 'error', build: { ssr: true, outDir: modules, rolldownOptions } });
}, 120_000);
afterAll(() => bundle.remove());

for (const { name, folder, isInstalled } of simulators)
  describe.skipIf(!isInstalled)(`in ${name}`, () => {
    it.each([
      ['the script', () => join(bundle.dist, 'verify-contact.min.js')],
      ['the module', () => join(modules, 'define.js')],
    ])('%s loads, and both elements come, go and come back, and nothing throws', async (_, entry) => {
      const { stdout } = await promisify(execFile)(process.execPath, [script, name, folder, entry()]);
      expect(JSON.parse(stdout)).toEqual({ errors: [], elements: 3 });
    });
  });
