/** The port for monitoring: metrics, liveness and readiness. These are never served under the public path. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.js';

/** Where it listens, and what it serves. */
interface MetricsServerOptions {
  hostname: string;
  port: number;
  metrics: Metrics;
  /** Whether requests can be served now. A rejection counts as no. */
  ready(): Promise<boolean>;
}

/**
 * Serves `/metrics`; `/live`, 200 while the process runs; and `/ready`, 200, or 503 while the process starts or stops or
 * cannot reach its store. An orchestrator restarts a process that is not live, and sends no requests to one that is not
 * ready. Rejects if the port is taken.
 */
export async function serveMetrics({ hostname, port, metrics, ready }: MetricsServerOptions) {
  const routes: Record<string, () => Promise<[status: number, type: string, body: string]>> = {
    '/metrics': async () => [200, metrics.type, await metrics.text()],
    '/live': async () => [200, 'text/plain', 'live\n'],
    '/ready': async () =>
      (await ready().catch(() => false)) ? [200, 'text/plain', 'ready\n'] : [503, 'text/plain', 'not ready\n'],
  };
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    const route = request.method === 'GET' && Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (!route) return void response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
    void route().then(
      ([status, type, body]) =>
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
      () => response.writeHead(500).end(),
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
