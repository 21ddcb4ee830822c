/** The guide for those who run it names no setting, metric or command that does not exist, and leaves out no metric. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createMetrics } from '../../../src/cli/serve/metrics.js';
import { settingNames } from '../../../src/cli/settings/settings-schema.js';

const guide = readFileSync(new URL('../../../docs/deployment.md', import.meta.url), 'utf8');

it('every setting that it names is one', () => {
  const named = [...guide.matchAll(/\bVERIFY_[A-Z_]*[A-Z]\b/g)].map(([name]) => name);
  expect(new Set(named).size).toBeGreaterThan(15);
  // NEXT and PREVIOUS stand for both lines of each.
  const known = [...(settingNames as string[]), 'VERIFY_NEXT', 'VERIFY_PREVIOUS'];
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

it('its table of metrics is the list of metrics', async () => {
  const metrics = await createMetrics({ price: () => 0 });
  const real = [...(await metrics.text()).matchAll(/^# TYPE (verify_contact_\w+)/gm)].map(([, name]) => name);
  const rows = guide.split('\n').filter((line) => line.startsWith('| `verify_contact_'));
  const listed = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name.replace(/^_/, 'verify_contact_')),
  );
  expect(listed.sort()).toEqual(real.sort());
  for (const [name] of guide.matchAll(/\bverify_contact_\w+(?=[({[])/g)) expect(real.join()).toContain(name);
});

it('the commands and files that it names are there', () => {
  for (const [, path = ''] of guide.matchAll(/\]\(([^)#:]+)\)/g)) {
    expect(() => readFileSync(new URL(`../../../docs/${path}`, import.meta.url))).not.toThrow(/ENOENT/);
  }
});
