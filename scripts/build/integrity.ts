/** A Vite plugin that prints the integrity and the hashes that a page with a strict policy needs. Does not change the build. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { Logger, Plugin } from 'vite';
import { styles } from '../../src/elements/templates/styles.js';

/** The content of `integrity.json`, which is written beside the entry. */
export interface Integrity {
  /** The integrity of `verify-contact.min.js`, for its script tag. */
  entry: string;
  /** The integrity of each file in `chunks/`, by name, for an import map. */
  chunks: Record<string, string>;
  /** The hash of {@link importMap} for `/assets/`, for `script-src`. Under another path the map is another one. */
  importMap: string;
  /** The hash of the style element in server-rendered markup, for `style-src`. */
  styles: string;
}

const entry = 'verify-contact.min.js';

/** The import map of a page that serves the build under `base`. It is an inline script, so `script-src` needs its hash. */
export function importMap({ chunks }: Pick<Integrity, 'chunks'>, base: string): string {
  const urls = Object.entries(chunks).map(([file, hash]) => [`${base}chunks/${file}`, hash]);
  return JSON.stringify({ integrity: Object.fromEntries(urls) as Record<string, string> });
}

/** A hash in the format of `integrity` attributes and policies. */
export function hashOf(content: string | Uint8Array, algorithm: 'sha256' | 'sha384'): string {
  return `${algorithm}-${createHash(algorithm).update(content).digest('base64')}`;
}

/** After each build, writes the hashes to `integrity.json` and prints them for a page that serves the build under `/assets/`. */
export function printIntegrity(): Plugin {
  let logger: Logger;
  return {
    name: 'integrity',
    configResolved(config) {
      logger = config.logger;
    },
    writeBundle({ dir = '' }, bundle) {
      const read = (name: string) => readFileSync(join(dir, name));
      const chunks = Object.keys(bundle)
        .filter((name) => name.startsWith('chunks/'))
        .map((name) => [name.slice('chunks/'.length), hashOf(read(name), 'sha384')]);
      const file = read(entry);
      const hashes = Object.fromEntries(chunks) as Record<string, string>;
      const map = importMap({ chunks: hashes }, '/assets/');
      const integrity: Integrity = {
        entry: hashOf(file, 'sha384'),
        chunks: hashes,
        importMap: hashOf(map, 'sha256'),
        styles: hashOf(styles.cssText, 'sha256'),
      };
      writeFileSync(join(dir, 'integrity.json'), `${JSON.stringify(integrity, null, 2)}\n`);
      logger.info(`
${entry}: ${brotliCompressSync(file).length.toLocaleString('en')} bytes with brotli

Integrity, where the page serves it under /assets/ (all hashes are in integrity.json beside it):
<script type="importmap">${map}</script>
<script type="module" src="/assets/${entry}" integrity="${integrity.entry}"></script>

Content-Security-Policy, where the page has that import map: script-src 'self' '${integrity.importMap}'
and where a server renders the elements: style-src '${integrity.styles}'`);
    },
  };
}
