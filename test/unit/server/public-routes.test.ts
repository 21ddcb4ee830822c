/** The routes that anybody may read, what every response says of itself, and what the owner hears of a failure. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createHandler, memoryStore, StoreError } from '../../../src/server/index.js';
import { MissingPackageError } from '../../../src/server/runtime/optional-package.js';
import { createStack, ENDPOINT, PHONE } from '../../support/backend-stack.js';

describe('every response', () => {
  it.each(['jwks.json', 'openapi.json', 'health', 'nowhere'])(
    'of %s does nothing when a browser opens it as a page, and tells no other site where it came from',
    async (path) => {
      const { headers } = await (await createStack()).get(path);
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    },
  );

  it.each([
    ['jwks.json', 'application/jwk-set+json'],
    ['openapi.json', 'application/json'],
    ['health', 'application/json'],
  ])('of %s has the type %s', async (path, type) => {
    expect((await (await createStack()).get(path)).headers.get('content-type')).toBe(type);
  });
});

describe('health', () => {
  it('with ?live is 200 without a store too: a new process would not reach it either', async () => {
    const stack = await createStack();
    expect((await stack.get('health?live')).status).toBe(200);
    stack.store.ready = () => Promise.reject(new StoreError('down'));
    const live = await stack.get('health?live');
    expect([live.status, await live.json()]).toEqual([200, { live: true, ready: false }]);
    expect((await stack.get('health?alive')).status).toBe(503);
  });
});

describe('a check', () => {
  it.each([null, '', 'short', 'k'.repeat(65), `${'k'.repeat(16)}!`])(
    'with the idempotency key %j is no request, and costs no call',
    async (key) => {
      const stack = await createStack();
      const { challenge } = (await stack.as(null).contact({ to: PHONE })).body;
      const response = await stack.post('check', { challenge, code: stack.code(PHONE) }, { 'idempotency-key': key });
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'invalid-request']);
      expect(stack.calls('/VerificationCheck')).toEqual([]);
    },
  );
});

describe('the owner hears', () => {
  it.each([
    ['store', new StoreError('It does not answer.'), 'It does not answer.'],
    ['backend', new RangeError(`${PHONE} is a mistake`), /^RangeError at /],
  ])('of a failure of the %s, and no contact with it', async (component, error, reason) => {
    const store = memoryStore();
    const stack = await createStack({ store });
    store.setIfAbsent = () => Promise.reject(error);
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('unavailable');
    const told = stack.events.filter(({ type }) => type === 'unavailable');
    expect(told).toEqual([{ type: 'unavailable', component, reason: expect.stringMatching(reason) as string }]);
    expect(JSON.stringify(stack.events)).not.toContain(PHONE);
  });

  it('before the first request that a package of the store is not installed', async () => {
    const store = memoryStore();
    const missing = new MissingPackageError('@redis/client', 'redisStore');
    const ready = () => Promise.reject(new StoreError('The driver cannot be loaded.', { cause: missing }));
    await expect(createStack({ store: { ...store, ready } })).rejects.toBe(missing);
  });
});

it('a handler that is closed leaves no connection to Twilio open', async () => {
  let calls = 0;
  const twilio = createServer((_, response) => {
    calls += 1;
    response.writeHead(503, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => twilio.once('listening', listening));
  const open = () => new Promise<number>((resolve) => twilio.getConnections((_, count) => resolve(count)));
  const { keys, emulator } = await createStack();
  const { accountSid, apiKey, apiSecret } = emulator.credentials;
  const handler = createHandler({
    keys,
    audience: 'a',
    anonymous: true,
    onEvent: () => undefined,
    twilio: {
      accountSid,
      apiKey,
      apiSecret,
      contactService: emulator.services.contact,
      baseUrl: `http://127.0.0.1:${(twilio.address() as AddressInfo).port}`,
    },
  });
  const body = JSON.stringify({ to: PHONE });
  const headers = { 'content-type': 'application/json' };
  expect((await handler(new Request(`${ENDPOINT}/contact`, { method: 'POST', headers, body }))).status).toBe(503);
  expect(calls).toBeGreaterThan(0);
  expect(await open()).toBeGreaterThan(0);
  await handler.close();
  await expect.poll(open).toBe(0);
  await new Promise((closed) => twilio.close(closed));
});
