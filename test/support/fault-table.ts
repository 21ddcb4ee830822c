/** Reads the tables of docs/faults.md, which the fault tests compare with what happens. A wrong or untested row fails a test. */
import { readFileSync } from 'node:fs';
import en from '../../src/locales/en.js';
import { memoryStore, type Store } from '../../src/server/index.js';

/** One row: what the person sees, what the limits count, how many messages are sent in all, and what is missing afterwards. */
export interface Row {
  sees: string;
  counted: string;
  messages: string;
  missing: string;
}

/** The rows of the table under a heading, by their first cell. */
export function readFaultTable(heading: string): Record<string, Row> {
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
    cells.map(([name = '', sees = '', counted = '', messages = '', missing = '']) => [
      name,
      { sees, counted, messages, missing },
    ]),
  );
}

/** A problem with the sentence that the element shows for it, as the table writes them. */
export const problemCell = (problem: string): string => {
  const sentence = Object.entries(en).find(([name]) => name === problem)?.[1];
  return `\`${problem}\`: ${typeof sentence === 'string' ? sentence : en.unavailable}`;
};

/** A store that counts the reservations that were neither refunded nor cleared. `restart` sets the count to zero. */
export function countingStore(store: Store = memoryStore()): { store: Store; counted(): number; restart(): void } {
  let count = 0;
  return {
    counted: () => count,
    restart: () => void (count = 0),
    store: {
      ...store,
      async reserve(counters, now) {
        const reservation = await store.reserve(counters, now);
        if (reservation.granted) count += 1;
        return reservation;
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
