/** The tables of docs/faults.md, which the tests of faults hold against what they see: a row that is not true, or that nobody tests, fails. */
import { readFileSync } from 'node:fs';
import en from '../../src/locales/en.js';
import { memoryStore, type Store } from '../../src/server/index.js';

/** One row: what the person is told, what the limits count, how many messages go out in all, and what is lost in the end. */
export interface Row {
  sees: string;
  counted: string;
  messages: string;
  lost: string;
}

/** The rows under a heading, by their first cell. */
export function guide(heading: string): Record<string, Row> {
  const text = readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8');
  const [, section = ''] = text.split(`## ${heading}\n`);
  const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| '));
  const cells = lines.slice(1).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return Object.fromEntries(
    cells.map(([name = '', sees = '', counted = '', messages = '', lost = '']) => [
      name,
      { sees, counted, messages, lost },
    ]),
  );
}

/** A problem as the element says it, with the sentence that it shows. */
export const told = (problem: string): string => {
  const sentence = Object.entries(en).find(([name]) => name === problem)?.[1];
  return `\`${problem}\`: ${typeof sentence === 'string' ? sentence : en.unavailable}`;
};

/** A store that remembers how many of the things counted were neither given back nor forgiven. */
export function countingStore(store: Store = memoryStore()): { store: Store; counted(): number; begin(): void } {
  let count = 0;
  return {
    counted: () => count,
    begin: () => void (count = 0),
    store: {
      ...store,
      async reserve(counters, now) {
        const answer = await store.reserve(counters, now);
        if (answer.granted) count += 1;
        return answer;
      },
      async refund(counters, receipt, now) {
        await store.refund(counters, receipt, now);
        count -= 1;
      },
      async clear(counters, now) {
        await store.clear(counters, now);
        count = 0;
      },
    },
  };
}
