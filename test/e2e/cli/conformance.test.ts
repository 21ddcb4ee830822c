/** `verify-contact conformance`: our own backend follows the contract, and each way of breaking it is detected. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conformance } from '../../../src/cli/conformance.js';
import { examineBackend, rules, type BackendUnderTest } from '../../../src/conformance/conformance.js';
import { createEmulator } from '../../../src/emulator/index.js';
import { serveEmulator } from '../../../src/emulator/node.js';
import { serve } from '../../../src/server/node.js';
import { createStack, ENDPOINT, PHONE, type Stack } from '../../support/backend-stack.js';

let stack: Stack;
beforeEach(async () => {
  stack = await createStack({ emulator: { control: true } });
  await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
  await stack.accounts.setTwoFactorRequired('ada', true);
});

const target = (fetch: BackendUnderTest['fetch']): BackendUnderTest => ({
  endpoint: ENDPOINT,
  fetch,
  outbox: async () => stack.emulator.outbox.list(),
  user: { authorization: 'Bearer ada' },
  wait: (seconds) => Promise.resolve(stack.clock.advance(seconds)),
});

const ownBackend = (request: Request) => stack.handler(request, { address: '198.51.100.7' });

/** The response with its parsed body changed. */
async function withBody(response: Response, edit: (body: Record<string, unknown>) => object): Promise<Response> {
  const { status, headers } = response;
  const body = edit((await response.json()) as Record<string, unknown>);
  return new Response(JSON.stringify(body), { status, headers });
}

/** The request with another body and other headers. */
async function withRequest(
  request: Request,
  edit: (body: Record<string, unknown>) => object,
  headers = {},
): Promise<Request> {
  const text = await request.text();
  const allHeaders = new Headers(request.headers);
  for (const [name, value] of Object.entries<string>(headers)) allHeaders.set(name, value);
  const parsed: unknown = /^\{.*\}$/.test(text) ? JSON.parse(text) : null;
  const body = parsed === null ? text : JSON.stringify(edit(parsed as Record<string, unknown>));
  return new Request(request.url, { method: request.method, headers: allHeaders, body });
}

const is = (request: Request, route: string) => request.url.endsWith(`/${route}`);
const knownFields = ['to', 'country', 'channel', 'locale', 'context', 'extra', 'challenge', 'code'];
const without = (names: readonly string[]) => (body: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));

/** A backend that breaks each rule. It may break other rules too. */
const breakages: Record<string, (request: Request) => Promise<Response>> = {
  'openapi.json is OpenAPI 3.1 and describes every route': async (request) =>
    is(request, 'openapi.json')
      ? withBody(await ownBackend(request), (body) => ({ ...body, openapi: '3.0.3' }))
      : ownBackend(request),
  'jwks.json has the public keys and nothing of the private ones': async (request) =>
    is(request, 'jwks.json') ? Response.json({ keys: [stack.keys.signing] }) : ownBackend(request),
  'health reports by status and body whether the backend is live and ready': async (request) =>
    is(request, 'health') ? Response.json({ live: true, ready: false }) : ownBackend(request),
  'an unknown route is not found': async (request) =>
    is(request, 'no-such-route') ? Response.json({}) : ownBackend(request),
  'an unknown field is refused on every route': async (request) =>
    request.method === 'POST'
      ? ownBackend(
          await withRequest(request, (body) =>
            Object.fromEntries(knownFields.flatMap((key) => (key in body ? [[key, body[key]]] : []))),
          ),
        )
      : ownBackend(request),
  'a body without its fields, or that is not JSON, is refused': async (request) => {
    const response = await ownBackend(request);
    return response.status === 400 ? new Response('Bad Request', { status: 400 }) : response;
  },
  'a body of another type, as a form of another site sends it, is refused': async (request) =>
    request.method === 'POST'
      ? ownBackend(await withRequest(request, (body) => body, { 'content-type': 'application/json' }))
      : ownBackend(request),
  'a body that is far too large is refused': async (request) => {
    const response = await ownBackend(request);
    return response.status === 413 ? new Response(null, { status: 500 }) : response;
  },
  'what is neither a number nor an e-mail address is an invalid contact': async (request) => {
    const response = await ownBackend(request);
    return response.status === 422 ? withBody(response, (body) => ({ ...body, code: 'wrong-code' })) : response;
  },
  'a made-up challenge is invalid': async (request) => {
    const response = await ownBackend(request);
    return response.status === 410 ? withBody(response, (body) => ({ ...body, status: 404 })) : response;
  },
  'a check needs an idempotency key in the documented format': async (request) =>
    is(request, 'check')
      ? ownBackend(await withRequest(request, (body) => body, { 'idempotency-key': 'made-for-everybody' }))
      : ownBackend(request),
  'a page of another site can neither start a verification nor read a response': async (request) => {
    const { method, url, body } = request;
    const headers = new Headers(request.headers);
    headers.delete('origin');
    headers.delete('sec-fetch-site');
    return ownBackend(new Request(url, { method, headers, body, ...(body && { duplex: 'half' }) }));
  },
  'a preflight request of another site gets no permission': async (request) =>
    request.method === 'OPTIONS'
      ? new Response(null, { status: 204, headers: { 'access-control-allow-origin': '*' } })
      : ownBackend(request),
  'a start sends one code and returns a challenge that reveals nothing': async (request) => {
    const response = await ownBackend(request);
    if (response.status !== 201) return response;
    return withBody(response, (body) => ({
      ...body,
      challenge: Buffer.from(JSON.stringify(body)).toString('base64url'),
    }));
  },
  'a second start within the wait sends nothing': async (request) => {
    const response = await ownBackend(request);
    stack.clock.advance(31);
    return response;
  },
  'only the request that sent a message is told whether it has arrived': async (request) =>
    is(request, 'delivery') ? Response.json({ delivery: 'delivered' }) : ownBackend(request),
  'a resend within the wait is refused, and the response says how long to wait': async (request) => {
    const response = await ownBackend(request);
    response.headers.delete('retry-after');
    return response;
  },
  'a wrong code counts once per idempotency key, and a key is for one request': async (request) =>
    is(request, 'check')
      ? ownBackend(await withRequest(request, (body) => body, { 'idempotency-key': crypto.randomUUID() }))
      : ownBackend(request),
  'after five wrong codes at most, further attempts are refused': async (request) => {
    const response = await ownBackend(request);
    if (response.status !== 429) return response;
    const code = 'wrong-code';
    const body = { type: `urn:verify-contact:problem:${code}`, title: '', status: 422, code, attemptsLeft: 4 };
    return Response.json(body, {
      status: 422,
      headers: { ...Object.fromEntries(response.headers), 'content-length': '' },
    });
  },
  'the right code returns a signed proof of that contact, once': async (request) => {
    const response = await ownBackend(request);
    if (!is(request, 'check') || response.status !== 200) return response;
    return withBody(response, (body) => ({ ...body, proof: `${String(body.proof).slice(0, -8)}AAAAAAAA` }));
  },
  'a proof is confirmed as it is, to its subject and for its context only': async (request) =>
    is(request, 'proof') ? ownBackend(await withRequest(request, without(['context']))) : ownBackend(request),
  'an anonymous user gets no second factor': async (request) =>
    is(request, 'two-factor') ? Response.json({ required: false }) : ownBackend(request),
  'two-factor accepts no destination under any name': async (request) =>
    is(request, 'two-factor')
      ? ownBackend(
          await withRequest(request, without(['to', 'contact', 'phone', 'email', 'number', 'destination', 'country'])),
        )
      : ownBackend(request),
  'a session that still needs its second factor cannot verify another contact': async (request) =>
    ownBackend(
      is(request, 'contact') ? await withRequest(request, (body) => body, { authorization: 'Bearer ada+2' }) : request,
    ),
  'the code goes to the verified contact, shown masked, and the proof names the user': async (request) => {
    const response = await ownBackend(request);
    if (!is(request, 'two-factor') || response.status !== 201) return response;
    return withBody(response, (body) => ({ ...body, to: PHONE }));
  },
};

breakages['openapi.json lists every problem that was answered, for its route and status'] = async (request) => {
  const response = await ownBackend(request);
  if (!is(request, 'openapi.json')) return response;
  const text = (await response.text()).replaceAll('"wrong-code"', '"blocked"');
  return new Response(text, { headers: response.headers });
};

describe('a backend', () => {
  it('of ours follows every rule', async () => {
    const results = await examineBackend(target(ownBackend), () => undefined);
    expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  });

  it.each(rules.map(({ name }) => name))('that breaks a rule is detected: %s', async (name) => {
    const breaks = breakages[name];
    if (!breaks) throw new Error('This test has no backend that breaks the rule.');
    const results = await examineBackend(target(breaks), () => undefined);
    expect(results.filter(({ outcome }) => outcome === 'failed').map((one) => one.name)).toContain(name);
  });

  it('without an emulator and a user is examined by the other rules', async () => {
    const results = await examineBackend({ endpoint: ENDPOINT, fetch: ownBackend }, () => undefined);
    const outcomes = new Set(results.map(({ outcome }) => outcome));
    expect(outcomes).toEqual(new Set(['passed', 'left out']));
    expect(stack.emulator.calls).toEqual([]);
  });

  it('is said to follow every rule in twenty runs in a row, with the limits that it has by default', async () => {
    for (let run = 1; run <= 20; run += 1) {
      const results = await examineBackend(target(ownBackend), () => undefined);
      const others = results.filter(({ outcome }) => outcome !== 'passed');
      // A user's second factor may have ten codes a day, with growing waits: no run can spare that one.
      expect(others.filter(({ name }) => !name.startsWith('the code goes to the verified contact'))).toEqual([]);
      for (const { outcome, reason } of others) {
        expect(outcome).toBe('left out');
        expect(reason).toMatch(/^the limits answer (resend-too-soon|too-many-sends); they open in \d+ s$/);
      }
    }
    const after = await examineBackend(target(ownBackend), () => undefined);
    expect(after.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(after.map(({ reason }) => reason).join()).toContain('the limits answer too-many-sends');
  });

  it('that wants a session before it reads the body is not broken, where no user was given', async () => {
    const closed = async (request: Request) => {
      if (request.method !== 'POST' || request.headers.has('authorization')) return ownBackend(request);
      const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
      const type = 'urn:verify-contact:problem:unauthenticated';
      const body = { type, title: 'Nobody is signed in.', status: 401, code: 'unauthenticated' };
      return new Response(JSON.stringify(body), { status: 401, headers });
    };
    const { user: _, ...nobody } = target(closed);
    const results = await examineBackend(nobody, () => undefined);
    expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(results.find(({ name }) => name.startsWith('two-factor accepts no destination'))?.outcome).toBe('left out');
  });

  it('whose every answer is 429 is neither praised nor blamed for the rules about something else', async () => {
    const busy = (request: Request) =>
      request.method === 'POST' ? Promise.resolve(new Response('Slow down', { status: 429 })) : ownBackend(request);
    const results = await examineBackend(target(busy), () => undefined);
    const rest = results.filter(({ group }) => group !== 'Documents');
    expect(new Set(rest.map(({ outcome }) => outcome))).not.toContain('failed');
  });

  it('that is wrong sends to nobody: every probe goes to a contact that belongs to nobody', async () => {
    const destinations: string[] = [];
    const sendsToAll = async (request: Request) => {
      const { to } = (await request
        .clone()
        .json()
        .catch(() => ({}))) as { to?: unknown };
      if (typeof to === 'string' && to.length < 255) destinations.push(to);
      return ownBackend(request);
    };
    const { outbox: _, ...withoutEmulator } = target(sendsToAll);
    await examineBackend(withoutEmulator, () => undefined);
    await examineBackend(target(sendsToAll), () => undefined);
    const real = destinations.filter((to) => !/^\+1\d{3}55501\d\d$|@example\.com$/.test(to));
    expect(real.every((to) => ['hello', '+1415555', 'ada@', '12'].includes(to))).toBe(true);
  });
});

describe('the command', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('examines a backend over the network, prints each rule and a table, and returns whether all rules passed', async () => {
    const backend = await serve(stack.handler);
    const emulator = await serveEmulator(stack.emulator);
    closing.push(backend.close, emulator.close);
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    const wait = (seconds: number) => Promise.resolve(stack.clock.advance(seconds));
    const options = { emulator: emulator.url, bearer: 'ada', print, wait };
    expect(await conformance(`${backend.url}/verify/`, options)).toBe(true);
    expect(lines).toHaveLength(rules.length + 2);
    expect(lines.join('\n')).toContain('(waits 30 s, as the backend demands');
    expect(lines.at(-1)).toMatch(/Two-factor +4 +0 +0$/);
    expect(await conformance(`${backend.url}/verify/`, { ...options, bearer: undefined })).toBe(true);
    expect(lines.at(-1)).toMatch(/^\n\d of \d+ rules are left out/);
    expect(await conformance(emulator.url, { print })).toBe(false);
  });

  it('says in one sentence that the backend does not respond', async () => {
    const examination = conformance('http://127.0.0.1:1', { print: () => undefined });
    await expect(examination).rejects.toThrow('No server answers at http://127.0.0.1:1.');
  });

  it('names the emulator, not the backend, if there is none at that address or it is another one', async () => {
    const backend = await serve(stack.handler);
    const other = await serveEmulator(createEmulator({ control: true }));
    closing.push(backend.close, other.close);
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    for (const emulator of ['http://127.0.0.1:1', backend.url])
      await expect(conformance(backend.url, { emulator, print })).rejects.toThrow(
        `--emulator: no emulator with its control plane answers at ${emulator}.`,
      );
    expect(lines).toEqual([]);
    expect(await conformance(backend.url, { emulator: other.url, print })).toBe(false);
    const failed = lines.filter((line) => line.startsWith('FAILED'));
    expect(failed).toHaveLength(1);
    expect(failed[0]).toContain(`${other.url} is not the emulator that it uses`);
    expect(stack.emulator.outbox.list()).toHaveLength(1);
  });
});
