/** The backend as a whole: its routes under any path, its headers, and what it never reveals. */
import { describe, expect, it, vi } from 'vitest';
import {
  createHandler,
  generateKeys,
  memoryAccounts,
  memoryStore,
  StoreError,
  type HandlerOptions,
} from '../../../src/server/index.js';
import { nodeListener, serve } from '../../../src/server/node.js';
import { createStack, EMAIL, ENDPOINT, OTHER_PHONE, PHONE } from '../../support/backend-stack.js';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

it('a person verifies a phone number with two calls to Twilio, and the page gets a proof of it', async () => {
  const stack = await createStack();
  const nobody = stack.as(null);
  const started = await nobody.contact({ to: '+1 415 555 2671', context: 'order 7' });
  expect(started.status).toBe(201);
  const { challenge, ...rest } = started.body;
  expect(rest).toEqual({
    purpose: 'contact',
    to: '+1 415 555 2671',
    channel: 'sms',
    methods: [
      { channel: 'sms', to: '+1 415 555 2671' },
      { channel: 'whatsapp', to: '+1 415 555 2671' },
    ],
    codeLength: 6,
    expiresIn: 600,
    resendIn: 30,
  });
  const checked = await nobody.check(challenge, stack.code(PHONE));
  expect(checked.status).toBe(200);
  expect(checked.body).toEqual({
    proof: checked.body.proof,
    expiresIn: 1800,
    purpose: 'contact',
    contact: { type: 'phone', value: PHONE },
  });
  const proof = await stack.verify(checked.body.proof, { context: 'order 7', issuer: 'verify-contact' });
  expect(proof).toMatchObject({ contact: { type: 'phone', value: PHONE }, amr: ['sms'] });
  expect(stack.calls()).toEqual(['POST /Verifications', 'POST /VerificationCheck']);
  expect(stack.events.filter(({ type }) => type !== 'twilio-call')).toEqual([
    { type: 'code-sent', purpose: 'contact', channel: 'sms', to: '•••• 71', country: 'US', resent: false },
    { type: 'code-checked', purpose: 'contact', channel: 'sms', to: '•••• 71', country: 'US', approved: true },
  ]);
});

it('a person verifies an e-mail address, and a user’s proof is bound to the user', async () => {
  const stack = await createStack();
  const started = await stack.as('ada').contact({ to: EMAIL });
  expect(started.body).toMatchObject({ to: EMAIL, channel: 'email', methods: [{ channel: 'email', to: EMAIL }] });
  const { body } = await stack.as('ada').check(started.body.challenge, stack.code(EMAIL));
  expect((await stack.verify(body.proof, { subject: 'ada' })).contact).toEqual({ type: 'email', value: EMAIL });
  for (const subject of [null, 'bob'])
    await expect(stack.verify(body.proof, { subject })).rejects.toMatchObject({ code: 'invalid-proof' });
  const verifiedAt = { email: stack.clock.now() };
  expect(await stack.accounts.contacts('ada')).toEqual({ email: EMAIL, twoFactorRequired: false, verifiedAt });
});

describe('routes', () => {
  it.each(['/contact', '/verify/contact', '/a/b/c/contact?x=1', '/contact#x'])(
    '%s is the route contact',
    async (path) => {
      const { handler } = await createStack();
      const request = new Request(`https://shop.example${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ to: PHONE }),
      });
      expect((await handler(request)).status).toBe(201);
    },
  );

  it.each(['/', '/verify', '/contact/', '/contacts', '/contact%2f', '/Contact', '/constructor', '/..;/x'])(
    '%s is not a route',
    async (path) => {
      const { handler } = await createStack();
      const response = await handler(new Request(`https://shop.example${path}`, { method: 'POST' }));
      expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
      expect(await response.json()).toMatchObject({ type: 'urn:verify-contact:problem:not-found', status: 404 });
    },
  );

  it('a wrong method gets the allowed ones', async () => {
    const stack = await createStack();
    const response = await stack.get('check');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    expect(await response.json()).toMatchObject({ status: 405, code: 'invalid-request' });
    expect((await stack.post('health', {})).status).toBe(405);
  });

  it.each([
    ['contact', {}],
    ['contact', { to: PHONE, extra: 'x' }],
    ['contact', { to: PHONE, verified: true }],
    ['contact', { to: [PHONE] }],
    ['contact', { to: PHONE, country: 'us' }],
    ['contact', { to: PHONE, context: 'x'.repeat(513) }],
    ['contact', []],
    ['contact', 'null'],
    ['resend', {}],
    ['resend', { challenge: '' }],
    ['check', { challenge: 'x', code: '123456', channel: 'sms' }],
  ])('%s refuses %j', async (path, body) => {
    const stack = await createStack();
    const response = await stack.post(path, body, { 'idempotency-key': 'k'.repeat(16) });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'invalid-request']);
  });
});

describe('headers', () => {
  it('allow caching only for keys and the document, and forbid sniffing', async () => {
    const stack = await createStack();
    const all = [
      await stack.get('jwks.json'),
      await stack.get('openapi.json'),
      await stack.get('health'),
      await stack.get('nowhere'),
      await stack.post('contact', { to: PHONE }),
      await stack.post('contact', { to: 'x' }),
    ];
    expect(all.map(({ headers }) => headers.get('cache-control'))).toEqual([
      ...new Array<string>(2).fill('public, max-age=300'),
      ...new Array<string>(4).fill('no-store'),
    ]);
    for (const { headers } of all) expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('of HEAD are those of GET, without a body', async () => {
    const { handler } = await createStack();
    const response = await handler(new Request(`${ENDPOINT}/jwks.json`, { method: 'HEAD' }));
    expect([response.status, await response.text()]).toEqual([200, '']);
  });
});

describe('keys and health', () => {
  it('jwks.json has only public keys, including the previous one', async () => {
    const [old, fresh] = [await generateKeys(), await generateKeys()];
    const stack = await createStack({ keys: { ...fresh, previousSigning: old.signing, previousSecret: old.secret } });
    const { keys } = (await (await stack.get('jwks.json')).json()) as { keys: Record<string, unknown>[] };
    expect(keys).toHaveLength(2);
    expect(JSON.stringify(keys)).not.toMatch(/"d":/);
  });

  it('a challenge continues after key rotation, on another instance', async () => {
    const old = await createStack();
    const { body } = await old.as(null).contact({ to: PHONE });
    const fresh = await generateKeys();
    const rotated = await createStack({
      sharing: old,
      store: old.store,
      keys: { ...fresh, previousSecret: old.keys.secret, previousSigning: old.keys.signing },
    });
    expect((await rotated.as(null).check(body.challenge, old.code(PHONE))).status).toBe(200);
  });

  it('health is 200 if the store answers, else 503, and live in both cases', async () => {
    const stack = await createStack();
    expect(await (await stack.get('health')).json()).toEqual({ live: true, ready: true });
    stack.store.ready = () => Promise.reject(new Error('down'));
    const down = await stack.get('health');
    expect([down.status, await down.json()]).toEqual([503, { live: true, ready: false }]);
  });

  it('a bad key is refused in one sentence that does not contain it', async () => {
    const keys = await generateKeys();
    await expect(createStack({ keys: { ...keys, secret: 'tooshort' } })).rejects.toThrow(
      /^keys\.secret must be (?!.*tooshort)/,
    );
  });

  it('a key whose halves do not belong together is reported in every response, whatever the host does with events', async () => {
    const keys = await generateKeys();
    const { x } = (await generateKeys()).signing;
    const events: unknown[] = [];
    const { emulator } = await createStack();
    const { accountSid, authToken } = emulator.credentials;
    const options: HandlerOptions = {
      keys: { ...keys, signing: { ...keys.signing, x } },
      audience: 'a',
      twilio: { accountSid, authToken, contactService: emulator.services.contact },
      onEvent: (event) => void events.push(event),
    };
    const ask = async (onEvent: HandlerOptions['onEvent']) => {
      const response = await createHandler({ ...options, onEvent })(new Request(`${ENDPOINT}/jwks.json`));
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    expect(await ask(options.onEvent)).toEqual([503, 'misconfigured']);
    expect(JSON.stringify(events)).toContain('keys.signing');
    expect(JSON.stringify(events)).not.toContain(keys.signing.d);
    const failures = [
      () => {
        throw new Error('no disk');
      },
      (async () => Promise.reject(new Error('no network'))) as () => void,
    ];
    for (const failing of failures) expect(await ask(failing)).toEqual([503, 'misconfigured']);
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await ask(undefined)).toEqual([503, 'misconfigured']);
    const lines = write.mock.calls
      .map(([line]) => String(line))
      .filter((line) => line.includes('"misconfigured","hint"'));
    write.mockRestore();
    expect(lines).toEqual([expect.stringContaining('keys.signing has two halves')]);
  });
});

it('no code, secret, proof or contact leaves the backend where it should not', async () => {
  const stack = await createStack({
    accounts: memoryAccounts({ uniqueContacts: true }),
    twoFactor: { email: true, required: 'always' },
  });
  const ada = stack.as('ada+2');
  const codes: string[] = [];
  stack.emulator.outbox.subscribe(({ code }) => codes.push(code));
  for (const to of [PHONE, EMAIL]) {
    const { body } = await ada.contact({ to });
    await ada.check(body.challenge, stack.wrongCode(to));
    await ada.check(body.challenge, stack.code(to));
  }
  stack.clock.advance(31);
  const two = (await ada.twoFactor()).body;
  await ada.resend({ challenge: two.challenge, channel: 'email' });
  await ada.check(two.challenge, stack.code(PHONE));
  const { body } = await stack.as('bob').contact({ to: PHONE });
  stack.emulator.faults.add({ status: 500, times: 2 });
  await stack.as('bob').check(body.challenge ?? '', stack.code(PHONE));
  await ada.contact({ to: OTHER_PHONE });
  const responses = stack.said.join('\n');
  const events = JSON.stringify(stack.events);
  expect(codes.length).toBeGreaterThan(3);
  // The six digits of a code may occur by chance in challenges and proofs, so those are removed first.
  const words = responses.replace(/"(challenge|proof)":"[^"]+"/g, '');
  for (const code of codes) {
    expect(words).not.toContain(code);
    expect(events).not.toContain(code);
  }
  const { apiSecret } = stack.emulator.credentials;
  for (const secret of [
    apiSecret,
    stack.keys.secret,
    stack.keys.signing.d ?? '?',
    'VE0',
    stack.emulator.services.contact,
  ])
    expect(words + events).not.toContain(secret);
  for (const contact of [PHONE, EMAIL, OTHER_PHONE]) expect(events).not.toContain(contact);
});

describe('before the first request', () => {
  it('the store has been called, so that nobody waits for its driver', async () => {
    const store = memoryStore();
    let calls = 0;
    await createStack({ store: { ...store, ready: async () => void (calls += 1) } });
    expect(calls).toBe(1);
  });

  it('a store that does not answer does not prevent the start: an event reports it, and it may recover', async () => {
    const store = memoryStore();
    const fails = () => Promise.reject(new StoreError('It does not answer.'));
    const stack = await createStack({ store: { ...store, ready: fails } });
    expect(stack.events).toEqual([{ type: 'unavailable', component: 'store', reason: 'It does not answer.' }]);
    expect((await stack.as(null).contact({ to: PHONE })).status).toBe(201);
  });
});

describe('in Node’s server', () => {
  it('serves, passes the peer’s address to the handler, and closes', async () => {
    const addresses: unknown[] = [];
    const stack = await createStack({ clientAddress: (_, { address }) => (addresses.push(address), address ?? null) });
    const server = await serve(stack.handler);
    const post = (path: string, init: RequestInit) => fetch(`${server.url}/any/${path}`, { method: 'POST', ...init });
    const ok = await post('contact', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: PHONE }),
    });
    expect(ok.status).toBe(201);
    expect(addresses).toEqual(['127.0.0.1']);
    const large = await post('contact', {
      headers: { 'content-type': 'application/json' },
      body: 'x'.repeat(10_000_000),
    }).catch(() => null);
    expect(large === null || large.status === 413).toBe(true);
    await server.close();
    await stack.handler.close();
  });

  it('mounts under a path of any server', async () => {
    const { handler } = await createStack();
    const listener = nodeListener(handler);
    const server = createServer((incoming, outgoing) => void listener(incoming, outgoing)).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/verify/jwks.json`);
    expect(response.status).toBe(200);
    await new Promise((done) => (server.closeAllConnections(), server.close(done)));
  });
});
