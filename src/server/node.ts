/** The backend in Node's own HTTP server, and in everything that mounts its listeners: Express, Connect, Fastify, Vite. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Server as TcpServer, type AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Handler } from './handler.js';

/**
 * A listener for `http.createServer`, or for `app.use('/verify', …)`. It tells the handler the address of the peer. A body that
 * a parser such as `express.json()` has read before is taken from `incoming.body`, where such parsers leave it.
 */
export function nodeListener(handler: Handler): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  const listener = getRequestListener(
    async (request, { incoming, outgoing }) => {
      // Whoever reads a body twice is refused at once: from here on the handler sees that it was read.
      if (incoming.readableDidRead && !(rawBodyOf(incoming) instanceof Buffer))
        await request.arrayBuffer().catch(() => undefined);
      const { status, headers, body } = await handler.answer(request, { address: incoming.socket.remoteAddress });
      if (body !== null) headers['content-length'] = String(Buffer.byteLength(body));
      (outgoing as ServerResponse).writeHead(status, headers).end(body);
      return RESPONSE_ALREADY_SENT;
    },
    { overrideGlobalObjects: false },
  );
  return (incoming, outgoing) => {
    if (incoming.readableDidRead) restoreBody(incoming);
    return listener(incoming, outgoing);
  };
}

/**
 * Lets the body be read once more where another has parsed it. Of what our own parser refuses, only a key that comes twice and
 * invalid UTF-8 can no longer be seen then; both ask for two readers that disagree, and here there was one.
 */
function restoreBody(incoming: IncomingMessage & { body?: unknown; rawBody?: unknown }): void {
  const kept = rawBodyOf(incoming) ?? incoming.body;
  if (kept === undefined || kept === null) return;
  if (kept instanceof Buffer) incoming.rawBody = kept;
  else incoming.rawBody = Buffer.from(typeof kept === 'string' ? kept : JSON.stringify(kept));
}

/** Where some hosts keep the bytes themselves, and where the adapter looks for them. */
const rawBodyOf = (incoming: object): unknown => ('rawBody' in incoming ? incoming.rawBody : undefined);

/**
 * A listening server. `close` takes no new connections and resolves when the requests at hand are answered. With `grace`
 * (ms, default 0) connections that are idle stay open that long, so that a request on its way to us is still answered.
 */
export interface RunningServer {
  url: string;
  port: number;
  close(grace?: number): Promise<void>;
}

/** Longer than the 60 s for which nginx keeps a connection: only one side may close an idle one, or a request meets its end. */
const KEEP_ALIVE = 75_000;

/**
 * Serves the backend alone: by default on a free port of this machine only. Rejects if the keys are bad or the port is taken.
 * A request must have arrived whole within 15 seconds.
 */
export async function serve(handler: Handler, { port = 0, hostname = '127.0.0.1' } = {}): Promise<RunningServer> {
  await handler.ready();
  const listener = nodeListener(handler);
  const inFlight = new Set<ServerResponse>();
  let closing = false;
  const server = createServer(
    { requestTimeout: 15_000, headersTimeout: 10_000, keepAliveTimeout: KEEP_ALIVE },
    (incoming, outgoing) => {
      if (closing) outgoing.setHeader('connection', 'close');
      inFlight.add(outgoing);
      outgoing.once('close', () => inFlight.delete(outgoing));
      void listener(incoming, outgoing);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, hostname, resolve);
  });
  const actual = (server.address() as AddressInfo).port;
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  return {
    url: `http://${host}:${actual}`,
    port: actual,
    close: (grace = 0) =>
      new Promise((resolve, reject) => {
        closing = true;
        // Each answer from now on is the last of its connection.
        for (const answer of inFlight) if (!answer.headersSent) answer.setHeader('connection', 'close');
        const timer = setTimeout(() => server.closeIdleConnections(), grace);
        // Not the HTTP server's own `close`, which cuts idle connections at once (Node 19 and later).
        TcpServer.prototype.close.call(server, (error) => {
          clearTimeout(timer);
          if (error) reject(error);
          else resolve();
        });
      }),
  };
}
