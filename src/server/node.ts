/** The backend for Node's HTTP server, and for servers that mount a Node listener: Express, Connect, Fastify, Vite. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Server as TcpServer, type AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Handler, PlainHandler } from './handler.js';
import { checkOptions } from './options/check-options.js';
import { defaultMaxConnections, serveOptions } from './options/serve.js';

/**
 * Makes a listener for `http.createServer` or `app.use('/verify', …)`. It passes the address of the peer to the handler. If a
 * parser such as `express.json()` has already read the body, it takes the body from `incoming.body`.
 */
export function nodeListener(handler: Handler): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  assertHandler('nodeListener', handler);
  const listener = getRequestListener(
    async (request, { incoming, outgoing }) => {
      // A body that was read and not kept never arrives. Reading it here sets `bodyUsed`, so that the handler refuses at once.
      if (incoming.readableDidRead && !(rawBodyOf(incoming) instanceof Buffer))
        await request.arrayBuffer().catch(() => undefined);
      const connection = { address: incoming.socket.remoteAddress };
      if (!isPlain(handler)) return await handler(request, connection);
      const { status, headers, body } = await handler.respond(request, connection);
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

/** Throws a `TypeError` that names the function which got something else than a handler. */
function assertHandler(caller: string, handler: unknown): void {
  if (typeof handler === 'function') return;
  throw new TypeError(`${caller} needs the handler that createHandler() returns, or a function around it.`);
}

/** Whether `createHandler` made this handler. A function that wraps it has no `respond`. */
const isPlain = (handler: Handler): handler is PlainHandler => 'respond' in handler;

/**
 * Makes the body readable again after another parser. Our parser can then not detect a repeated key or invalid UTF-8. Both are
 * dangerous only if two parsers read the body differently, and here only one has read it.
 */
function restoreBody(incoming: IncomingMessage & { body?: unknown; rawBody?: unknown }): void {
  const body = rawBodyOf(incoming) ?? incoming.body;
  if (body === undefined || body === null) return;
  if (body instanceof Buffer) incoming.rawBody = body;
  else incoming.rawBody = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Some hosts put the bytes of the body in `rawBody`, and @hono/node-server reads them from there. */
const rawBodyOf = (incoming: object): unknown => ('rawBody' in incoming ? incoming.rawBody : undefined);

/**
 * A running server. `close` refuses new connections and resolves when all requests are answered. Idle connections stay open
 * for `grace` (milliseconds, default 0), so that requests already sent are still answered.
 */
export interface RunningServer {
  url: string;
  port: number;
  close(grace?: number): Promise<void>;
}

/** Where {@link serve} listens, and how many connections it accepts. */
export interface ListenOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Default `127.0.0.1`: this machine alone. */
  hostname?: string;
  /**
   * The largest number of connections at once; one more is closed before its request is read. Default 2,000. More requests
   * than that would only wait, since at most 512 calls to Twilio run at once for each purpose.
   */
  maxConnections?: number;
}

/** More options, for tests. Not public. */
interface InternalListenOptions extends ListenOptions {
  /** Milliseconds in which a request must have arrived completely. Default 15,000. */
  requestTimeout?: number;
}

/** Longer than the 60 s for which nginx keeps an idle connection. If we closed it first, nginx could send a request on a closed connection. */
const KEEP_ALIVE_MS = 75_000;

/**
 * Serves only the backend, by default on a free port of the loopback interface. Rejects if the keys are bad or the port is in
 * use, and with a `TypeError` for a wrong option. Refuses a request that has not arrived completely within 15 seconds.
 */
export async function serve(handler: Handler, options: ListenOptions = {}): Promise<RunningServer> {
  const { requestTimeout = 15_000, ...publicOptions } = options as InternalListenOptions;
  const {
    port = 0,
    hostname = '127.0.0.1',
    maxConnections = defaultMaxConnections,
  } = checkOptions('serve', serveOptions, publicOptions);
  assertHandler('serve', handler);
  // A function around the handler may lack it.
  if (typeof (handler as Partial<Handler>).ready !== 'function')
    throw new TypeError(
      'serve needs a handler with the method ready: add the one of createHandler() to your function.',
    );
  await handler.ready();
  const listener = nodeListener(handler);
  const inFlight = new Set<ServerResponse>();
  let closing = false;
  const server = createServer(
    {
      requestTimeout,
      headersTimeout: Math.min(10_000, requestTimeout),
      // Without it, Node looks for late requests only every 30 seconds.
      connectionsCheckingInterval: Math.min(1_000, requestTimeout),
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (incoming, outgoing) => {
      if (closing) outgoing.setHeader('connection', 'close');
      inFlight.add(outgoing);
      outgoing.once('close', () => inFlight.delete(outgoing));
      void listener(incoming, outgoing);
    },
  );
  server.maxConnections = maxConnections;
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
        // From now on, each response is the last on its connection.
        for (const response of inFlight) if (!response.headersSent) response.setHeader('connection', 'close');
        const timer = setTimeout(() => server.closeIdleConnections(), grace);
        // The HTTP server's own `close` closes idle connections at once (Node 19 and later). Bun's server has no other.
        const isTcpServer: boolean = server instanceof TcpServer;
        const closer: TcpServer = isTcpServer ? TcpServer.prototype : server;
        closer.close.call(server, (error) => {
          clearTimeout(timer);
          if (error) reject(error);
          else resolve();
        });
      }),
  };
}
