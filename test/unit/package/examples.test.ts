/** The rules that hold for the examples as files. That they work is shown by `npm run examples`, which builds and drives them. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { examples } from '../../../scripts/examples/list.js';

interface Package {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const folders = [
  ...readdirSync('examples'),
  ...readdirSync('examples/servers').map((name) => `servers/${name}`),
].filter((name) => !name.endsWith('.md') && !['servers', 'shop', 'emulator', 'mobile', 'proofs'].includes(name));
const packages = folders.map((folder) => {
  return { folder, ...(JSON.parse(readFileSync(`examples/${folder}/package.json`, 'utf8')) as Package) };
});

describe('the examples', () => {
  it('are all driven', () => {
    expect(examples.map((one) => one.folder).sort()).toEqual([...folders].sort());
  });

  it('name every version exactly, and ours by the packed tarball', () => {
    const loose = packages.flatMap(({ folder, dependencies, devDependencies }) =>
      Object.entries({ ...dependencies, ...devDependencies })
        .filter(([, version]) => !/^(\d+\.\d+\.\d+|file:(\.\.\/)+(\.cache\/verify-contact\.tgz|shop))$/.test(version))
        .map(([name, version]) => `${folder}: ${name} ${version}`),
    );
    expect(loose).toEqual([]);
    const without = packages.filter((one) => !one.dependencies?.['verify-contact']).map((one) => one.folder);
    expect(without, 'served by another, without a build').toEqual(['html']);
  });

  it('name the versions that the package itself is tested with', () => {
    const ours = JSON.parse(readFileSync('package.json', 'utf8')) as Package;
    const tested = { ...ours.devDependencies, ...ours.dependencies };
    // Angular's compiler asks for the TypeScript before ours.
    const others = packages.flatMap(({ folder, dependencies, devDependencies }) =>
      Object.entries({ ...dependencies, ...devDependencies })
        .filter(([name, version]) => tested[name] !== undefined && tested[name] !== version)
        .filter(([name]) => !(folder === 'angular' && name === 'typescript'))
        .map(([name, version]) => `${folder}: ${name} ${version}, not ${tested[name]}`),
    );
    expect(others).toEqual([]);
  });

  it('are committed without what npm and the builds lay beside them', () => {
    const kept = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'examples'], {
      encoding: 'utf8',
    });
    const laid = kept
      .split('\n')
      .filter((file) => /node_modules|package-lock|\.tgz$|\/(dist|\.next|\.angular)\//.test(file));
    expect(kept).toContain('examples/html/index.html');
    expect(laid).toEqual([]);
  });

  it('never import from the sources of the package', () => {
    const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'examples'], {
      encoding: 'utf8',
    }).split('\n');
    const code = files.filter((file) => /\.(js|jsx|ts|tsx|vue|svelte|py|html)$/.test(file));
    expect(code.length).toBeGreaterThan(20);
    expect(
      code.filter((file) => /from '[^']*\/(src|dist)\/(server|flow|elements)/.test(readFileSync(file, 'utf8'))),
    ).toEqual([]);
  });
});
