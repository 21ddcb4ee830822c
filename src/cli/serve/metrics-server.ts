/** The port for those who watch: metrics, and whether the process lives and is ready. Never mounted under the public path. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.js';

/** Where it listens, and what it tells. */
export interface Watched {
  hostname: string;
  port: number;
  metrics: Metrics;
  /** Whether requests would be served now; a rejection counts as no. */
  ready(): Promise<boolean>;
}

/**
 * `/metrics`; `/live`: 200 while the process runs; `/ready`: 200, or 503 while it starts, stops or lacks its store. An
 * orchestrator restarts what is not live and sends nobody to what is not ready. Rejects if the port is taken.
 */
export async function serveMetrics({ hostname, port, metrics, ready }: Watched) {
  const answers: Record<string, () => Promise<[status: number, type: string, body: string]>> = {
    '/metrics': async () => [200, metrics.type, await metrics.text()],
    '/live': async () => [200, 'text/plain', 'live\n'],
    '/ready': async () =>
      (await ready().catch(() => false)) ? [200, 'text/plain', 'ready\n'] : [503, 'text/plain', 'not ready\n'],
  };
  const server = createServer((incoming, outgoing) => {
    const [path = ''] = (incoming.url ?? '').split('?');
    const answer = incoming.method === 'GET' && Object.hasOwn(answers, path) ? answers[path] : undefined;
    if (!answer) return void outgoing.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
    void answer().then(
      ([status, type, body]) =>
        outgoing.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
      () => outgoing.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, hostname, resolve);
  });
  return {
    url: `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${(server.address() as AddressInfo).port}`,
    async close(): Promise<void> {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}
