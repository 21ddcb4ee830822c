/** The time of every regular expression of the package grows with the length of the input, not with its square (OWASP, Regular expression Denial of Service). */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { recordAttack } from '../../support/attack-metrics.js';

interface Found {
  where: string;
  expression: RegExp;
}

/** All literals that user input can reach. The emulator runs in development only, and one expression unpacks our own table of countries. */
function expressions(): Found[] {
  const src = fileURLToPath(new URL('../../../src/', import.meta.url));
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const ours = files.filter((file) => !file.startsWith('emulator') && !file.endsWith('countries.ts'));
  return ours.flatMap((where) => {
    const found: Found[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        found.push({
          where: `${where}: ${node.text}`,
          expression: new RegExp(node.text.slice(1, end), node.text.slice(end + 1)),
        });
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(where, readFileSync(src + where, 'utf8'), ts.ScriptTarget.ES2022));
    return found;
  });
}

/** What to repeat, and what comes before and after: near misses of what the expressions match. */
const pumps = [
  ' ',
  '\t',
  '-',
  '0',
  'a',
  'A',
  '.',
  'a.',
  '-0',
  ' -',
  ':',
  '1:',
  '1.',
  '\u200b',
  'a\u200b',
  '\u0660',
  '+',
  '(',
  '[',
  '%',
  '{',
  '{a',
  '@',
  'a@',
  '_',
  '\n',
  '\n ',
  '\r\n',
  '\n at ',
  '/',
  '=',
  ';',
  ', ',
  'é',
  '\ud800',
];
const before = ['', 'Bearer ', 'application/json;', 'a@', '['];
const after = ['', '!', '@'];
const shapes = pumps.flatMap((pump) => before.flatMap((head) => after.map((tail) => ({ pump, head, tail }))));
const text = ({ pump, head, tail }: (typeof shapes)[number], length: number) =>
  head + pump.repeat(length / pump.length) + tail;
const short = shapes.map((shape) => ({ shape, first: text(shape, 1000) }));

/** Milliseconds. A long time is measured three times and the shortest counts, since other load only adds to it. */
function time(expression: RegExp, input: string): number {
  const once = () => {
    const begin = performance.now();
    if (expression.global) input.replace(expression, '');
    else expression.test(input);
    return performance.now() - begin;
  };
  const first = once();
  return first < 2 ? first : Math.min(first, once(), once());
}

it('takes no longer than 15 ms for 8,000 characters that almost match', () => {
  const all = expressions();
  const slow = new Map<string, string>();
  let most = 0;
  for (const { where, expression } of all) {
    for (const { shape, first } of short) {
      // Quadratic time for 1,000 characters is a millisecond. Only what takes a tenth of that is tried on the longer text.
      if (time(expression, first) < 0.1) continue;
      const took = time(expression, text(shape, 8000));
      most = Math.max(most, took);
      if (took > 15) slow.set(where, `${took.toFixed(0)} ms for ${JSON.stringify(shape)}`);
      if (took > 15) break;
    }
  }
  expect(all.length).toBeGreaterThan(50);
  expect([...slow]).toEqual([]);
  recordAttack({
    attack: `${all.length} regular expressions on 8,000 characters`,
    note: `the slowest took ${most.toFixed(1)} ms`,
  });
});
