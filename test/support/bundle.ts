/** The file for the script tag, built for a test as `npm run build` builds it, into a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

/** A build. Call `remove` after the tests. */
export interface Bundle {
  readonly dist: string;
  remove(): Promise<void>;
}

export async function buildBundle(): Promise<Bundle> {
  const dist = await mkdtemp(join(tmpdir(), 'verify-contact-bundle-'));
  await build({ configFile: 'vite.config.ts', logLevel: 'error', build: { outDir: dist } });
  return { dist, remove: () => rm(dist, { recursive: true, force: true }) };
}
