/** The knobs of the demo's playground: the clock, what goes wrong at Twilio, and the ear at the backend's calls. Only with the emulator, only from this machine. */
import type { Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Emulator, Fault } from '../../src/emulator/index.js';
import type { Calls } from './calls.js';

const send = { method: 'POST', path: '/Verifications', times: Infinity } as const;
const check = { method: 'POST', path: '/VerificationCheck', times: Infinity } as const;

/** What can go wrong, by the name that the page's address holds. Each lasts until another is chosen. */
export const faultScenarios = {
  none: [],
  landline: [{ ...send, code: 60205 }],
  blocked: [{ ...send, code: 60410 }],
  down: [{ status: 503, code: 20503, times: Infinity }],
  slow: [{ delayMs: 3000, times: Infinity }],
  expired: [{ ...check, code: 20404 }],
} as const satisfies Record<string, readonly Fault[]>;

/** One of them. */
export type FaultScenario = keyof typeof faultScenarios;

/** Adds the routes under `/__demo`. */
export function addControls(app: Hono, emulator: Emulator, calls: Calls): void {
  app.use('/__demo/*', async (context, next) => {
    if (!isOurs(context.req.raw)) return context.json({ sentence: 'The knobs turn for this machine alone.' }, 403);
    return next();
  });

  app.get('/__demo/clock', (context) => context.json({ now: emulator.clock.now() }));

  app.post('/__demo/clock', async (context) => {
    const { minutes } = await bodyOf(context);
    if (typeof minutes !== 'number' || !(minutes > 0 && minutes <= 120)) {
      return context.json({ sentence: '"minutes" is a number from 0 to 120.' }, 400);
    }
    emulator.clock.advance(minutes * 60);
    return context.json({ now: emulator.clock.now() });
  });

  app.put('/__demo/trouble', async (context) => {
    const { name } = await bodyOf(context);
    if (typeof name !== 'string' || !Object.hasOwn(faultScenarios, name)) {
      return context.json({ sentence: 'There is no such trouble.' }, 400);
    }
    emulator.faults.clear();
    for (const fault of faultScenarios[name as FaultScenario]) emulator.faults.add(fault);
    return context.json({ name });
  });

  app.get('/__demo/calls', (context) =>
    streamSSE(context, async (stream) => {
      await stream.write(': calls to Twilio, from now on\n\n');
      const leave = calls.subscribe((call) => void stream.writeSSE({ data: JSON.stringify(call) }));
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      leave();
    }),
  );
}

/** As the emulator's outbox has it: loopback by name, since a page elsewhere could point a name of its own here, and not another origin. */
function isOurs(request: Request): boolean {
  const { host } = new URL(request.url);
  const named = request.headers.get('host') ?? host;
  if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(named)) return false;
  const site = request.headers.get('sec-fetch-site') ?? 'none';
  const origin = request.headers.get('origin');
  const isSame = origin === null || (URL.canParse(origin) && new URL(origin).host === named);
  return isSame && (site === 'same-origin' || site === 'none');
}

async function bodyOf({ req }: Context): Promise<Record<string, unknown>> {
  if (req.header('content-type') !== 'application/json') return {};
  const body: unknown = await req.json().catch(() => null);
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}
