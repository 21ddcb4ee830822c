/** A proxy that plays Twilio's hosts over TLS, for programs that have their addresses built in. It forwards nothing to anybody. */
import { getRequestListener } from '@hono/node-server';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { answerOf } from './answer.js';
import { createAuthority } from './authority.js';
import { twilioHosts } from './twilio-hosts.js';
import type { Emulator } from '../model/emulator.js';

/** Milliseconds for a client to say what it wants, and to finish the handshake. */
const OPENING_TIMEOUT_MS = 10_000;
/** Longer than any client waits for an answer. */
const IDLE_TIMEOUT_MS = 600_000;

/** The proxy, listening. `certificate` (PEM) is what its clients must trust. */
interface RunningProxy {
  url: string;
  certificate: string;
  close(): Promise<void>;
}

/**
 * Answers CONNECT for Twilio's hosts on port 443 with the emulator behind a certificate of its own authority, and everything
 * else with 403. Rejects if the port is taken, or a package for certificates is missing.
 */
export async function serveProxy(
  emulator: Emulator,
  { port, hostname, now = Date.now }: { port: number; hostname: string; now?: () => number },
): Promise<RunningProxy> {
  const { certificate, server: credentials, expiresAt } = await createAuthority(twilioHosts, now());
  const answer = answerOf(emulator);
  const respond = getRequestListener(
    (request, env) => (isTwilio(env.incoming.headers.host) ? answer(request, env) : misdirected()),
    { overrideGlobalObjects: false },
  );
  // It listens on no port: it is handed the sockets of those who asked for Twilio.
  const twilio = createTlsServer(
    { ...credentials, handshakeTimeout: OPENING_TIMEOUT_MS },
    (request, response) => void respond(request, response),
  );
  const sockets = new Set<Duplex>();
  const proxy = createServer({ headersTimeout: OPENING_TIMEOUT_MS }, (_, response) => {
    response.writeHead(403, headers).end(forwardsNothing);
  });
  proxy.on('connect', ({ url, socket }: IncomingMessage, stream: Duplex, head: Buffer) => {
    // Without a listener, a client that breaks the connection would end the process.
    stream.on('error', () => stream.destroy());
    if (!isTwilio(url, ':443')) return refuse(stream, '403 Forbidden', forwardsNothing);
    if (now() > expiresAt) return refuse(stream, '503 Service Unavailable', expired);
    sockets.add(stream);
    stream.once('close', () => sockets.delete(stream));
    socket.setTimeout(IDLE_TIMEOUT_MS, () => stream.destroy());
    stream.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    stream.unshift(head);
    twilio.emit('connection', stream);
  });
  return await new Promise((resolve, reject) => {
    proxy.once('error', reject);
    proxy.listen(port, hostname, () => {
      const { port: actual } = proxy.address() as AddressInfo;
      const host = hostname.includes(':') ? `[${hostname}]` : hostname;
      const close = (): Promise<void> =>
        new Promise((done) => {
          proxy.close(() => done());
          proxy.closeAllConnections();
          for (const socket of sockets) socket.destroy();
        });
      resolve({ url: `http://${host}:${actual}`, certificate, close });
    });
  });
}

const forwardsNothing = `This proxy plays ${twilioHosts.join(' and ')} on port 443, and forwards nothing to any other host.\n`;
const expired = 'The certificate of this proxy was made for a day, which has passed: start the emulator again.\n';
const headers = { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' };

/** Whether it is exactly one of Twilio's names, in any case, with this port behind it; without one if that may be left out. */
function isTwilio(authority: string | undefined, port?: ':443'): boolean {
  const name = authority?.toLowerCase() ?? '';
  return twilioHosts.some((host) => name === `${host}:443` || (port === undefined && name === host));
}

/** RFC 9110, section 15.5.20: inside a connection to Twilio, a request for another host. */
function misdirected(): Response {
  return new Response(forwardsNothing, { status: 421, headers });
}

function refuse(stream: Duplex, status: string, text: string): void {
  const lines = Object.entries({ ...headers, 'Content-Length': String(Buffer.byteLength(text)) });
  stream.end(`HTTP/1.1 ${status}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${text}`);
}
