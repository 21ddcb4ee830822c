/** The reference is whole: what the source has is in it, each option with a sentence, and every type that it names. The drift check is in generated.test.ts. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { readElements, type ElementModel } from '../../../scripts/generate/elements.js';
import { doors, exportsOf, theProgram } from '../../../scripts/generate/program.js';
import { settingNames } from '../../../src/cli/settings/settings-schema.js';
import { problems } from '../../../src/protocol/problems.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFileSync(`${root}${file}`, 'utf8');
const page = (name: string) => read(`docs/reference/${name}.md`);
const drawn = readdirSync(`${root}src/elements`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => read(`src/elements/${name}`));
const sorted = (names: Iterable<string>) => [...new Set(names)].sort();

/** The first cells of a table, each a name in code style. */
function rows(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+?)\??` \|/gm)].map(([, name = '']) => name);
}

/** The part of a page under a heading, down to the next of its level. */
function under(heading: string, text: string): string {
  const level = /^#+/.exec(heading)?.[0] ?? '';
  const [, rest = ''] = `\n${text}`.split(`\n${heading}\n`);
  return rest.split(new RegExp(`^#{1,${level.length}} `, 'm'))[0] ?? '';
}

let elements: ElementModel[];
// The compiler reads the source once for all of them.
beforeAll(() => {
  elements = readElements();
}, 120_000);

describe('of the elements', () => {
  /** What is declared, read from the source and not from docstrings. */
  const declared = (file: string) => {
    const own = read(`src/elements/${file}.ts`);
    const lists = [read('src/elements/form-control-element.ts'), own].map(
      (text) => /(?:properties\b[^=]*= )(\{[^]*?\n {0,2}\})/.exec(text)?.[1],
    );
    return [...lists.join('\n').matchAll(/^ +(\w+): (\{[^{}]*\}),?$/gm)]
      .filter(([, , options = '']) => !/attribute: false|state: true/.test(options))
      .map(([, name = '', options = '']) => /attribute: '([\w-]+)'/.exec(options)?.[1] ?? name);
  };

  it.each(['verify-contact', 'two-factor'])('<%s> has every attribute that its class declares', (tag) => {
    const listed = rows(under('### Attributes', under(`## \`<${tag}>\``, page('elements'))));
    const missing = declared(tag).filter((name) => !listed.includes(name));
    expect(declared(tag).length).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });

  it('has every event that an element of ours fires', () => {
    const events = read('src/elements/events/events.ts');
    const fired = [...events.matchAll(/super\('([\w-]+)'/g)].map(([, name = '']) => name);
    const listed = elements.flatMap((one) => one.events.map(({ name }) => name)).filter((name) => name !== 'change');
    expect(fired.length).toBeGreaterThan(4);
    expect(sorted(listed)).toEqual(sorted(fired));
  });

  it('has every part and every slot that is drawn', () => {
    const parts = drawn.flatMap((text) =>
      [...text.matchAll(/ part="([^"]+)"/g)].flatMap(
        ([, list = '']) => list.match(/(?<![\w${'])[a-z]+(?![\w.(}'])/g) ?? [],
      ),
    );
    const slots = drawn.flatMap((text) => [...text.matchAll(/<slot name="([\w-]+)"/g)].map(([, name = '']) => name));
    expect(sorted(elements.flatMap((one) => one.parts.map(({ name }) => name)))).toEqual(
      expect.arrayContaining(sorted(parts)),
    );
    expect(sorted(elements.flatMap((one) => one.slots.map(({ name }) => name)))).toEqual(sorted(slots));
  });

  it('has every step of the machine as a state, of one element or the other', () => {
    const steps = [...read('src/flow/state-machine.ts').matchAll(/^ {2}readonly name: '([\w-]+)'/gm)].map(
      ([, name = '']) => name,
    );
    expect(steps.length).toBeGreaterThan(8);
    expect(sorted(elements.flatMap((one) => one.states.map(({ name }) => name)))).toEqual(sorted(steps));
  });

  it('says something of every attribute, property, method, event, slot, part and state', () => {
    const silent = page('elements')
      .split('\n')
      .filter((line) => !line.startsWith('| `:state()`,') && /^\| `[^|]+\|.*\| {2}\|$|^\| `[^|]+\| {2}\|$/.test(line));
    expect(silent).toEqual([]);
  });
});

describe('of the backend', () => {
  it('has every problem code with its status, and those of the page alone', () => {
    const [answered = '', ofPages = ''] = page('problems').split('## Of the page alone');
    expect(rows(answered)).toEqual(Object.keys(problems));
    for (const [name, { status }] of Object.entries(problems))
      expect(answered).toContain(`| \`${name}\` | ${status} |`);
    const trouble = /interface FlowProblem [^]*?code:([^;]*);/.exec(read('src/flow/state-machine.ts'))?.[1] ?? '';
    const own = [...trouble.matchAll(/'([\w-]+)'/g)].map(([, name = '']) => name);
    expect(own.length).toBeGreaterThan(3);
    expect(sorted(rows(ofPages))).toEqual(sorted(own));
  });

  it('has every setting of serve', () => {
    expect(rows(page('serve'))).toEqual(settingNames);
  });
});

describe.each(Object.entries(doors))('of %s', (door, file) => {
  const name = door.replace(/^verify-contact\/?/, '').replace('/', '-') || 'page';
  const headingsOf = (text: string) => [...text.matchAll(/^## (.*)$/gm)].map(([, one = '']) => one);

  it('has a heading for each thing that it exports, or a link to one on the page of the protocol or of accounts', () => {
    const linked = [...page(name).matchAll(/\[`(\w+)`\]\((?:protocol|accounts)\.md#(\w+)\)/g)];
    const exported = exportsOf(file).map((one) => one.name);
    // The two classes have the page of the elements.
    expect(sorted([...headingsOf(page(name)), ...linked.map(([, one = '']) => one)])).toEqual(
      sorted(exported.filter((one) => !one.endsWith('Element'))),
    );
    const anchors = ['protocol', 'accounts'].flatMap((one) => headingsOf(page(one)).map((name) => name.toLowerCase()));
    expect(anchors).toEqual(expect.arrayContaining(linked.map(([, , anchor = '']) => anchor)));
  });

  it('has a sentence for each option, those inherited and those inside another included', () => {
    const checker = theProgram().getTypeChecker();
    const options = exportsOf(file).filter((one) => /(Options|Policy|Expectation)$/.test(one.name));
    for (const one of options) {
      const table = under(`## ${one.name}`, page(name) + page('accounts'));
      const listed = rows(table).map((row) => row.split('.')[0]);
      const members = checker.getDeclaredTypeOfSymbol(one).getProperties();
      expect(members.length).toBeGreaterThan(0);
      expect(sorted(listed.flatMap((row) => row ?? []))).toEqual(sorted(members.map((member) => member.name)));
      const silent = table.split('\n').filter((line) => /^\| `.*\| {2}\|$/.test(line));
      expect(silent, one.name).toEqual([]);
    }
  });

  it('explains every type of ours that it names, here or on another page', () => {
    const explained = new Set(Object.values(doors).flatMap((one) => exportsOf(one)));
    // Their members are listed where they are inherited, or written out where a part of them is meant.
    const spelledOut = ['SendOptions', 'TwilioError', 'Step'];
    const unexplained = exportsOf(file).flatMap((one) =>
      namedIn(one)
        .filter((type) => !explained.has(type) && !spelledOut.includes(type.name))
        .map((type) => `${type.name} in ${one.name}`),
    );
    expect(unexplained).toEqual([]);
  });
});

/** Types that are declared in our source and named in an export's signature. */
function namedIn(symbol: ts.Symbol): ts.Symbol[] {
  const checker = theProgram().getTypeChecker();
  const found = new Set<ts.Symbol>();
  const visit = (node: ts.Node): void => {
    const isHidden = 'name' in node && ts.isPrivateIdentifier(node.name as ts.Node);
    if (ts.isBlock(node) || isHidden) return;
    if (ts.isTypeReferenceNode(node)) {
      const named = checker.getSymbolAtLocation(node.typeName);
      const type = named && named.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named;
      const place = type?.declarations?.[0]?.getSourceFile().fileName ?? '';
      const isParameter = type && type.flags & ts.SymbolFlags.TypeParameter;
      if (type && !isParameter && place.startsWith(`${root}src/`)) found.add(type);
    }
    ts.forEachChild(node, visit);
  };
  symbol.declarations?.forEach(visit);
  return [...found];
}
