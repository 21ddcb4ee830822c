/** What the documents say: every TypeScript block is checked against the source, and every name in the tables exists. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { groups } from '../../../demo/docs/addresses.js';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  exports: Record<string, string | { default: string }>;
  scripts: Record<string, string>;
};

/** Where each import path of the package has its source. */
const sources = Object.entries(manifest.exports).flatMap(([path, target]) => {
  const file = typeof target === 'string' ? target : target.default;
  const source = file.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
  return /\.(min\.js|json)$/.test(path) || source.startsWith('./typings/')
    ? []
    : [[path.replace(/^\./, 'verify-contact'), source] as const];
});

/** What the examples take from the reader's own application. */
const app = `import type { Accounts, Identity, Keys } from 'verify-contact/server';
export declare const keys: Keys;
export declare const accounts: Accounts;
export declare function sessionOf(request: Request): Identity | null;`;

/** Files that do not change between two questions to the compiler. */
const parsed = new Map<string, ts.SourceFile>();

/** Complaints of the compiler about the blocks, as if each were a module beside the reader's app.js. */
function complaints(blocks: readonly string[]): string[] {
  const files = new Map(blocks.map((block, index) => [`${root}/example-${index}.tsx`, `${block}\nexport {};\n`]));
  files.set(`${root}/app.ts`, app);
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  options.paths = Object.fromEntries(sources.map(([path, source]) => [path, [`${root}/${source}`]]));
  options.paths['verify-contact/react'] = [`${root}/typings/react.d.ts`];
  options.noUnusedLocals = false;
  options.jsx = ts.JsxEmit.ReactJSX;
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.getSourceFile = (path, language, complain, fresh) => {
    const text = files.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, language);
    const source = parsed.get(path) ?? getSourceFile(path, language, complain, fresh);
    if (source) parsed.set(path, source);
    return source;
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map((one) => `${file}: ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`);
  });
}

describe.each([
  'README.md',
  'docs/elements.md',
  'docs/server.md',
  'docs/from-a-twilio-sample.md',
  'docs/emulator.md',
  'docs/captcha.md',
  'docs/twilio-options.md',
  'docs/languages.md',
])('%s', (file) => {
  it('has TypeScript that compiles against the source', () => {
    const blocks = [...read(file).matchAll(/^```tsx?\n([^]*?)^```/gm)].map(([, block = '']) => block);
    expect(blocks.length).toBeGreaterThan(0);
    expect(complaints(blocks)).toEqual([]);
  }, 60_000);

  it('names only scripts that there are', () => {
    const named = [...read(file).matchAll(/npm (?:run )?(start|test|(?<=run )[a-z]+)\b/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });
});

it('every guide and every reference is in the navigation of the documents', () => {
  const listed = groups.flatMap(({ sources }): readonly string[] => sources);
  const written = ['docs', 'docs/reference'].flatMap((folder) =>
    readdirSync(`${root}/${folder}`)
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  );
  expect(written.filter((name) => !listed.includes(name))).toEqual([]);
});

it('an example that is wrong would be noticed', () => {
  const wrong = "import { createHandler } from 'verify-contact/server';\ncreateHandler({ audience: 7 });";
  expect(complaints([wrong]).length).toBeGreaterThan(0);
}, 60_000);

it.each(['README.md', 'docs/elements.md', 'docs/captcha.md', 'docs/languages.md', 'docs/csp-and-integrity.md'])(
  '%s gives the elements only attributes that they have, in its HTML',
  (file) => {
    const { modules } = JSON.parse(read('custom-elements.json')) as {
      modules: { declarations: { tagName?: string; attributes?: { name: string }[] }[] }[];
    };
    const known = new Map(
      modules.flatMap(({ declarations }) =>
        declarations.map(({ tagName, attributes = [] }) => [tagName, attributes.map(({ name }) => name)] as const),
      ),
    );
    const blocks = [...read(file).matchAll(/^```html\n([^]*?)^```/gm)].map(([, block = '']) => block);
    expect(blocks.length).toBeGreaterThan(0);
    const unknown = blocks.flatMap((block) =>
      [...block.matchAll(/<(verify-contact|two-factor)\b([^>]*)>/g)].flatMap(([, tag = '', attributes = '']) =>
        [...attributes.matchAll(/([\w-]+)(="[^"]*")?/g)]
          .map(([, name = '']) => name)
          .filter((name) => !['slot', 'id', 'class', 'dir', ...(known.get(tag) ?? [])].includes(name)),
      ),
    );
    expect(unknown).toEqual([]);
  },
);

it('the guide to languages lists every language, and no other', () => {
  const listed = /English and (\d+) more: ([^.]*)\./.exec(read('docs/languages.md'));
  const files = readdirSync(`${root}/src/locales`).map((name) => name.replace('.ts', ''));
  const tags = [...(listed?.[2] ?? '').matchAll(/`([\w-]+)`/g)].map(([, tag = '']) => tag.toLowerCase());
  expect(tags.sort()).toEqual(files.filter((name) => name !== 'index' && name !== 'en').sort());
  expect(Number(listed?.[1])).toBe(tags.length);
});

describe('the tables of the elements', () => {
  const tags = ['src/elements/verify-contact.ts', 'src/elements/two-factor.ts'].map(read).join('\n');
  const documented = (tag: string) =>
    new Set([...tags.matchAll(new RegExp(`@${tag} (?:\\{\\w+\\} )?([\\w-]+)`, 'g'))].map(([, name = '']) => name));
  /** The names in code style in the lines from one heading or word to the end of its table or sentence. */
  const named = (pattern: RegExp) =>
    new Set(
      [...(pattern.exec(read('docs/elements.md'))?.[1] ?? '').matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name),
    );
  const rows = (heading: string) =>
    new Set(
      [
        ...(read('docs/elements.md').split(`## ${heading}`)[1]?.split('\n\n')[1] ?? '').matchAll(
          /^\| ((?:`[\w-]+`(?:, )?)+)/gm,
        ),
      ].flatMap(([, cell = '']) => cell.match(/[\w-]+/g) ?? []),
    );

  it('list every attribute and event of the elements, and no other', () => {
    expect(rows('Attributes')).toEqual(documented('attr'));
    expect(rows('Events')).toEqual(documented('event'));
  });

  // Parts and custom properties are in the guide on theming: see theming-guide.test.ts.
  it('list every step and slot, and no other', () => {
    expect(named(/Steps: ([^.]*)\./)).toEqual(documented('cssstate'));
    expect(named(/Slots: ([^.]*)\./)).toEqual(documented('slot'));
  });
});

describe('the package', () => {
  it('exports only what has a source', () => {
    const missing = sources.filter(([path, source]) => !path.includes('*') && !ts.sys.fileExists(`${root}/${source}`));
    expect(missing).toEqual([]);
  });
});
