/** Reads the documents, follows their links, and renders a page for each. Writes no file. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, extname, join, normalize } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { addressOf, groups, relativePath } from './addresses.js';
import { renderPage, type Entry } from './page-template.js';
import { renderSample, type Hosting } from './live-samples.js';
import { renderMarkdown } from './markdown.js';

/** Pages and pictures by their address below the site's root. */
export interface Docs {
  readonly pages: ReadonlyMap<string, string>;
  /** The file of each picture. */
  readonly pictures: ReadonlyMap<string, string>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (source: string) => readFileSync(join(root, source), 'utf8');
const listed: readonly string[] = groups.flatMap(({ sources }) => sources);
/** Files of an example that installing and building create. */
const leftovers = /^(node_modules|dist|package-lock\.json|next-env\.d\.ts|\..*)$/;

/** Renders all pages. Throws if a document links to a file that does not exist. */
export function readDocs(hosting: Hosting): Docs {
  const pages = new Map<string, string>();
  const pictures = new Map<string, string>();
  const titles = new Map(listed.map((source) => [source, titleOf(source)]));
  const sources = new Set<string>(listed);
  // A loop over a set also visits the members that are added meanwhile.
  for (const source of sources) {
    const address = addressOf(source);
    const styles = new Set<string>();
    const rendered = renderMarkdown(textOf(source), {
      link: (href) => {
        const [path = '', anchor] = href.split('#');
        const target = normalize(join(source, '..', path)).replace(/\/$/, '');
        if (!existsSync(join(root, target))) throw new Error(`${source} links to ${href}, which does not exist.`);
        sources.add(target);
        return relativePath(address, addressOf(target)) + (anchor ? `#${anchor}` : '');
      },
      picture: (src) => {
        const file = normalize(join(source, '..', src));
        const place = `docs/pictures/${file.replaceAll('/', '-')}`;
        pictures.set(place, join(root, file));
        return relativePath(address, place);
      },
      size: (src) => sizeOf(join(root, source, '..', src)),
      live: (name) => {
        const sample = renderSample(name, hosting, relativePath(address, 'index.html'));
        styles.add(sample.style);
        return sample.html;
      },
    });
    const navigation = groups.map(({ name, sources: members }) => ({
      name,
      entries: members.map((one) => entry(one, address, titles)),
    }));
    const at = listed.indexOf(source);
    const beside = (step: number) => {
      const other = at < 0 ? undefined : listed[at + step];
      return other === undefined ? undefined : entry(other, address, titles);
    };
    pages.set(address, renderPage({ ...rendered, address, navigation, styles, before: beside(-1), after: beside(1) }));
  }
  return { pages, pictures };
}

/** The document's title in the navigation. */
function titleOf(source: string): string {
  if (source === 'README.md') return 'Overview';
  return /^# (.*)$/m.exec(read(source))?.[1]?.replaceAll('`', '') ?? basename(source);
}

const entry = (source: string, from: string, titles: ReadonlyMap<string, string>): Entry => ({
  title: titles.get(source) ?? source,
  href: relativePath(from, addressOf(source)),
  current: addressOf(source) === from,
});

/** The text of a document. Any other file, or a folder, becomes a document that shows its contents. */
function textOf(source: string): string {
  if (source.endsWith('.md')) return read(source);
  if (statSync(join(root, source)).isFile()) return `# ${source}\n\n${fenced(source)}`;
  const files = readdirSync(join(root, source), { recursive: true, encoding: 'utf8' })
    .filter((file) => !file.split('/').some((part) => leftovers.test(part)))
    .filter((file) => statSync(join(root, source, file)).isFile())
    .sort();
  const shown = files.map((file) => `## ${file}\n\n${fenced(join(source, file))}`);
  return [`# ${source}`, ...shown].join('\n\n');
}

const fenced = (source: string) => `\`\`\`\`\`${extname(source).slice(1)}\n${read(source).trimEnd()}\n\`\`\`\`\``;

/**
 * The size in pixels of an SVG by its attributes, of a PNG (https://www.w3.org/TR/png-3/#11IHDR), or of a WebP with an extended
 * header (RFC 9649 section 2.7). With it, a picture that loads late does not shift the layout. Throws for any other picture.
 */
function sizeOf(file: string): { width: number; height: number } {
  const [, width, height] = /^<svg [^>]*\bwidth="(\d+)" height="(\d+)"/.exec(readFileSync(file, 'utf8')) ?? [];
  if (width && height) return { width: Number(width), height: Number(height) };
  const header = readFileSync(file).subarray(0, 30);
  if (header.toString('latin1', 12, 16) === 'IHDR')
    return { width: header.readUInt32BE(16), height: header.readUInt32BE(20) };
  if (header.toString('latin1', 8, 16) !== 'WEBPVP8X')
    throw new Error(`${file} is no SVG with a size, no PNG, and no WebP with an extended header.`);
  return { width: header.readUIntLE(24, 3) + 1, height: header.readUIntLE(27, 3) + 1 };
}
