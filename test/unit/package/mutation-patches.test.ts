/** The changes of the elements that the browser tests must notice. That they are noticed is shown by `npm run mutation -- elements`. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { patches } from '../../../scripts/mutation/elements/patches.js';

describe('the changes of the elements', () => {
  it('are at least sixty', () => {
    expect(patches.length).toBeGreaterThanOrEqual(60);
  });

  it('each find their text exactly once, and name a file of browser tests', () => {
    const stale = patches.filter(([file, find, , tests]) => {
      const isUnique = readFileSync(`src/elements/${file}`, 'utf8').split(find).length === 2;
      return !isUnique || !existsSync(`test/browser/${tests}.test.ts`);
    });
    expect(stale).toEqual([]);
  });
});
