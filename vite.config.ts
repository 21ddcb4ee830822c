/** Vite's three tasks here: it serves the demo, builds it with the docs as a static site, and builds the file for the script tag. The rest of the package is built by `tsc`. */
import { fileURLToPath } from 'node:url';
import { minifyTemplateLiterals } from 'rollup-plugin-minify-template-literals';
import { minify } from 'terser';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { docsPages } from './demo/docs/plugin.js';
import { demoHost } from './demo/host/plugin.js';
import { pageSafety } from './scripts/build/integrity.js';
import { slimLit } from './scripts/build/slim-lit.js';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Lit as pages get it. Its development build warns whoever opens the console, and a test runner's environment asks for it. */
const resolve = { conditions: ['module', 'browser', 'production'] };

const demo: UserConfig = {
  root: path('demo'),
  cacheDir: path('.cache/vite'),
  resolve,
  // What is no page is not found, and not the story.
  appType: 'mpa',
  plugins: [demoHost(), docsPages(path('demo'))],
  server: {
    // This machine alone: the emulator's outbox holds codes.
    host: '127.0.0.1',
    port: Number(process.env.PORT || 5173),
    strictPort: true,
    cors: false,
    fs: { allow: [path('.')] },
  },
  // Found now rather than when a field gets the focus: a late find reloads the page under somebody's fingers.
  optimizeDeps: { include: ['lit', 'lit/directives/live.js', 'libphonenumber-js/min'] },
};

/** What of the demo needs no server of its own, for any static host, under any path. */
const site: UserConfig = {
  root: path('demo'),
  base: './',
  publicDir: false,
  resolve,
  plugins: [docsPages(path('demo'))],
  build: {
    target: 'es2022',
    outDir: path('site'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rolldownOptions: { input: [path('demo/index.html'), path('demo/playground.html')] },
    reportCompressedSize: false,
  },
};

const bundle: UserConfig = {
  // Chunks are found beside the entry, wherever that is served from.
  base: './',
  publicDir: false,
  resolve,
  plugins: [
    compactStyles(),
    slimLit(path('scripts/build/css-tag.ts')),
    minifyTemplateLiterals({ exclude: ['**/node_modules/**', '**/styles.ts', '**/css-tag.ts'], failOnError: true }),
    lastSqueeze(),
    pageSafety(),
  ],
  build: {
    target: 'es2022',
    emptyOutDir: false,
    lib: { entry: path('src/define.ts'), formats: ['es'], fileName: () => 'verify-contact.min.js' },
    rolldownOptions: {
      // What the entry shares with a chunk stays in the entry: one request until somebody types.
      preserveEntrySignatures: 'allow-extension',
      output: { minify: true, chunkFileNames: 'chunks/[name]-[hash:6].js' },
    },
    reportCompressedSize: false,
  },
};

export default defineConfig(({ command, mode }) => (command === 'serve' ? demo : mode === 'site' ? site : bundle));

/**
 * Terser after Rolldown's own minifier: together they come out 200 bytes below either. Only Lit's own
 * private properties are renamed, which no chunk knows. The entry alone: a chunk's name has been made from its content by now.
 */
function lastSqueeze(): Plugin {
  // Brotli likes `if` better where it is alike than a shorter expression that is not.
  const compress = { passes: 3, conditionals: false };
  const mangle = { properties: { regex: /^_\$|^__/ } };
  return {
    name: 'last-squeeze',
    async generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk' || !file.isEntry) continue;
        file.code = (await minify(file.code, { module: true, ecma: 2020, compress, mangle })).code!;
      }
    },
  };
}

/**
 * Takes comments and needless space out of the one stylesheet. It knows no CSS, only that space means nothing around these
 * characters, with `:` before a value and not before a pseudo-class.
 */
function compactStyles(): Plugin {
  const compact = (css: string) =>
    css
      .replace(/\/\*[^]*?\*\//g, '')
      .replace(/\s+/g, ' ')
      .replace(/ ?([{};,>]) ?/g, '$1')
      .replace(/: /g, ':')
      .replaceAll(';}', '}')
      .replace(/'([a-z]+)'\]/g, '$1]')
      .replace(/([ (,:-])0\./g, '$1.')
      .trim();
  return {
    name: 'compact-styles',
    enforce: 'pre',
    transform: (code, id) =>
      id.endsWith('/elements/templates/styles.ts') ? code.replace(/(?<=css`)[^`]+/, compact) : null,
  };
}
