/** Checks templates that use the elements by each framework's own checker, against the built package. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { check, frameworks } from '../../support/template-checkers.js';

const folder = (name: string) => fileURLToPath(new URL(`../../typings/${name}`, import.meta.url));

describe.each(frameworks)('in %s', (name) => {
  it('correct templates pass, and each error is reported on its line', async () => {
    const { said, places } = await check(name, folder(name));
    const lines = (file: string) => [...new Set(places.filter((one) => one.file === file).map(({ line }) => line))];
    const wrong = readdirSync(folder(name)).find((file) => file.startsWith('wrong.')) ?? '';
    const text = readFileSync(`${folder(name)}/${wrong}`, 'utf8').split('\n');
    const expected = text.flatMap((line, index) => (/(\/\/|<!--) wrong/.test(line) ? [index + 1] : []));
    expect(lines('right'), said).toEqual([]);
    expect(
      lines('wrong').sort((a, b) => a - b),
      said,
    ).toEqual(expected);
  }, 180_000);
});
