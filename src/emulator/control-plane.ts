/** The emulator's own routes under `/__emulator`: mailbox, clock, faults. Twilio has nothing like it; never serve it to strangers. */
import type { Emulator } from './emulator.js';
import type { Fault } from './model/faults.js';
import type { ServiceOptions } from './model/options.js';

/**
 * A handler to mount under `/__emulator` of any server. It answers loopback hosts only and sends no CORS headers:
 * another page in the same browser must not read codes, neither directly nor by DNS rebinding.
 */
export function controlPlane(emulator: Emulator): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    if (!isLocal(request, url))
      return refuse(403, 'The control plane answers the page and the machine it runs on, nobody else.');
    const path = url.pathname.slice(url.pathname.indexOf('/__emulator') + '/__emulator'.length);
    try {
      return await route(emulator, `${request.method} ${path}`, request, url);
    } catch (error) {
      return refuse(400, error instanceof Error ? error.message : 'Bad request.');
    }
  };
}

async function route(emulator: Emulator, asked: string, request: Request, url: URL): Promise<Response> {
  switch (asked) {
    case 'GET /outbox': {
      const to = url.searchParams.get('to');
      return answer(emulator.outbox.list().filter((message) => to === null || message.to === to));
    }
    case 'GET /outbox/events':
      return events(emulator);
    case 'DELETE /outbox':
      emulator.outbox.clear();
      return answer({});
    case 'POST /clock': {
      const { advance } = await body<{ advance?: unknown }>(request);
      if (typeof advance !== 'number' || !Number.isFinite(advance))
        return refuse(400, '"advance" is a number of seconds.');
      emulator.clock.advance(advance);
      return answer({ now: new Date(emulator.clock.now()).toISOString() });
    }
    case 'POST /faults': {
      const fault = await body<Fault & { times?: number | null }>(request);
      // JSON has no infinity: JSON.stringify writes it as null.
      emulator.faults.add({ ...fault, times: fault.times === null ? Infinity : (fault.times ?? 1) });
      return answer({});
    }
    case 'DELETE /faults':
      emulator.faults.clear();
      return answer({});
    case 'POST /services': {
      const { sid, ...changes } = await body<ServiceOptions>(request);
      emulator.configureService(sid, changes);
      return answer({});
    }
    case 'POST /reset':
      emulator.reset();
      return answer({});
    default:
      return refuse(404, `The control plane has no ${asked}.`);
  }
}

/** Loopback by name, and not sent by a page of another origin (a form or an image needs no permission to send). */
function isLocal(request: Request, url: URL): boolean {
  const host = request.headers.get('host') ?? url.host;
  const name = host.replace(/:\d+$/, '');
  if (!/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(name)) return false;
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') return false;
  const origin = request.headers.get('origin');
  return origin === null || (URL.canParse(origin) && new URL(origin).host === host);
}

async function body<T extends object>(request: Request): Promise<T> {
  const value: unknown = await request.json();
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('The body is a JSON object.');
  return value as T;
}

/** Server-sent events: one a message, from now on. */
function events(emulator: Emulator): Response {
  const encoder = new TextEncoder();
  let leave: (() => void) | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(': the outbox, from now on\n\n'));
      leave = emulator.outbox.subscribe((message) => {
        controller.enqueue(encoder.encode(`data: ${JSON.stringify(message)}\n\n`));
      });
    },
    cancel: () => leave?.(),
  });
  return new Response(stream, { headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' } });
}

function answer(value: unknown): Response {
  return Response.json(value, { headers: { 'Cache-Control': 'no-store' } });
}

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status, headers: { 'Cache-Control': 'no-store' } });
}
