/**
 * How many bytes does a page load?
 *
 * Method: all use the same bundler, target and minifier. The size is that of the entry and its static imports, without what it
 * loads later. Ours is the shipped script-tag file. Entries of the package are bundled with their dependencies (including Lit),
 * those for servers without. A peer is bundled from the imports that its documentation shows for its code field. Hanko's and
 * Stytch's elements are complete products with a server; Web Awesome's and input-otp are only the field, and input-otp needs
 * React.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { progress, table } from '../harness/measure.js';

export const title = 'Bytes';
const here = dirname(fileURLToPath(import.meta.url));

/** @param {import('../run.js').Bench} bench */
export async function run({ dist }) {
  // In this folder, so that the bundler finds the peers.
  const folder = mkdtempSync(join(here, '.bytes-'));
  try {
    const out = join(folder, 'tag');
    progress('bytes: script tag');
    await quietly(() =>
      build({
        configFile: join(here, '../../vite.config.ts'),
        logLevel: 'error',
        build: { outDir: out, emptyOutDir: true },
      }),
    );
    const tag = sizes(closure(out, 'verify-contact.min.js'));
    const chunks = readdirSync(join(out, 'chunks')).filter((one) => one.endsWith('.js'));
    const chunk = (/** @type {string} */ name) => {
      const found = chunks.find((one) => one.replace(/-[\w-]{6}\.js$/, '') === name);
      if (!found) throw new Error(`There is no chunk ${name}.`);
      return readFileSync(join(out, 'chunks', found), 'utf8');
    };
    const formatter = sizes(chunk('phone-input') + chunk('ascii-text'));
    const plans = chunks
      .filter((one) => one.startsWith('plans-'))
      .map((one) => sizes(readFileSync(join(out, 'chunks', one), 'utf8')));
    const largestPlan = plans.sort((a, b) => b.brotli - a.brotli)[0];
    /** @type {[string, ReturnType<typeof sizes> | undefined][]} */
    const ours = [
      ['script tag, both elements, English', tag],
      ['later, when the field is shown: the list of countries', sizes(chunk('countries'))],
      ['later, when a number is typed: the formatter', formatter],
      ['and the rules of a country, at most', largestPlan],
    ];
    for (const [name, file] of Object.entries({
      'verify-contact': 'index.js',
      'verify-contact/define': 'define.js',
      'verify-contact/client': 'flow/index.js',
    })) {
      ours.push([
        `import '${name}'`,
        await bundled(folder, `import * as all from ${JSON.stringify(join(dist, file))}; globalThis.all = all;`),
      ]);
    }
    for (const [name, file] of Object.entries({
      'verify-contact/server': 'server/index.js',
      'verify-contact/emulator': 'emulator/index.js',
    })) {
      ours.push([
        `import '${name}', without its dependencies`,
        await bundled(folder, `import * as all from ${JSON.stringify(join(dist, file))}; globalThis.all = all;`, [
          /^[^./]/,
        ]),
      ]);
    }
    /** @type {Record<string, string>} */
    const peers = {
      'Web Awesome, its OTP input alone': webAwesome(),
      'Hanko elements': "import { register } from '@teamhanko/hanko-elements'; register('https://example.com');",
      'Stytch, vanilla-js':
        "import { createStytchClient, Products, StytchUI } from '@stytch/vanilla-js'; customElements.define('stytch-ui', StytchUI); globalThis.all = [createStytchClient, Products.otp];",
      'input-otp with React, the field alone':
        "import { OTPInput } from 'input-otp'; import { createElement } from 'react'; import { createRoot } from 'react-dom/client'; createRoot(document.body).render(createElement(OTPInput, { maxLength: 6, render: () => null }));",
    };
    const beside = [];
    for (const [name, code] of Object.entries(peers)) {
      progress(`bytes: ${name}`);
      try {
        beside.push([name, await bundled(folder, code)]);
      } catch (error) {
        beside.push([`${name}: does not build (${String(error).split('\n')[0].slice(0, 80)})`, null]);
      }
    }
    const row = (/** @type {any[]} */ [name, size]) =>
      size
        ? [
            name,
            ...[size.minified, size.gzip, size.brotli].map((n) => n.toLocaleString('en')),
            `${(size.brotli / tag.brotli).toFixed(2)}`,
          ]
        : [name, '–', '–', '–', '–'];
    const languages = [];
    for (const file of readdirSync(join(dist, 'locales')).filter((one) => /^[a-z]{2}(-[a-z]{2})?\.js$/.test(one))) {
      const size = await bundled(
        folder,
        `import text from ${JSON.stringify(join(dist, 'locales', file))}; globalThis.all = text;`,
      );
      languages.push({ name: file.slice(0, -3), brotli: size.brotli });
    }
    languages.sort((a, b) => a.brotli - b.brotli);
    return {
      title,
      tables: [
        {
          title: 'Bytes of ours and of peers, built the same way',
          text: table(['', 'minified', 'gzip', 'brotli', 'beside our tag'], [...ours.map(row), ...beside.map(row)]),
        },
        {
          title: 'Languages, each loaded when it is needed',
          text: `${languages.length} languages, brotli bytes each: ${languages.map(({ name, brotli }) => `${name} ${brotli}`).join(', ')}.`,
        },
      ],
      verdicts: [
        {
          what: 'script-tag entry, both elements, English, brotli',
          value: tag.brotli,
          unit: 'B',
          bound: 'most',
          target: 14_000,
          aim: 12_000,
        },
        {
          what: 'formatter of numbers without rules, brotli',
          value: formatter.brotli,
          unit: 'B',
          bound: 'most',
          target: 9_000,
          aim: 5_000,
        },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the package's build without its output. @param {() => Promise<unknown>} act */
export async function quietly(act) {
  const { log } = console;
  console.log = () => undefined;
  await act();
  console.log = log;
}

function webAwesome() {
  const root = join(here, '../node_modules/@awesome.me/webawesome/dist/components');
  const name = ['otp-input', 'input-otp', 'otp'].find((one) => existsSync(join(root, one, `${one}.js`)));
  return name ? `import '@awesome.me/webawesome/dist/components/${name}/${name}.js';` : "import 'no-such-component';";
}

/** The text of the entry and its static imports. @param {string} folder @param {string} entry */
function closure(folder, entry) {
  const seen = new Set();
  const read = (/** @type {string} */ file) => {
    if (seen.has(file)) return '';
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    const imports = [
      ...text.matchAll(/(?:^|[;}])\s*(?:import|export)\b(?:[^'"`();]*?\bfrom\s*)?\s*["'](\.[^"']+)["']/g),
    ].map(([, path]) => join(dirname(file), path));
    /** @type {string} */
    let all = text;
    for (const one of imports) if (existsSync(one)) all += read(one);
    return all;
  };
  return read(join(folder, entry));
}

/** @param {string} folder @param {string} code @param {RegExp[]} [external] */
async function bundled(folder, code, external = []) {
  const entry = join(folder, 'entry.js');
  writeFileSync(entry, code);
  const out = join(folder, 'out');
  await build({
    configFile: false,
    root: folder,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: out,
      emptyOutDir: true,
      target: 'es2022',
      reportCompressedSize: false,
      lib: { entry, formats: ['es'], fileName: () => 'entry.js' },
      rolldownOptions: {
        external: (/** @type {string} */ id) => external.some((one) => one.test(id)) || id.startsWith('node:'),
        output: { minify: true, chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  });
  return sizes(closure(out, 'entry.js'));
}

/** @param {string} text */
function sizes(text) {
  return { minified: Buffer.byteLength(text), gzip: gzipSync(text).length, brotli: brotliCompressSync(text).length };
}
