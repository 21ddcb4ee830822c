/** The contract as `verify-contact conformance` asks it: our own backend keeps it, and each way of breaking it is found. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conformance } from '../../../src/cli/conformance.js';
import { checks, examineBackend, type BackendUnderTest } from '../../../src/conformance/conformance.js';
import { serveEmulator } from '../../../src/emulator/node.js';
import { serve } from '../../../src/server/node.js';
import { createStack, ENDPOINT, PHONE, type Stack } from '../../support/backend-stack.js';

let stack: Stack;
beforeEach(async () => {
  stack = await createStack({ emulator: { control: true } });
  await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
  await stack.accounts.setTwoFactorRequired('ada', true);
});

const target = (ask: BackendUnderTest['ask']): BackendUnderTest => ({
  endpoint: ENDPOINT,
  ask,
  outbox: async () => stack.emulator.outbox.list(),
  user: { authorization: 'Bearer ada' },
});

const ours = (request: Request) => stack.handler(request, { address: '198.51.100.7' });

/** Changes the body of an answer, as parsed. */
async function edited(response: Response, edit: (body: Record<string, unknown>) => object): Promise<Response> {
  const { status, headers } = response;
  const body = edit((await response.json()) as Record<string, unknown>);
  return new Response(JSON.stringify(body), { status, headers });
}

/** The request with another body and other headers. */
async function asked(
  request: Request,
  edit: (body: Record<string, unknown>) => object,
  headers = {},
): Promise<Request> {
  const text = await request.text();
  const whole = new Headers(request.headers);
  for (const [name, value] of Object.entries<string>(headers)) whole.set(name, value);
  const parsed: unknown = /^\{.*\}$/.test(text) ? JSON.parse(text) : null;
  const body = parsed === null ? text : JSON.stringify(edit(parsed as Record<string, unknown>));
  return new Request(request.url, { method: request.method, headers: whole, body });
}

const is = (request: Request, route: string) => request.url.endsWith(`/${route}`);
const known = ['to', 'country', 'channel', 'locale', 'context', 'extra', 'challenge', 'code'];
const without = (names: readonly string[]) => (body: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));

/** A way of breaking each rule. What it does to the others does not matter. */
const breakages: Record<string, (request: Request) => Promise<Response>> = {
  'openapi.json is OpenAPI 3.1 and names every route': async (request) =>
    is(request, 'openapi.json')
      ? edited(await ours(request), (body) => ({ ...body, openapi: '3.0.3' }))
      : ours(request),
  'jwks.json has public keys, and nothing of the private ones': async (request) =>
    is(request, 'jwks.json') ? Response.json({ keys: [stack.keys.signing] }) : ours(request),
  'health says whether the backend lives and is ready, by status and body': async (request) =>
    is(request, 'health') ? Response.json({ live: true, ready: false }) : ours(request),
  'a route that there is not is not found': async (request) =>
    is(request, 'no-such-route') ? Response.json({}) : ours(request),
  'an unknown field is refused, on every route': async (request) =>
    request.method === 'POST'
      ? ours(
          await asked(request, (body) =>
            Object.fromEntries(known.flatMap((key) => (key in body ? [[key, body[key]]] : []))),
          ),
        )
      : ours(request),
  'a body without its fields, or that is no JSON, is refused': async (request) => {
    const answer = await ours(request);
    return answer.status === 400 ? new Response('Bad Request', { status: 400 }) : answer;
  },
  'a body of another type is refused, as a form of another site would send it': async (request) =>
    request.method === 'POST'
      ? ours(await asked(request, (body) => body, { 'content-type': 'application/json' }))
      : ours(request),
  'a body that is far too large is refused': async (request) => {
    const answer = await ours(request);
    return answer.status === 413 ? new Response(null, { status: 500 }) : answer;
  },
  'what is no number and no address is an invalid contact': async (request) => {
    const answer = await ours(request);
    return answer.status === 422 ? edited(answer, (body) => ({ ...body, code: 'wrong-code' })) : answer;
  },
  'a challenge that nobody gave is invalid': async (request) => {
    const answer = await ours(request);
    return answer.status === 410 ? edited(answer, (body) => ({ ...body, status: 404 })) : answer;
  },
  'a check needs an idempotency key of the documented form': async (request) =>
    is(request, 'check')
      ? ours(await asked(request, (body) => body, { 'idempotency-key': 'made-for-everybody' }))
      : ours(request),
  'a page of another site starts nothing and reads nothing': async (request) => {
    const { method, url, body } = request;
    const headers = new Headers(request.headers);
    headers.delete('origin');
    headers.delete('sec-fetch-site');
    return ours(new Request(url, { method, headers, body, ...(body && { duplex: 'half' }) }));
  },
  'a preflight of another site gets no permission': async (request) =>
    request.method === 'OPTIONS'
      ? new Response(null, { status: 204, headers: { 'access-control-allow-origin': '*' } })
      : ours(request),
  'a start sends one code and answers a challenge that tells nothing': async (request) => {
    const answer = await ours(request);
    if (answer.status !== 201) return answer;
    return edited(answer, (body) => ({ ...body, challenge: Buffer.from(JSON.stringify(body)).toString('base64url') }));
  },
  'starting again within the wait sends nothing': async (request) => {
    const answer = await ours(request);
    stack.clock.advance(31);
    return answer;
  },
  'a resend within the wait is refused with the time to wait': async (request) => {
    const answer = await ours(request);
    answer.headers.delete('retry-after');
    return answer;
  },
  'a wrong code counts once an idempotency key, and a key serves one request': async (request) =>
    is(request, 'check')
      ? ours(await asked(request, (body) => body, { 'idempotency-key': crypto.randomUUID() }))
      : ours(request),
  'wrong codes end in too many attempts, after five at most': async (request) => {
    const answer = await ours(request);
    if (answer.status !== 429) return answer;
    const code = 'wrong-code';
    const body = { type: `urn:verify-contact:problem:${code}`, title: '', status: 422, code, attemptsLeft: 4 };
    return Response.json(body, {
      status: 422,
      headers: { ...Object.fromEntries(answer.headers), 'content-length': '' },
    });
  },
  'the right code gives a signed proof of that contact, once': async (request) => {
    const answer = await ours(request);
    if (!is(request, 'check') || answer.status !== 200) return answer;
    return edited(answer, (body) => ({ ...body, proof: `${String(body.proof).slice(0, -8)}AAAAAAAA` }));
  },
  'nobody signed in gets no second factor': async (request) =>
    is(request, 'two-factor') ? Response.json({ required: false }) : ours(request),
  'two-factor takes no destination, by whatever name': async (request) =>
    is(request, 'two-factor')
      ? ours(await asked(request, without(['to', 'contact', 'phone', 'email', 'number', 'destination', 'country'])))
      : ours(request),
  'a session that owes a second factor verifies no other contact': async (request) =>
    ours(is(request, 'contact') ? await asked(request, (body) => body, { authorization: 'Bearer ada+2' }) : request),
  'the code goes to the verified contact, which is shown masked, and proves the user': async (request) => {
    const answer = await ours(request);
    if (!is(request, 'two-factor') || answer.status !== 201) return answer;
    return edited(answer, (body) => ({ ...body, to: PHONE }));
  },
};

describe('a backend', () => {
  it('of ours keeps every rule', async () => {
    const findings = await examineBackend(target(ours), () => undefined);
    expect(findings.filter(({ outcome }) => outcome !== 'held')).toEqual([]);
  });

  it.each(checks.map(({ name }) => name))('that breaks the rule is found: %s', async (name) => {
    const broken = breakages[name];
    if (!broken) throw new Error('There is no breakage for this rule.');
    const findings = await examineBackend(target(broken), () => undefined);
    expect(findings.filter(({ outcome }) => outcome === 'broken').map((one) => one.name)).toContain(name);
  });

  it('without an emulator and a user is asked the rest', async () => {
    const findings = await examineBackend({ endpoint: ENDPOINT, ask: ours }, () => undefined);
    const outcomes = new Set(findings.map(({ outcome }) => outcome));
    expect(outcomes).toEqual(new Set(['held', 'left out']));
    expect(stack.emulator.calls).toEqual([]);
  });
});

describe('the command', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('prints each rule and a table over the network, and says whether all is kept', async () => {
    const backend = await serve(stack.handler);
    const emulator = await serveEmulator(stack.emulator);
    closing.push(backend.close, emulator.close);
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    const options = { emulator: emulator.url, bearer: 'ada', print };
    expect(await conformance(`${backend.url}/verify/`, options)).toBe(true);
    expect(lines).toHaveLength(checks.length + 1);
    expect(lines.at(-1)).toMatch(/Two-factor +4 +0 +0$/);
    expect(await conformance(emulator.url, { print })).toBe(false);
  });

  it('says in one sentence that nobody is there', async () => {
    const asking = conformance('http://127.0.0.1:1', { print: () => undefined });
    await expect(asking).rejects.toThrow('Nobody answers at http://127.0.0.1:1.');
  });
});
