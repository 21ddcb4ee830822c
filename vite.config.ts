/** Configures Vite to serve the demo, to build the demo and the docs as a static site, and to build the script tag's file. `tsc` builds the rest of the package. */
import { fileURLToPath } from 'node:url';
import { minifyTemplateLiterals } from 'rollup-plugin-minify-template-literals';
import { minify } from 'terser';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { docsPages } from './demo/docs/plugin.js';
import { frontPage } from './demo/front/plugin.js';
import { demoHost } from './demo/host/plugin.js';
import { printIntegrity } from './scripts/build/integrity.js';
import { slimLit } from './scripts/build/slim-lit.js';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Lit's production build. A test runner's environment would select the development build, which logs warnings. */
const resolve = { conditions: ['module', 'browser', 'production'] };

const demo: UserConfig = {
  root: path('demo'),
  cacheDir: path('.cache/vite'),
  resolve,
  // Answer 404 for an unknown page, not the main page.
  appType: 'mpa',
  plugins: [demoHost(), frontPage(), docsPages(path('demo'))],
  server: {
    // Local connections only: the emulator's outbox contains codes.
    host: '127.0.0.1',
    port: Number(process.env.PORT || 5173),
    strictPort: true,
    cors: false,
    fs: { allow: [path('.')] },
  },
  // Vite reloads the page when it finds a dependency late, such as when a field gets the focus.
  optimizeDeps: { include: ['lit', 'lit/directives/live.js'] },
};

/** The pages of the demo that need no server of their own, for any static host under any path. */
const site: UserConfig = {
  root: path('demo'),
  base: './',
  publicDir: false,
  resolve,
  plugins: [frontPage(), docsPages(path('demo'))],
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
  // The entry finds its chunks beside itself, wherever it is served from.
  base: './',
  publicDir: false,
  resolve,
  plugins: [
    compactStyles(),
    slimLit(path('scripts/build/css-tag.ts')),
    minifyTemplateLiterals({ exclude: ['**/node_modules/**', '**/styles.ts', '**/css-tag.ts'], failOnError: true }),
    minifyEntry(),
    printIntegrity(),
  ],
  build: {
    target: 'es2022',
    emptyOutDir: false,
    lib: { entry: path('src/define.ts'), formats: ['es'], fileName: () => 'verify-contact.min.js' },
    rolldownOptions: {
      // Code that the entry shares with a chunk stays in the entry, so that a page makes one request until a person types.
      preserveEntrySignatures: 'allow-extension',
      // The entry names its chunks. Hexadecimal digits take fewer of its compressed bytes than base64.
      output: { minify: true, chunkFileNames: 'chunks/[name]-[hash:7].js', hashCharacters: 'hex' },
    },
    reportCompressedSize: false,
  },
};

export default defineConfig(({ command, mode }) => (command === 'serve' ? demo : mode === 'site' ? site : bundle));

/**
 * Runs Terser after Rolldown's own minifier: together they save 200 bytes more than either alone. Renames Lit's private
 * properties and our own internal ones. Only for the entry, since the name of a chunk already contains the hash of its content.
 */
function minifyEntry(): Plugin {
  // Brotli compresses repeated `if` statements better than shorter conditional expressions.
  const compress = { passes: 3, conditionals: false };
  // Used by the entry only: no page, no chunk, no string (as the names of events of the state machine) and no storage has them.
  const internal =
    /^(_\$.*|__.*|flow|internals|renderStep|secondsUntil|scheduleWake|liveMessage|hasBeenVisible|userAction|shownNews|pressedLabel|control|hasUpdated|reflect|restoredText|stepChanged|storageKey|visibility|checkIn|failure|changeContact|goBack|initialInput|hasProblem|respelled|getPropertyOptions|finalizeStyles|createProperty|getPropertyDescriptor|elementStyles|shadowRootOptions|fromAttribute|toAttribute|converter|noAccessor|hasChanged|enableUpdating|createRenderRoot|isUpdatePending|performUpdate|scheduleUpdate|renderOptions|willUpdate|hostConnected|hostDisconnected|hostUpdate|hostUpdated|addController|strings|finalize|ctor|storage|clock)$/;
  const mangle = { properties: { regex: internal } };
  return {
    name: 'minify-entry',
    async generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk' || !file.isEntry) continue;
        file.code = (await minify(file.code, { module: true, ecma: 2020, compress, mangle })).code!;
      }
    },
  };
}

/**
 * Removes comments and unnecessary space from the stylesheet. It does not parse CSS: it relies on the fact that space has no
 * meaning around these characters, and after a `:` that precedes a value.
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
