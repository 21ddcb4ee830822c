/** What prevents a release, and that the workflow checks it before it publishes. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { notReady } from '../../../scripts/release/ready.js';

const ready = {
  manifest: '{"version":"1.2.3","repository":{"url":"git+https://github.com/somebody/verify-contact.git"}}',
  lock: '{"version":"1.2.3"}',
  changelog: '# Changelog\n\n## 1.2.3 (2027-01-31)\n\n- [server] …\n',
};

it('a release is published if version, tag and changelog agree', () => {
  expect(notReady('v1.2.3', ready)).toEqual([]);
});

it.each([
  ['the tag', 'v1.2.4', ready, 'The tag is v1.2.4, and package.json says 1.2.3.'],
  ['the lock file', 'v1.2.3', { ...ready, lock: '{"version":"1.2.2"}' }, 'package-lock.json has another version'],
  ['the repository', 'v1.2.3', { ...ready, manifest: '{"version":"1.2.3"}' }, 'package.json names no repository'],
  ['the changelog', 'v1.2.3', { ...ready, changelog: '## 1.2.2 (2027-01-01)\n' }, 'CHANGELOG.md has no section'],
  ['the date', 'v1.2.3', { ...ready, changelog: '## 1.2.3 (unreleased)\n' }, 'CHANGELOG.md calls 1.2.3 "unreleased"'],
])('a release where %s disagrees is kept back', (_, tag, texts, sentence) => {
  expect(notReady(tag, texts)).toEqual([expect.stringContaining(sentence)]);
});

it('the workflow checks first, publishes with provenance, and has no token', () => {
  const workflow = readFileSync(new URL('../../../.github/workflows/release.yml', import.meta.url), 'utf8');
  const [asks, publishes] = ['scripts/release/check.js', 'npm publish --provenance'].map((step) =>
    workflow.indexOf(step),
  );
  expect(asks).toBeGreaterThan(0);
  expect(publishes).toBeGreaterThan(asks ?? 0);
  expect(workflow).toMatch(/id-token: write/);
  expect(workflow).not.toMatch(/secrets\.|NODE_AUTH_TOKEN/);
});
