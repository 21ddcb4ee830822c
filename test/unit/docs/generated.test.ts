/** What is generated and committed is what the source says today; and what tools read is of the form that they know. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { generatedFiles } from '../../../scripts/generate/files.js';
import { readElements } from '../../../scripts/generate/elements.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFileSync(`${root}${file}`, 'utf8');
let files: Map<string, string>;
beforeAll(async () => {
  files = await generatedFiles();
}, 120_000);

it('every generated file is as the source would have it: else run `npm run generate`', () => {
  const stale = [...files].filter(([path, text]) => safely(() => read(path)) !== text).map(([path]) => path);
  expect(stale).toEqual([]);
});

const safely = (act: () => string): string | null => {
  try {
    return act();
  } catch {
    return null;
  }
};

describe('the Custom Elements Manifest', () => {
  it('is of its own schema', () => {
    const schema = JSON.parse(read('node_modules/custom-elements-manifest/schema.json')) as object;
    const valid = new Ajv({ strict: false }).compile(schema);
    expect(valid(JSON.parse(files.get('custom-elements.json') ?? '')), JSON.stringify(valid.errors)).toBe(true);
  });
});

describe('the docstrings of the elements', () => {
  const elements = readElements();
  const source = readdirSync(`${root}src/elements`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(`src/elements/${name}`))
    .join('\n');

  it.each(elements)('of <$tag> name parts, slots and custom properties that there are', ({ parts, slots, ...one }) => {
    for (const { name } of parts)
      expect(source).toMatch(new RegExp(`part=[^>]*\\b${name}\\b|part\\.toggle\\('${name}'`));
    for (const { name } of slots) expect(source).toContain(`<slot name="${name}">`);
    for (const { name } of one.cssProperties) expect(source).toContain(`var(${name}`);
  });

  it('name every custom property that the styles read', () => {
    const used = new Set([...source.matchAll(/var\((--verify-[\w-]+)/g)].map(([, name]) => name));
    expect(new Set(elements[0]?.cssProperties.map(({ name }) => name))).toEqual(used);
  });

  it('leave no attribute and no method of <two-factor> that takes a destination', () => {
    const { attributes, properties, methods } = elements[1] ?? { attributes: [], properties: [], methods: [] };
    const names = [...attributes, ...properties].map(({ name }) => name);
    expect(names.filter((name) => /^(to|contact|phone|email|country|type|destination)$/.test(name))).toEqual([]);
    expect(methods.filter(({ type, name }) => !type.startsWith('()') && name !== 'setCustomValidity')).toEqual([]);
  });
});
