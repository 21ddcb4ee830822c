/** The doctor's tests of the ports: whether `serve` could listen on them now. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ServeSettings } from '../settings/handler-settings.js';
import { openPort } from '../settings/open-port.js';
import { advise, pass, type Diagnostic, type DiagnosticResult } from './diagnostic.js';

/** One test for each port. It listens there for a moment. */
export function portDiagnostics({ listen, operation: { metrics } }: ServeSettings): Diagnostic[] {
  const diagnostic = (port: string, host: string, at: { hostname: string; port: number }): Diagnostic => ({
    title: `${port} (${at.hostname}:${at.port})`,
    run: () => openPort(() => tryPort(at), { port, hostname: host }),
  });
  return [
    diagnostic('VERIFY_PORT', 'VERIFY_HOST', listen),
    ...(metrics ? [diagnostic('VERIFY_METRICS_PORT', 'VERIFY_METRICS_HOST', metrics)] : []),
  ];
}

/** A port that is taken is no fault: the doctor is also run while `serve` does. */
async function tryPort({ hostname, port }: { hostname: string; port: number }): Promise<DiagnosticResult[]> {
  const server = createServer().listen(port, hostname);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return [advise('it is taken: if not by serve, stop what uses it, or choose another port.')];
  }
  server.close();
  return [pass('serve can listen there')];
}
