/** Prints a table of what the attacks achieved at the end of a run, and writes it to `.cache/attacks-<project>.md`. Global set-up of the test runner. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { PRICE, type Row } from './attack-metrics.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The file for the rows of this run. */
    attackMetrics: string;
  }
}

/** Makes the file before the run, and reads it afterwards. */
export default async function report(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'verify-contact-attacks-'));
  const file = join(folder, 'metrics.jsonl');
  project.provide('attackMetrics', file);
  return async () => {
    const lines = await readFile(file, 'utf8').catch(() => '');
    await rm(folder, { recursive: true });
    if (lines === '') return;
    const rows = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
    const table = tableOf(rows.sort((one, other) => one.test.localeCompare(other.test)));
    console.log(`\nWhat the attacks achieved\n\n${table}`);
    await mkdir('.cache', { recursive: true });
    await writeFile(`.cache/attacks-${project.name}.md`, table);
  };
}

function tableOf(rows: readonly Row[]): string {
  const heads = ['attack', 'budget', 'accepted', 'Twilio calls', `USD at ${PRICE.toFixed(2)}`, 'note', 'test'];
  const cells = rows.map(({ attack, budget, accepted, calls, sends, note, test }) => {
    const money = sends === undefined ? undefined : (sends * PRICE).toFixed(2);
    return [attack, budget, accepted, calls, money, note, test].map((cell) => String(cell ?? '–').replaceAll('|', '/'));
  });
  return [heads, heads.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |\n`).join('');
}
