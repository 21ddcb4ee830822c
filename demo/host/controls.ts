/** The routes of the playground's controls: the clock, the faults of Twilio, and the stream of the backend's calls. With the emulator only, and for this machine only. */
import type { Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Emulator, Fault } from '../../src/emulator/index.js';
import type { Calls } from './calls.js';

/** Minutes. After a day, every limit of a day is over. */
const DAY = 24 * 60;
const send = { method: 'POST', path: '/Verifications', times: Infinity } as const;
const check = { method: 'POST', path: '/VerificationCheck', times: Infinity } as const;

/** The fault scenarios, by their name in the page's address. Each applies until another is chosen. */
export const faultScenarios = {
  none: [],
  landline: [{ ...send, code: 60205 }],
  blocked: [{ ...send, code: 60410 }],
  down: [{ status: 503, code: 20503, times: Infinity }],
  slow: [{ delayMs: 3000, times: Infinity }],
  expired: [{ ...check, code: 20404 }],
} as const satisfies Record<string, readonly Fault[]>;

/** The name of a fault scenario. */
export type FaultScenario = keyof typeof faultScenarios;

/** Adds the routes under `/__demo`. */
export function addControls(app: Hono, emulator: Emulator, calls: Calls): void {
  app.use('/__demo/*', async (context, next) => {
    if (!isLocal(context.req.raw)) return context.json({ sentence: 'The controls answer this machine only.' }, 403);
    return next();
  });

  app.get('/__demo/clock', (context) => context.json({ now: emulator.clock.now() }));

  app.post('/__demo/clock', async (context) => {
    const { minutes } = await bodyOf(context);
    if (typeof minutes !== 'number' || !(minutes > 0 && minutes <= DAY)) {
      return context.json({ sentence: `"minutes" must be a number above 0 and at most ${DAY}.` }, 400);
    }
    emulator.clock.advance(minutes * 60);
    return context.json({ now: emulator.clock.now() });
  });

  app.put('/__demo/fault-scenario', async (context) => {
    const { name } = await bodyOf(context);
    if (typeof name !== 'string' || !Object.hasOwn(faultScenarios, name)) {
      return context.json({ sentence: 'There is no such fault scenario.' }, 400);
    }
    emulator.faults.clear();
    for (const fault of faultScenarios[name as FaultScenario]) emulator.faults.add(fault);
    return context.json({ name });
  });

  app.get('/__demo/calls', (context) =>
    streamSSE(context, async (stream) => {
      await stream.write(': new calls to Twilio\n\n');
      const unsubscribe = calls.subscribe((call) => void stream.writeSSE({ data: JSON.stringify(call) }));
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      unsubscribe();
    }),
  );
}

/**
 * Whether the host is a loopback name and the request has no other origin, as the emulator's outbox demands.
 * A page elsewhere could point its own name to this machine (DNS rebinding).
 */
function isLocal(request: Request): boolean {
  const { host } = new URL(request.url);
  const hostHeader = request.headers.get('host') ?? host;
  if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(hostHeader)) return false;
  const site = request.headers.get('sec-fetch-site') ?? 'none';
  const origin = request.headers.get('origin');
  const isSame = origin === null || (URL.canParse(origin) && new URL(origin).host === hostHeader);
  return isSame && (site === 'same-origin' || site === 'none');
}

async function bodyOf({ req }: Context): Promise<Record<string, unknown>> {
  if (req.header('content-type') !== 'application/json') return {};
  const body: unknown = await req.json().catch(() => null);
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}
