/** The names of the source: one meaning each, in the words of the field, and none that nobody uses. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Source } from '../../support/source-code.js';

const source = new Source();
const everywhere = ['src', 'demo', 'test', 'scripts', 'bench'];

/** Words that only we would understand, or that mean something else in the field; CONTRIBUTING.md has the ones to use. */
const banned = new Set(
  (
    'turn turns hold holds held claim claims living unsure ended spent used lost told tell tells telling asked asker ' +
    'order orders slot slots shelf texts print prints wire wires line lines parts stage stages'
  ).split(' '),
);

/** Where such a word is the field's own. */
const fieldTerms: Record<string, string> = {
  'line type of a number (Twilio Lookup)': 'line-type LineType',
  'JWT claims': 'claims Claims',
  'CSS parts': 'parts.css',
  'JSON Lines': 'jsonLines',
  'a line of text': 'statusLine oneLine lastLines pageLines serverLines',
  'to print to standard output': 'printKeys printNextKeys printRotation printIntegrity',
};

/** `withCachedLineType` → `with cached line type`; `src/cli/read-setting.ts` → `src cli read setting ts`. */
function wordsOf(name: string): string[] {
  const terms = Object.values(fieldTerms).flatMap((list) => list.split(' '));
  const rest = terms.reduce((text, term) => text.replaceAll(term, '-'), name);
  return rest
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
}

const isBanned = (name: string) => wordsOf(name).some((word) => banned.has(word));

describe('the words', () => {
  it('of exported names are the field’s', () => {
    const names = source.exports(...everywhere).filter(({ declared, name }) => declared && isBanned(name));
    expect(names.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
  });

  it('of files and folders are the field’s', () => {
    const paths = source.paths(...everywhere);
    expect(paths.length).toBeGreaterThan(300);
    expect(paths.filter(isBanned)).toEqual([]);
  });

  it('are compared whole, and by their meaning', () => {
    expect(['heldLock', 'claim-check.ts', 'SLOTS', 'askedOf', 'lineOf'].filter((name) => !isBanned(name))).toEqual([]);
    expect(['withCachedLineType', 'returned', 'placeholder', 'outline', 'Partial', 'unused'].filter(isBanned)).toEqual(
      [],
    );
  });
});

describe('an exported name', () => {
  it('is declared once in src: two files that export it mean the same thing', () => {
    const files = new Map<string, string[]>();
    for (const { file, name, declared } of source.exports('src')) {
      if (declared && name !== 'default') files.set(name, [...(files.get(name) ?? []), file]);
    }
    const twice = [...files].filter(([, places]) => places.length > 1);
    expect(files.size).toBeGreaterThan(300);
    expect(twice.map(([name, places]) => `${name}: ${places.join(', ')}`)).toEqual([]);
  });

  it('is imported by another file, or by whoever installs the package', () => {
    const { exports } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      exports: Record<string, { default?: string }>;
    };
    const entries = Object.values(exports).flatMap((entry) => {
      const [, path] = /^\.\/dist\/(.*)\.js$/.exec(entry.default ?? '') ?? [];
      return path === undefined ? [] : [new RegExp(`^src/${path.replace('*', '[^/]+')}\\.ts$`)];
    });
    expect(entries.length).toBeGreaterThan(8);
    const isEntry = (file: string) => entries.some((entry) => entry.test(file));
    // `export *` names nothing: all that such a file exports is published.
    const published = source
      .files('src')
      .filter(isEntry)
      .flatMap((file) =>
        [...source.text(file).matchAll(/^export (?:type )?\* from '\.\/(.*)\.js'/gm)].map(
          ([, name]) => `${file.slice(0, file.lastIndexOf('/'))}/${name}.ts`,
        ),
      );
    const importers = new Map<string, Set<string>>();
    for (const { from, to } of source.imports(...everywhere)) {
      if (from !== to) importers.set(to, (importers.get(to) ?? new Set()).add(from));
    }
    const unused = source
      .exports('src')
      .filter(({ file }) => !isEntry(file) && !published.includes(file))
      .filter(({ file, name }) => ![...(importers.get(file) ?? [])].some((from) => source.mentions(from, name)));
    expect(unused.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
  });
});
