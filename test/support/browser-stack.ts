/** Stacks in the browser tests' own server, one for each test: backend, `twilio` package and emulator. test/browser/support/browser-stack.ts is the page's side. */
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { ServerResponse } from 'node:http';
import type { Fault } from '../../src/emulator/index.js';
import type { CannedResponse, StackOptions } from '../browser/support/browser-stack.js';
import { createStack } from './backend-stack.js';

/** The parameters of all controls. test/browser/support/browser-stack.ts sends them with the name of a control. */
interface How {
  to: string;
  seconds: number;
  fault: Fault;
  state: 'up' | 'down';
  who: Pick<StackOptions, 'user' | 'secondFactor'>;
  response: CannedResponse | null;
}
type Controls = Record<string, (how: How) => unknown>;

interface OpenStack {
  verify(request: Request, outgoing: ServerResponse): Promise<Response>;
  control: Controls;
}

const stacks = new Map<string, OpenStack>();

/** Answers everything under `/__stack`. */
export async function answer(request: Request, { outgoing }: { outgoing: ServerResponse }): Promise<Response> {
  const [, , id = '', part = ''] = new URL(request.url).pathname.split('/');
  if (!id) {
    const opened = await open((await request.json()) as StackOptions);
    const name = String(stacks.size + 1);
    stacks.set(name, opened);
    return Response.json({ id: name });
  }
  const stack = stacks.get(id);
  if (!stack) return new Response('There is no such stack.', { status: 404 });
  if (part === 'verify') return stack.verify(request, outgoing);
  if (part === 'strict-page') return strictPage(id);
  const { what, ...how } = (await request.json()) as How & { what: string };
  const control = stack.control[what];
  if (!control) return new Response(`A stack cannot be asked for ${what}.`, { status: 404 });
  try {
    return Response.json((await control(how)) ?? null);
  } catch (error) {
    return new Response(error instanceof Error ? error.message : 'It failed.', { status: 422 });
  }
}

/** A page with both elements under the policy that the README promises, for test/browser/policy.test.ts. */
function strictPage(id: string): Response {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; ');
  const markup = `<!doctype html><html lang="en"><title>Strict</title>
    <script type="module" src="/test/browser/support/csp-violations.ts"></script>
    <script type="module" src="/src/define.ts"></script>
    <verify-contact endpoint="/__stack/${id}/verify" country="US"></verify-contact>
    <two-factor endpoint="/__stack/${id}/verify"></two-factor></html>`;
  return new Response(markup, { headers: { 'Content-Type': 'text/html', 'Content-Security-Policy': policy } });
}

async function open(options: StackOptions): Promise<OpenStack> {
  let who: How['who'] = options;
  let network: How['state'] = 'up';
  let held: Promise<void> | null = null;
  let release = () => {};
  const requests: string[] = [];
  let canned: How['response'] = null;

  const { handler, emulator, accounts, clock } = await createStack({
    anonymous: options.anonymous ?? true,
    twoFactor: options.twoFactor ?? {},
    channels: options.channels ?? ['sms', 'email'],
    identify: () => (who.user === undefined ? null : { id: who.user, secondFactor: who.secondFactor ?? false }),
    ...(options.contactProofLifetime ? { contactProofLifetime: options.contactProofLifetime } : {}),
  });
  if (options.user !== undefined) {
    const { phone, email } = options.verified ?? {};
    if (phone) await accounts.contactVerified(options.user, { type: 'phone', value: phone });
    if (email) await accounts.contactVerified(options.user, { type: 'email', value: email });
    await accounts.setTwoFactorRequired(options.user, options.twoFactorRequired ?? false);
  }

  return {
    async verify(request, outgoing) {
      if (network === 'down') {
        outgoing.destroy();
        return RESPONSE_ALREADY_SENT;
      }
      requests.push(`${request.method} /${new URL(request.url).pathname.split('/').at(-1)}`);
      if (canned) return toResponse(canned);
      const response = await handler(request, { address: '203.0.113.7' });
      await held;
      return response;
    },
    control: {
      latestCode({ to }) {
        const message = emulator.outbox.latest(to);
        if (!message) throw new Error(`Nothing was delivered to ${to}.`);
        return message.code;
      },
      outbox: () => emulator.outbox.list(),
      calls: () => emulator.calls.map(({ method, path }) => `${method} ${path}`),
      requests: () => requests,
      advance: ({ seconds }) => clock.advance(seconds),
      fault: ({ fault }) => emulator.faults.add(fault),
      network({ state }) {
        network = state;
      },
      hold() {
        held = new Promise((resolve) => (release = resolve));
      },
      release() {
        held = null;
        release();
      },
      become(how) {
        who = how.who;
      },
      respondWith({ response }) {
        canned = response;
      },
    },
  };
}

function toResponse({ body, endless, ...init }: CannedResponse): Response {
  const spaces = new TextEncoder().encode(' '.repeat(65_536));
  return new Response(endless ? new ReadableStream({ pull: (stream) => stream.enqueue(spaces) }) : body, init);
}
