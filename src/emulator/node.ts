/** Serves the emulator on a port, for clients that need one. Node only; on loopback by default. */
import { serve } from '@hono/node-server';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Emulator } from './index.js';
import { ServeOptions } from './options/schemas.js';
import { checked } from './options/validation.js';
import { answerOf } from './serving/answer.js';

/**
 * Listens on a free port, or on the one that you give. Rejects if the port is taken, and with a
 * `TypeError` for an unknown option or a wrong value.
 * Destroys the socket of a call for a `reset` fault, or a client that disconnected. Any other rejection is a 500 that standard
 * error tells about.
 * `close` cuts open connections, including those of unanswered calls.
 */
export async function serveEmulator(
  emulator: Emulator,
  options: { port?: number; hostname?: string } = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const { port = 0, hostname = '127.0.0.1' } = checked(ServeOptions, options, 'serveEmulator');
  return await new Promise((resolve, reject) => {
    const server = serve({
      port,
      hostname,
      overrideGlobalObjects: false,
      fetch: answerOf(emulator),
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
