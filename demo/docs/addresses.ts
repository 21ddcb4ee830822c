/** The pages of the docs, and the address of each on the site. Reads no file. */
import { dirname, relative } from 'node:path/posix';

/** The documents in the order in which the side navigation lists them. */
export const groups = [
  {
    name: 'Start',
    sources: [
      'README.md',
      'docs/comparison.md',
      'examples/README.md',
      'docs/from-a-twilio-sample.md',
      'docs/from-another-service.md',
      'docs/demo.md',
    ],
  },
  {
    name: 'On the page',
    sources: [
      'docs/elements.md',
      'docs/theming.md',
      'docs/languages.md',
      'docs/csp-and-integrity.md',
      'docs/captcha.md',
      'docs/mobile.md',
    ],
  },
  {
    name: 'In operation',
    sources: [
      'docs/server.md',
      'docs/proofs.md',
      'docs/deployment.md',
      'docs/faults.md',
      'docs/twilio-options.md',
      'docs/data-retention.md',
      'docs/emulator.md',
      'docs/emulator-clients.md',
    ],
  },
  {
    name: 'Reference',
    sources: [
      'docs/reference/elements.md',
      'docs/reference/page.md',
      'docs/reference/client.md',
      'docs/reference/server.md',
      'docs/reference/server-node.md',
      'docs/reference/accounts.md',
      'docs/reference/protocol.md',
      'docs/reference/problems.md',
      'docs/reference/serve.md',
      'docs/reference/emulator.md',
      'docs/reference/emulator-node.md',
    ],
  },
  { name: 'The project', sources: ['SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'] },
] as const;

/** The address of a repository's file, below the site's root. A file that is not a listed document is shown as source. */
export function addressOf(source: string): string {
  if (source === 'README.md') return 'docs/index.html';
  if (source === 'examples/README.md') return 'docs/examples.html';
  if (/^docs\/.*\.md$/.test(source)) return source.replace(/\.md$/, '.html');
  if (/^[A-Z]+\.md$/.test(source)) return `docs/${source.toLowerCase().replace(/\.md$/, '.html')}`;
  return `docs/source/${source}.html`;
}

/** The relative path from one page to another. It works under any path of a host. */
export function relativePath(from: string, to: string): string {
  const path = relative(dirname(from), to).replace(/(^|\/)index\.html$/, '$1');
  return path.startsWith('.') ? path : `./${path}`;
}
