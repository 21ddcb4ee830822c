/** Vite plugin of the docs: renders them at each request in the demo, and into the site when it is built. */
import { readFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import type { Plugin } from 'vite';
import { readDocs, type Docs } from './site.js';

const pictureTypes: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
};

/** `root` is the folder of the site's own pages. The docs have addresses below it, but no files. */
export function docsPages(root: string): Plugin {
  let docs: Docs | null = null;
  const pageAt = (id: string) => docs?.pages.get(relative(root, id));
  return {
    name: 'docs-pages',
    config(_, { command }) {
      if (command !== 'build') return;
      docs = readDocs('static');
      const input = [...docs.pages.keys()].map((place) => join(root, place));
      return { build: { rolldownOptions: { input } } };
    },
    resolveId: (id) => (pageAt(id) === undefined ? null : id),
    load: (id) => pageAt(id) ?? null,
    async buildStart() {
      if (this.meta.watchMode) return;
      for (const [fileName, file] of docs?.pictures ?? [])
        this.emitFile({ type: 'asset', fileName, source: await readFile(file) });
    },
    configureServer(server) {
      const answer = async (path: string) => {
        const { pages, pictures } = readDocs('served');
        const place = path.slice(1).replace(/(^|\/)$/, '$1index.html');
        const picture = pictures.get(place);
        if (picture) return { type: pictureTypes[extname(picture)] ?? '', body: await readFile(picture) };
        const page = pages.get(place);
        return page && { type: 'text/html', body: await server.transformIndexHtml(path, page) };
      };
      server.middlewares.use((request, response, next) => {
        const path = (request.url ?? '').replace(/[?#].*/, '');
        if (path === '/docs') return void response.writeHead(302, { Location: '/docs/' }).end();
        if (!/^\/docs\/(.*\.(html|png|svg|webp))?$/.test(path)) return next();
        answer(path).then(
          (found) => (found ? response.setHeader('Content-Type', found.type).end(found.body) : next()),
          next,
        );
      });
    },
  };
}
