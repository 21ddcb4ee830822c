/** The alert rules and the dashboard in docs/prometheus use metrics that exist, and the rules pass their own tests in promtool. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/cli/serve/metrics.js';
import { problems } from '../../../src/protocol/problems.js';

const folder = fileURLToPath(new URL('../../../docs/prometheus/', import.meta.url));
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const rules = read('alerts.yml');
const dashboard = JSON.parse(read('dashboard.json')) as Dashboard;

interface Panel {
  id: number;
  type: string;
  title: string;
  datasource?: { uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; datasource: { uid: string } }[];
}

interface Dashboard {
  schemaVersion: number;
  templating: { list: { name: string; type: string; query: unknown }[] };
  panels: Panel[];
}

const recorded = [...rules.matchAll(/- record: (\S+)/g)].map(([, name = '']) => name);
const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const alerts = rules.split(/^ {6}- alert: /m).slice(1);

/** The names of all series that `/metrics` exports. A histogram has three. */
async function exportedNames(): Promise<string[]> {
  const text = await (await createMetrics({ price: () => 0 })).text();
  return [...text.matchAll(/^# TYPE (verify_contact_\w+) (\w+)/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
  );
}

describe('the rules and the dashboard', () => {
  it('use only metrics that serve exports, and records of the rules', async () => {
    const exported = await exportedNames();
    const used = [rules, ...expressions, JSON.stringify(dashboard.templating)].flatMap((text) => [
      ...text.matchAll(/(?<![\w:-])(?:\w+:)?verify_contact_\w+(?::\w+)?/g),
    ]);
    expect(used.length).toBeGreaterThan(30);
    const names = new Set(used.map(([name]) => name));
    expect([...names].filter((name) => ![...exported, ...recorded].includes(name))).toEqual([]);
    // And each metric is used somewhere.
    const families = exported.filter((name) => !/_(bucket|sum)$/.test(name));
    expect(families.filter((name) => !names.has(name))).toEqual([]);
  });

  it('count every problem with status 429 as a refusal by a limit, and no other one', () => {
    const limited = Object.entries(problems).flatMap(([code, { status }]) => (status === 429 ? code : []));
    const inRules = /VerifyContactRefusalsSurged[^]*?problem=~"([^"]+)"/.exec(rules)?.[1]?.split('|') ?? [];
    expect(inRules.sort()).toEqual(limited.sort());
  });
});

describe('each alert', () => {
  it('has a severity, a duration, a summary, and a description that says what to do', () => {
    expect(alerts.length).toBeGreaterThanOrEqual(9);
    for (const alert of alerts) {
      expect(alert).toMatch(/^ {8}for: \d+m$/m);
      expect(alert).toMatch(/^ {10}severity: (critical|warning)$/m);
      expect(alert).toMatch(/^ {10}summary: '.+\.'$/m);
      expect(alert).toMatch(/^ {10}description: >-\n {12}\S/m);
    }
  });

  it('is in the table of the guide with its severity', () => {
    const guide = readFileSync(join(folder, '../deployment.md'), 'utf8');
    const listed = [...guide.matchAll(/^\| `(VerifyContact\w+)` \| (\w+) \|/gm)].map(([, name, level]) => [
      name,
      level,
    ]);
    const real = alerts.map((alert) => [/^\w+/.exec(alert)?.[0], /severity: (\w+)/.exec(alert)?.[1]]);
    expect(listed.sort()).toEqual(real.sort());
  });
});

describe('the dashboard', () => {
  it('takes its data source from a variable, in every panel', () => {
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36);
    expect(dashboard.templating.list).toContainEqual(
      expect.objectContaining({ name: 'datasource', type: 'datasource', query: 'prometheus' }),
    );
    const panels = dashboard.panels.filter(({ type }) => type !== 'row');
    const sources = panels.flatMap(({ datasource, targets = [] }) => [
      datasource,
      ...targets.map((one) => one.datasource),
    ]);
    expect(new Set(sources.map((one) => one?.uid))).toEqual(new Set(['${datasource}']));
  });

  it('has panels that do not overlap', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...dashboard.panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});

const promtool = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
};
const isInstalled = promtool('--version').status === 0;

describe.skipIf(!isInstalled)(isInstalled ? 'promtool' : 'promtool (LEFT OUT: it is not on this machine)', () => {
  it('accepts the rules', () => {
    expect(promtool('check', 'rules', 'alerts.yml')).toMatchObject({ status: 0 });
  });

  it('finds that each rule does what its test says', () => {
    const { status, output } = promtool('test', 'rules', 'alerts.test.yml');
    expect(status, output).toBe(0);
    for (const alert of alerts) expect(read('alerts.test.yml')).toContain(/^\w+/.exec(alert)?.[0]);
  });

  it('accepts each expression of the dashboard', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'verify-contact-dashboard-'));
    const record = (expr: string, n: number) =>
      `      - { record: 'panel_${n}', expr: '${expr.replaceAll('$__rate_interval', '5m').replaceAll("'", "''")}' }`;
    writeFileSync(
      join(scratch, 'dashboard.yml'),
      `groups:\n  - name: dashboard\n    rules:\n${expressions.map(record).join('\n')}\n`,
    );
    const { status, output } = promtool('check', 'rules', join(scratch, 'dashboard.yml'));
    rmSync(scratch, { recursive: true });
    expect(status, output).toBe(0);
  });
});
