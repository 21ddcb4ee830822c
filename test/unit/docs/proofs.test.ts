/** The guide to proofs in other languages shows the files of examples/proofs as they are. That they work is tested where they run. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { expect, it } from 'vitest';

const guide = readFileSync('docs/proofs.md', 'utf8');
const files = readdirSync('examples/proofs');

it.each(files)('the guide shows %s word for word', (file) => {
  const [, shown] = new RegExp(`^\`\`\`${extname(file).slice(1)}\\n([^]*?)^\`\`\``, 'm').exec(guide) ?? [];
  expect(shown).toBe(readFileSync(`examples/proofs/${file}`, 'utf8'));
});

it('the guide shows nothing else as code', () => {
  expect(guide.match(/^```\w+$/gm)).toHaveLength(files.length);
});
