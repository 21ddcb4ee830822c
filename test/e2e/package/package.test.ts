/** The package as others get it: what is in it, whether every resolver finds its types, and the names that it promises. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doors, exportsOf } from '../../../scripts/generate/program.js';
import { describeSetting, settingNames } from '../../../src/cli/settings/settings-schema.js';
import { pack, type Packed } from '../../support/packed-package.js';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  exports: Record<string, string | { types: string; default: string }>;
  files: string[];
};

let packed: Packed;
beforeAll(async () => {
  packed = await pack();
}, 120_000);
afterAll(() => packed?.remove());

describe('the tarball', () => {
  it('holds the build, typings, data for tools, rules for Prometheus, a configuration of nginx, a container of the emulator and the documents, and nothing else', () => {
    const built = /^dist\/(?!chunks\/).+\.(js|d\.ts|js\.map)$|^dist\/chunks\/[\w-]+\.js$|^dist\/integrity\.json$/;
    const typings = /^typings\/[\w-]+\.(d\.ts|js)$/;
    const guides = /^docs\/(reference\/)?[\w-]+\.md$/;
    const pictures = /^docs\/themes\/[a-z-]+-(light|dark)\.png$/;
    const rest = packed.files.filter(
      (file) => ![built, typings, guides, pictures].some((pattern) => pattern.test(file)),
    );
    expect(rest).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'custom-elements.json',
      'docs/prometheus/alerts.yml',
      'docs/prometheus/dashboard.json',
      'docs/screenshots/page-backend-twilio.svg',
      'docs/screenshots/story-dark.webp',
      'docs/screenshots/story-light.webp',
      'docs/themes/candy.css',
      'docs/themes/ledger.css',
      'emulator-openapi.json',
      'emulator.schema.json',
      'examples/emulator/Dockerfile',
      'examples/emulator/compose.yml',
      'examples/emulator/config.json',
      'examples/emulator/github-workflow.yml',
      'examples/mobile/native-client.js',
      'examples/mobile/webview.html',
      'examples/mobile/webview.js',
      'openapi.json',
      'package.json',
      'scripts/deployment/nginx.conf',
      'vscode.css-custom-data.json',
      'vscode.html-custom-data.json',
    ]);
  });

  it('has every file that the help of the command and the settings names', () => {
    const named = settingNames.flatMap((name) => describeSetting(name).match(/\b[\w-]+(\/[\w.-]+)+\.\w+\b/g) ?? []);
    expect(named).toContain('dist/server/limits/limit-options.d.ts');
    expect(named.filter((file) => !has(file))).toEqual([]);
    expect(read('src/cli.ts')).not.toMatch(/docs\/|README/);
  });

  it('has every file that an export leads to', () => {
    const targets = Object.values(manifest.exports).flatMap((one) =>
      typeof one === 'string' ? one : Object.values(one),
    );
    const missing = targets.map((path) => path.slice(2)).filter((path) => !has(path));
    expect(missing).toEqual([]);
  });

  const has = (path: string) => packed.files.some((file) => (path.includes('*') ? like(path, file) : file === path));
  const like = (pattern: string, file: string) => {
    const [before = '', after = ''] = pattern.split('*');
    return file.startsWith(before) && file.endsWith(after);
  };

  it('has no chunk of an earlier build, and source maps that carry their sources', () => {
    const { chunks } = JSON.parse(read('dist/integrity.json')) as { chunks: Record<string, string> };
    const packedChunks = packed.files.filter((file) => file.startsWith('dist/chunks/'));
    expect(packedChunks.map((file) => file.replace('dist/chunks/', ''))).toEqual(Object.keys(chunks).sort());
    const map = JSON.parse(read('dist/server/index.js.map')) as { sourcesContent?: string[] };
    expect(map.sourcesContent?.[0]).toContain('The public API of the backend');
  });

  it('is clean for publint', async () => {
    const { messages } = await publint({ strict: true, pack: { tarball: buffer(packed.tarball) } });
    expect(messages).toEqual([]);
  }, 60_000);

  it('gives types to every way of resolving that knows ESM and exports', async () => {
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(packed.tarball))));
    if (!result.types) throw new Error('The tarball has no types.');
    // CommonJS loads ESM by `require` from Node 20.19 on, and resolvers without `exports` are from before 2022.
    const beside = ['CJSResolvesToESM'];
    const found = result.problems.filter(
      (one) => !beside.includes(one.kind) && !('resolutionKind' in one && one.resolutionKind === 'node10'),
    );
    expect(found).toEqual([]);
  }, 120_000);
});

const buffer = (file: string): ArrayBuffer => new Uint8Array(readFileSync(file)).buffer;

describe('the names that the package promises', () => {
  // The compiler reads the source once for all of them.
  beforeAll(() => void exportsOf(doors['verify-contact']), 120_000);

  const names = (file: string) =>
    exportsOf(file)
      .map(({ name }) => name)
      .sort();

  it.each(Object.entries(doors))('of %s change on purpose only', (door, file) => {
    expect(names(file)).toMatchSnapshot(door);
  });

  it('are those of the doors: there is no other way in', () => {
    expect(Object.keys(manifest.exports)).toMatchInlineSnapshot(`
      [
        ".",
        "./define",
        "./verify-contact",
        "./two-factor",
        "./client",
        "./server",
        "./server/node",
        "./emulator",
        "./emulator/node",
        "./locales/*",
        "./angular",
        "./angular/forms",
        "./preact",
        "./react",
        "./solid",
        "./svelte",
        "./vue",
        "./verify-contact.min.js",
        "./integrity.json",
        "./custom-elements.json",
        "./openapi.json",
        "./emulator/openapi.json",
        "./emulator.schema.json",
        "./package.json",
      ]
    `);
  });
});
