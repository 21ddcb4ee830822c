/** The emulator's own routes under `/__emulator`: outbox, clock, faults. Twilio has no such routes. Never expose them to a network. */
import type { Emulator } from '../model/emulator.js';
import { readObject } from './read-object.js';
import { ClockBody, Nothing, OutboxQuery, ServiceBody } from '../options/schemas.js';
import { checked, unknownName } from '../options/validation.js';

/**
 * Returns a handler to mount under `/__emulator` of any server. A request with an unknown name or a wrong value gets 400 with
 * a sentence, and changes nothing. The handler answers loopback hosts and `allowedHosts` only and sends no CORS headers:
 * another page in the same browser must not read codes, neither directly nor by DNS rebinding.
 */
export function controlPlane(
  emulator: Emulator,
  allowedHosts: readonly string[] = [],
): (request: Request) => Promise<Response> {
  const allowed = new Set(allowedHosts.map((name) => name.toLowerCase()));
  return async (request) => {
    const url = new URL(request.url);
    if (!isLocal(request, url, allowed))
      return problem(403, 'The control plane answers only its own machine and its own page.');
    const path = url.pathname.slice(url.pathname.indexOf('/__emulator') + '/__emulator'.length);
    const endpoint = `${request.method} ${path}`;
    const run = Object.hasOwn(routes, endpoint) ? routes[endpoint] : undefined;
    if (!run) return problem(404, unknownName(endpoint, Object.keys(routes)));
    try {
      return run(emulator, { query: queryOf(url), body: await readObject(request) });
    } catch (error) {
      return problem(400, error instanceof Error ? error.message : 'Bad request.');
    }
  };
}

/** The routes. Each checks all of its request before it changes anything. */
const routes: Record<string, (emulator: Emulator, input: Input) => Response> = {
  'GET /outbox'(emulator, { query, body }) {
    checked(Nothing, body, 'The body');
    const { to } = checked(OutboxQuery, query, 'The query');
    return json(emulator.outbox.list().filter((message) => to === undefined || message.to === to));
  },
  'GET /outbox/events': takesNothing((emulator) => events(emulator)),
  'DELETE /outbox': takesNothing((emulator) => {
    emulator.outbox.clear();
    return json({});
  }),
  'POST /clock': takesBody((emulator, body) => {
    const { advance } = checked(ClockBody, body, 'The clock');
    emulator.clock.advance(advance);
    return json({ now: new Date(emulator.clock.now()).toISOString() });
  }),
  'POST /faults': takesBody((emulator, body) => {
    // JSON has no infinity: JSON.stringify writes null.
    emulator.faults.add(body.times === null ? { ...body, times: Infinity } : body);
    return json({});
  }),
  'DELETE /faults': takesNothing((emulator) => {
    emulator.faults.clear();
    return json({});
  }),
  'POST /services': takesBody((emulator, body) => {
    const { sid, ...changes } = checked(ServiceBody, body, 'The service');
    emulator.configureService(sid, changes);
    return json({});
  }),
  'POST /reset': takesNothing((emulator) => {
    emulator.reset();
    return json({});
  }),
};

/** A request's query and its JSON body, if it has any. */
interface Input {
  query: Record<string, unknown>;
  body: Record<string, unknown>;
}

function takesNothing(run: (emulator: Emulator) => Response): (emulator: Emulator, input: Input) => Response {
  return (emulator, { query, body }) => {
    checked(Nothing, query, 'The query');
    checked(Nothing, body, 'The body');
    return run(emulator);
  };
}

function takesBody(
  run: (emulator: Emulator, body: Input['body']) => Response,
): (emulator: Emulator, input: Input) => Response {
  return (emulator, { query, body }) => {
    checked(Nothing, query, 'The query');
    return run(emulator, body);
  };
}

/** The query's names and values. A name that is there twice has a list, which no schema takes. */
function queryOf({ searchParams }: URL): Record<string, unknown> {
  return Object.fromEntries(
    [...searchParams.keys()].map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

/**
 * Whether the host is a loopback name, or one that is allowed, and no page of another origin sent the request.
 * The host alone is not enough: a form or an image may send requests across origins without permission.
 */
function isLocal(request: Request, url: URL, allowed: ReadonlySet<string>): boolean {
  const host = request.headers.get('host') ?? url.host;
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (!/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(name) && !allowed.has(name)) return false;
  const fetchSite = request.headers.get('sec-fetch-site');
  if (fetchSite !== null && fetchSite !== 'same-origin' && fetchSite !== 'none') return false;
  const origin = request.headers.get('origin');
  return origin === null || (URL.canParse(origin) && new URL(origin).host === host);
}

/** Streams each new message as a server-sent event. */
function events(emulator: Emulator): Response {
  const encoder = new TextEncoder();
  let unsubscribe: (() => void) | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(': new messages of the outbox\n\n'));
      unsubscribe = emulator.outbox.subscribe((message) => {
        controller.enqueue(encoder.encode(`data: ${JSON.stringify(message)}\n\n`));
      });
    },
    cancel: () => unsubscribe?.(),
  });
  return new Response(stream, { headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' } });
}

function json(value: unknown): Response {
  return Response.json(value, { headers: { 'Cache-Control': 'no-store' } });
}

function problem(status: number, error: string): Response {
  return Response.json({ error }, { status, headers: { 'Cache-Control': 'no-store' } });
}
