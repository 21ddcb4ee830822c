/** The emulator's own routes under `/__emulator`: outbox, clock, faults. Twilio has no such routes. Never expose them to a network. */
import type { Emulator } from './emulator.js';
import type { Fault } from './model/faults.js';
import type { ServiceOptions } from './model/options.js';

/**
 * Returns a handler to mount under `/__emulator` of any server. It answers loopback hosts only and sends no CORS headers:
 * another page in the same browser must not read codes, neither directly nor by DNS rebinding.
 */
export function controlPlane(emulator: Emulator): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    if (!isLocal(request, url)) return problem(403, 'The control plane answers only its own machine and its own page.');
    const path = url.pathname.slice(url.pathname.indexOf('/__emulator') + '/__emulator'.length);
    try {
      return await route(emulator, `${request.method} ${path}`, request, url);
    } catch (error) {
      return problem(400, error instanceof Error ? error.message : 'Bad request.');
    }
  };
}

async function route(emulator: Emulator, endpoint: string, request: Request, url: URL): Promise<Response> {
  switch (endpoint) {
    case 'GET /outbox': {
      const to = url.searchParams.get('to');
      return json(emulator.outbox.list().filter((message) => to === null || message.to === to));
    }
    case 'GET /outbox/events':
      return events(emulator);
    case 'DELETE /outbox':
      emulator.outbox.clear();
      return json({});
    case 'POST /clock': {
      const { advance } = await jsonBody<{ advance?: unknown }>(request);
      if (typeof advance !== 'number' || !Number.isFinite(advance))
        return problem(400, '"advance" must be a number of seconds.');
      emulator.clock.advance(advance);
      return json({ now: new Date(emulator.clock.now()).toISOString() });
    }
    case 'POST /faults': {
      const fault = await jsonBody<Fault & { times?: number | null }>(request);
      // JSON has no infinity: JSON.stringify writes null.
      emulator.faults.add({ ...fault, times: fault.times === null ? Infinity : (fault.times ?? 1) });
      return json({});
    }
    case 'DELETE /faults':
      emulator.faults.clear();
      return json({});
    case 'POST /services': {
      const { sid, ...changes } = await jsonBody<ServiceOptions>(request);
      emulator.configureService(sid, changes);
      return json({});
    }
    case 'POST /reset':
      emulator.reset();
      return json({});
    default:
      return problem(404, `The control plane has no ${endpoint}.`);
  }
}

/**
 * Whether the host is a loopback name and no page of another origin sent the request.
 * The host alone is not enough: a form or an image may send requests across origins without permission.
 */
function isLocal(request: Request, url: URL): boolean {
  const host = request.headers.get('host') ?? url.host;
  const name = host.replace(/:\d+$/, '');
  if (!/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(name)) return false;
  const fetchSite = request.headers.get('sec-fetch-site');
  if (fetchSite !== null && fetchSite !== 'same-origin' && fetchSite !== 'none') return false;
  const origin = request.headers.get('origin');
  return origin === null || (URL.canParse(origin) && new URL(origin).host === host);
}

async function jsonBody<T extends object>(request: Request): Promise<T> {
  const value: unknown = await request.json();
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('The body must be a JSON object.');
  return value as T;
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
