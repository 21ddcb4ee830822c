/** Every regular expression that processes untrusted text takes time in proportion to its length, whatever the text. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { parseContact } from '../../../src/server/contacts/parse-contact.js';
import { loadPhoneMetadata } from '../../../src/server/contacts/phone-metadata.js';
import { normalizeText, parseCode } from '../../../src/server/contacts/normalize-text.js';

await loadPhoneMetadata();

const hostile = [
  ' ',
  '(',
  '+',
  '-',
  '--',
  '.',
  'a',
  'a.',
  '1',
  '1 ',
  '"',
  '\\',
  '@',
  'a@',
  '=',
  'A',
  '\t',
  '\u200b',
  ' \u200b',
  '\u00ad',
  '\ufdfa',
  '٣',
  '例。',
  '/',
  ':',
  ',',
  ';',
  '{',
  '[',
  'é',
];
const ends = ['', 'x', '\0', '@', '!', '.com', '\n'];
const LENGTH = 20_000;
/** milliseconds */
const LIMIT = 400;

/** Processor time in milliseconds, which other processes on the machine do not affect. */
function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The slowest text, as unit and end. A square would be 4 · 10⁸ steps, a second or more; linear is about a millisecond. */
function slow(work: (text: string) => void): string[] {
  const texts = hostile.flatMap((unit) =>
    ends.map((end) => ({ name: JSON.stringify([unit, end]), text: unit.repeat(LENGTH / unit.length) + end })),
  );
  return texts.filter(({ text }) => processorTime(() => work(text)) > LIMIT).map(({ name }) => name);
}

function* files(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) yield* files(join(folder, entry.name));
    else if (entry.name.endsWith('.ts')) yield join(folder, entry.name);
  }
}

/** The regular expressions written in a source file. */
function expressions(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ESNext));
  return found;
}

const written = ['src/server', 'src/protocol']
  .flatMap((folder) => [...files(folder)])
  .flatMap((file) => expressions(file).map((text) => [text, file] as const));

describe('time grows with the length of a text, not with its square', () => {
  test.each(written)('%s in %s', (literal) => {
    const end = literal.lastIndexOf('/');
    const expression = new RegExp(literal.slice(1, end), literal.slice(end + 1));
    expect(slow((text) => text.replace(expression, ''))).toEqual([]);
  });

  test('the yardstick finds a square', () => {
    const text = `${' '.repeat(2 * LENGTH)}x`;
    expect(processorTime(() => text.replace(/ +$/, ''))).toBeGreaterThan(LIMIT);
  });

  test('what reads numbers, addresses and codes', () => {
    expect(slow((text) => normalizeText(text))).toEqual([]);
    expect(slow((text) => parseCode(text, 6))).toEqual([]);
    expect(slow((text) => parseContact(text, 'US', { types: ['phone', 'email'], channels: ['sms', 'email'] }))).toEqual(
      [],
    );
  });
});
