/** What a test in any language does over HTTP: asserts calls, waits for a message, sets and removes faults, makes services. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { createEmulator, type EmulatorOptions } from '../../../src/emulator/index.js';
import { serveEmulator } from '../../../src/emulator/node.js';
import { errorOf, functionClient } from '../../support/emulator-client.js';

const to = '+447400123456';
const ajv = addFormats.default(new Ajv2020({ strict: false }));

interface Document {
  components: object;
  paths: Record<
    string,
    Record<string, { operationId: string; responses: Record<string, { content: Record<string, { schema?: object }> }> }>
  >;
}

/** An emulator and its control plane. Every JSON response is compared with the published document. */
function open(options: EmulatorOptions = {}) {
  const emulator = createEmulator({ control: true, random: () => '123456', ...options });
  const raw = (method: string, path: string, body?: object) =>
    emulator.fetch(
      new Request(`http://localhost/__emulator${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) }),
    );
  const call = async (endpoint: string, body?: object): Promise<unknown> => {
    const [method = '', path = ''] = endpoint.split(' ');
    const response = await raw(method, path, body);
    const value: unknown = await response.json();
    const { paths, components } = (await (await raw('GET', '/openapi.json')).json()) as Document;
    const pattern = path
      .replace(/\?.*/, '')
      .replace(/(?<=\/faults\/).+/, '{id}')
      .replace(/(?<=\/services\/).+/, '{sid}');
    const described = paths[`/__emulator${pattern}`]?.[method.toLowerCase()]?.responses[response.status];
    // References are to the whole document.
    const schema = described?.content['application/json']?.schema ?? { not: {} };
    const valid = ajv.compile({ components, ...schema });
    expect(valid(value), `${endpoint}: ${JSON.stringify(valid.errors)}`).toBe(true);
    return value;
  };
  const client = functionClient(emulator).verify.v2;
  const send = (number = to, service = emulator.services.contact) =>
    client.services(service).verifications.create({ to: number, channel: 'sms' });
  const check = (code: string) => client.services(emulator.services.contact).verificationChecks.create({ to, code });
  return { emulator, raw, call, send, check };
}

describe('over HTTP', () => {
  it('a test asserts one call and no more', async () => {
    const { call, send, check } = open();
    await send();
    await check('123456');
    const sends = `GET /calls?method=post&path=${encodeURIComponent('/Verifications')}`;
    expect(await call(sends)).toMatchObject([{ method: 'POST', to, status: 201 }]);
    expect(await call('GET /calls?limit=1')).toMatchObject([{ path: expect.stringMatching(/Check$/) as string }]);
    expect(await call('GET /calls?status=404')).toEqual([]);
    await call('DELETE /calls');
    expect(await call('GET /calls')).toEqual([]);
  });

  it('a test reads the clock, and what has happened since then', async () => {
    const { call, send } = open({ now: () => Date.UTC(2027, 0, 1) });
    await send();
    await call('POST /clock', { advance: 60 });
    expect(await call('GET /clock')).toEqual({ now: '2027-01-01T00:01:00.000Z' });
    await send('+447400999999');
    const since = 'since=2027-01-01T00:01:00Z';
    expect(await call(`GET /outbox?${since}`)).toMatchObject([{ to: '+447400999999' }]);
    expect(await call(`GET /calls?${since}`)).toMatchObject([{ to: '+447400999999' }]);
  });

  it('a test follows a verification to its end', async () => {
    const { call, send, check } = open({ now: () => Date.UTC(2027, 0, 1) });
    const { sid } = await send();
    await check('000000');
    expect(await call('GET /verifications')).toMatchObject([
      { sid, to, status: 'pending', code: '123456', sends: 1, wrongCodes: 1, expiresAt: '2027-01-01T00:10:00.000Z' },
    ]);
    await check('123456');
    await send('+447400999999');
    await call('POST /clock', { advance: 600 });
    expect(await call('GET /verifications?status=approved')).toMatchObject([{ sid }]);
    expect(await call('GET /verifications?status=expired')).toMatchObject([{ to: '+447400999999' }]);
    expect(await call('GET /verifications?limit=1')).toMatchObject([{ to: '+447400999999' }]);
  });

  it('a test switches a phone off and on again', async () => {
    const { call, send } = open();
    expect(await call('POST /deliveries', { to, status: 'switched-off' })).toEqual({ to, status: 'switched-off' });
    await send();
    expect(await call('GET /outbox')).toEqual([]);
    expect(await call('GET /deliveries')).toEqual([{ to, status: 'switched-off' }]);
    await call('POST /deliveries', { to, status: 'delivered' });
    await send();
    expect(await call('GET /outbox')).toMatchObject([{ to }]);
    expect(await call('POST /deliveries', { to: 'ann@example.org', status: 'landline' })).toEqual({
      error: 'No mailbox is "landline".',
    });
    await call('POST /deliveries', { to, status: 'full' });
    await call('DELETE /deliveries');
    expect(await call('GET /deliveries')).toEqual([]);
  });

  it('a test reads what an authenticator app shows', async () => {
    const { emulator, call } = open({ now: () => Date.UTC(2027, 0, 1) });
    const client = functionClient(emulator).verify.v2.services(emulator.services.twoFactor);
    const { newFactors } = client.entities('somebody-8');
    const { sid } = await newFactors.create({ friendlyName: 'Ann', factorType: 'totp' });
    const shown = { sid, identity: 'somebody-8', issuer: 'Verify Contact', friendlyName: 'Ann', status: 'unverified' };
    const code = await emulator.totp('somebody-8');
    expect(await call('GET /factors?identity=somebody-8')).toMatchObject([{ ...shown, code }]);
    await call('POST /clock', { advance: 60 });
    const [later] = (await call('GET /factors?limit=1')) as { code: string; codeExpiresAt: string }[];
    expect(later).toMatchObject({ code: await emulator.totp('somebody-8'), codeExpiresAt: '2027-01-01T00:01:30.000Z' });
    expect(later?.code).not.toBe(code);
    expect(await call(`GET /factors?serviceSid=${emulator.services.contact}`)).toEqual([]);
  });

  it('a test lists the faults that wait, and removes one of them', async () => {
    const { emulator, call, send } = open();
    expect(await call('POST /faults', { code: 60605, to, times: 2 })).toEqual({ id: 1 });
    await call('POST /faults', { delayMs: 5, times: null });
    emulator.faults.add({ kind: 'no-answer', path: /Check$/ });
    expect(await errorOf(send())).toMatchObject({ code: 60605 });
    expect(await call('GET /faults')).toEqual([
      { id: 1, kind: 'error', code: 60605, to, times: 2, remaining: 1 },
      { id: 2, kind: 'delay', delayMs: 5, times: null, remaining: null },
      { id: 3, kind: 'no-answer', path: '/Check$/', times: 1, remaining: 1 },
    ]);
    await call('DELETE /faults/1');
    expect(await send()).toMatchObject({ status: 'pending' });
    expect(await call('DELETE /faults/1')).toEqual({ error: expect.stringMatching(/^No fault 1 waits/) as string });
    expect(await call('GET /faults')).toMatchObject([{ id: 2 }, { id: 3 }]);
  });

  it('a test makes a service with its own sid, and changes it', async () => {
    const { call, send } = open();
    const sid = `VA${'9'.repeat(32)}`;
    expect(await call('POST /services', { sid, friendlyName: 'Shop' })).toMatchObject({
      sid,
      codeLength: 6,
      mailer: true,
    });
    expect(await send(to, sid)).toMatchObject({ serviceSid: sid });
    expect(await call('POST /services', { sid })).toEqual({ error: `There is a service ${sid} already.` });
    expect(await call(`PATCH /services/${sid}`, { channels: ['email'] })).toMatchObject({ friendlyName: 'Shop' });
    expect(await errorOf(send(to, sid))).toMatchObject({ code: 60223 });
    expect(await call(`PATCH /services/VA${'8'.repeat(32)}`, {})).toEqual({
      error: `There is no service VA${'8'.repeat(32)}.`,
    });
    expect(await call('GET /services')).toHaveLength(3);
  });

  it('a test reads what a client signs in with', async () => {
    const { emulator, call } = open();
    const { credentials, services } = emulator;
    expect(await call('GET /credentials')).toEqual({ ...credentials, services });
  });

  it('a test waits for a message, and no longer than it says', async () => {
    const { call, send } = open();
    const found = call(`GET /outbox?to=${encodeURIComponent(to)}&wait=60`);
    await send('+447400999999');
    await send();
    expect(await found).toMatchObject([{ to }]);
    expect(await call('GET /outbox?channel=email&wait=0')).toEqual([]);
    const leaving = new AbortController();
    const { emulator } = open();
    const url = 'http://localhost/__emulator/outbox?wait=60';
    const abandoned = emulator.fetch(new Request(url, { signal: leaving.signal }));
    leaving.abort();
    expect(await (await abandoned).json()).toEqual([]);
  });

  it('a script waits until the emulator is ready, by GET or HEAD', async () => {
    const { call, raw } = open();
    expect(await call('GET /health')).toEqual({ status: 'ok' });
    const head = await raw('HEAD', '/health');
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await raw('HEAD', '/outbox/events')).status).toBe(200);
  });

  it('the control plane lists all that it offers, and says what a path has instead', async () => {
    const { call, raw } = open();
    const { operations, openapi } = (await call('GET ')) as { openapi: string; operations: { path: string }[] };
    const { paths } = (await (await raw('GET', openapi.replace('/__emulator', ''))).json()) as Document;
    expect(new Set(operations.map(({ path }) => path))).toEqual(new Set(Object.keys(paths)));
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId));
    expect(ids).toContain('deleteFaultsId');
    expect(new Set(ids).size).toBe(operations.length);
    const response = await raw('POST', '/health');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
    expect(await response.json()).toEqual({ error: 'This path has no POST. It has GET.' });
  });
});

describe('a mistake of the emulator’s own', () => {
  const failing = () => {
    throw new Error('the random source is empty');
  };

  it('is a 500 that the log explains, and no silence', async () => {
    const log: string[] = [];
    const { send } = open({ random: failing, log: (text) => log.push(text) });
    expect(await errorOf(send())).toMatchObject({ status: 500, code: 20500 });
    expect(log.join('\n')).toMatch(
      /^The emulator made a mistake at POST \/v2\/Services\/.* no injected fault\.\nError: the random source/,
    );
  });

  it('in the wait of a fault too, over a port', async () => {
    const log: string[] = [];
    const wait = () => Promise.reject(new Error('no timer'));
    const { emulator } = open({ wait, log: (text) => log.push(text) });
    emulator.faults.add({ delayMs: 5 });
    const { url, close } = await serveEmulator(emulator);
    expect((await fetch(`${url}/v2/Services`)).status).toBe(500);
    expect(log).toHaveLength(1);
    expect(emulator.calls).toMatchObject([{ status: 500 }]);
    await close();
  });

  it('in the control plane', async () => {
    const log: string[] = [];
    const now = { broken: false };
    const clock = () => (now.broken ? failing() : 0);
    const { raw } = open({ now: clock, log: (text) => log.push(text) });
    now.broken = true;
    const response = await raw('GET', '/clock');
    expect([response.status, await response.json()]).toEqual([
      500,
      { error: 'The emulator made a mistake. Its log says more.' },
    ]);
    expect(log[0]).toContain('GET /__emulator/clock');
  });
});
