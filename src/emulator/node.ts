/** The emulator on a port, for clients that need one. Node only; loopback unless told otherwise. */
import { serve } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Emulator } from './index.js';

/**
 * Listens, on a free port unless one is given. A call that rejects (a reset, or a client that left) loses its socket.
 * Rejects if the port is taken. `close` cuts open connections, unanswered calls among them.
 */
export function serveEmulator(
  emulator: Emulator,
  { port = 0, hostname = '127.0.0.1' }: { port?: number; hostname?: string } = {},
): Promise<{ url: string; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve({
      port,
      hostname,
      overrideGlobalObjects: false,
      fetch: (request, { incoming }) =>
        emulator.fetch(request).catch(() => {
          incoming.socket.destroy();
          return RESPONSE_ALREADY_SENT;
        }),
    }) as Server;
    server.once('error', reject);
    server.once('listening', () => {
      const { port: actual } = server.address() as AddressInfo;
      const host = hostname.includes(':') ? `[${hostname}]` : hostname;
      const close = (): Promise<void> =>
        new Promise((done) => {
          server.close(() => done());
          server.closeAllConnections();
        });
      resolve({ url: `http://${host}:${actual}`, close });
    });
  });
}
