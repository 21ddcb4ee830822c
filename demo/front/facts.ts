/** What the first page says of the package in figures: each is read from what it describes, when the page is built. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

/** The figures, and where the source is. */
export interface Facts {
  /** The script tag's file, compressed by Brotli, in bytes. */
  readonly bytes: number;
  /** The languages, English included. */
  readonly languages: number;
  readonly licence: string;
  /** The address of the repository; null until package.json names one. */
  readonly source: string | null;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Reads the figures. Throws if the package is not built. */
export function readFacts(): Facts {
  const tag = `${root}dist/verify-contact.min.js`;
  if (!existsSync(tag))
    throw new Error('The demo shows the size of dist/verify-contact.min.js: npm run build makes it.');
  const { license, repository } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    license: string;
    repository?: { url: string };
  };
  return {
    bytes: brotliCompressSync(readFileSync(tag)).length,
    languages: readdirSync(`${root}src/locales`).filter((name) => name !== 'index.ts').length,
    licence: license,
    source: repository?.url.replace(/^git\+|\.git$/g, '') ?? null,
  };
}

/** Bytes as a person reads them: `13.5 kB`. */
export const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
