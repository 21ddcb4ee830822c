/** Serves a static site on a local port, for tests of whole pages in a real browser. No backend. */
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

/** What a site serves. */
export interface SiteContent {
  /** HTML documents by path. */
  readonly pages: Readonly<Record<string, string>>;
  /** Folders by the path that they are served under, such as `/assets/`. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Answers requests for anything else; by default with 404. */
  readonly otherwise?: RequestListener;
  /** The pages' `Content-Security-Policy`. */
  readonly policy?: string;
}

export interface Site {
  /** On `localhost`, so that a backend at 127.0.0.1 is another site. */
  readonly origin: string;
  close(): Promise<void>;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.png': 'image/png',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** The content is read at each request, so a test may change it. */
export async function openSite({ pages, folders = {}, otherwise, policy }: SiteContent): Promise<Site> {
  const html = {
    'Content-Type': 'text/html; charset=utf-8',
    ...(policy ? { 'Content-Security-Policy': policy } : {}),
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const page = pages[path];
    if (page !== undefined) return void response.writeHead(200, html).end(page);
    const under = Object.keys(folders).find((prefix) => path.startsWith(prefix));
    const rest = under === undefined ? '' : path.slice(under.length).replace(/(^|\/)$/, '$1index.html');
    const none = () => (otherwise ? otherwise(request, response) : response.writeHead(404).end());
    if (under === undefined || rest.split('/').includes('..')) return void none();
    readFile(join(folders[under] ?? '', rest)).then(
      (file) => response.writeHead(200, { 'Content-Type': types[extname(rest)] ?? 'text/plain' }).end(file),
      none,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
