/** Finds the simulated pages that `.ci/run` installs into `.cache/pages`. They are no dependencies. Not a test. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const simulators = ['jsdom', 'happy-dom'].map((name) => {
  const folder = fileURLToPath(new URL(`../../.cache/pages/${name}`, import.meta.url));
  return { name, folder, isInstalled: existsSync(`${folder}/node_modules/${name}`) };
});
