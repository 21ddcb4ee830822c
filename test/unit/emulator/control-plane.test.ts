/** The emulator's own routes: what a page on the same machine may do, and what every other page may not. */
import { describe, expect, it } from 'vitest';
import { controlPlane } from '../../../src/emulator/control/control-plane.js';
import { createEmulator } from '../../../src/emulator/index.js';
import { serveEmulator } from '../../../src/emulator/node.js';
import { functionClient, errorOf } from '../../support/emulator-client.js';

const to = '+447400123456';

function open() {
  const emulator = createEmulator({ control: true });
  const control = controlPlane(emulator);
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    return control(new Request(`http://localhost:5173/__emulator${path}`, init));
  };
  const { verifications } = functionClient(emulator).verify.v2.services(emulator.services.contact);
  return { emulator, call, verifications, send: (to: string) => verifications.create({ to, channel: 'sms' }) };
}

describe('the control plane', () => {
  it('lists the delivered messages, newest first, to the same origin only', async () => {
    const { call, send } = open();
    await send(to);
    await send('+447400999999');
    const response = await call('GET', '/outbox');
    const messages = (await response.json()) as object[];
    expect(messages).toMatchObject([{ to: '+447400999999' }, { to }]);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(await (await call('GET', `/outbox?to=${encodeURIComponent(to)}`)).json()).toHaveLength(1);
  });

  it.each([
    ['another host, as in DNS rebinding', { host: 'evil.example' }],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of another port', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['an origin without a name', { origin: 'null' }],
  ])('shows nothing to %s, and does nothing for it', async (_, headers) => {
    const { emulator, call, send } = open();
    await send(to);
    const code = emulator.outbox.latest(to)?.code ?? '';
    for (const [method, path] of [
      ['GET', '/outbox'],
      ['GET', '/outbox/events'],
      ['POST', '/reset'],
    ] as const) {
      const response = await call(method, path, undefined, headers);
      expect(response.status).toBe(403);
      expect(await response.text()).not.toContain(code);
    }
    expect(emulator.outbox.list()).toHaveLength(1);
  });

  it('answers the names that it is told, in any case, and no name that merely resembles them', async () => {
    const emulator = createEmulator({ control: true, allowedHosts: ['emulator', 'twilio.internal'] });
    const statusFor = async (host: string) => {
      const request = new Request('http://localhost/__emulator/outbox', { headers: { host } });
      return (await emulator.fetch(request)).status;
    };
    for (const host of ['emulator', 'emulator:4010', 'Emulator:80', 'twilio.internal', '127.0.0.1:4010'])
      expect([host, await statusFor(host)]).toEqual([host, 200]);
    for (const host of ['emulator.evil.example', 'evil-emulator', 'emulator.', 'emulator@evil.example', 'internal'])
      expect([host, await statusFor(host)]).toEqual([host, 403]);
  });

  it('answers loopback under any of its names', async () => {
    for (const host of ['localhost', 'localhost:80', '127.0.0.1:5173', '[::1]:5173']) {
      expect((await open().call('GET', '/outbox', undefined, { host })).status).toBe(200);
    }
  });

  it('advances the clock', async () => {
    const { call, send, verifications } = open();
    const { sid } = await send(to);
    expect((await call('POST', '/clock', { advance: 600 })).status).toBe(200);
    expect(await errorOf(verifications(sid).fetch())).toMatchObject({ status: 404 });
    expect((await call('POST', '/clock', { advance: 'soon' })).status).toBe(400);
    expect((await call('POST', '/clock', [])).status).toBe(400);
  });

  it('queues faults, without end if times is null, and clears them', async () => {
    const { call, send } = open();
    await call('POST', '/faults', { code: 60605, times: null });
    for (let time = 1; time <= 3; time += 1) expect(await errorOf(send(to))).toMatchObject({ code: 60605 });
    await call('DELETE', '/faults');
    expect(await send(to)).toMatchObject({ status: 'pending' });
  });

  it('changes a service, and resets everything', async () => {
    const { emulator, call, send } = open();
    await call('PATCH', `/services/${emulator.services.contact}`, { channels: ['email'] });
    expect(await errorOf(send(to))).toMatchObject({ code: 60223 });
    expect((await call('POST', '/services', { sid: 'VA1' })).status).toBe(400);
    await call('POST', '/reset');
    expect(await send(to)).toMatchObject({ status: 'pending' });
    expect((await call('DELETE', '/outbox')).status).toBe(200);
    expect(emulator.outbox.list()).toEqual([]);
  });

  it('is served beside the API only if the options say so', async () => {
    const get = (emulator: ReturnType<typeof createEmulator>) =>
      emulator.fetch(new Request('http://127.0.0.1/__emulator/outbox'));
    expect((await get(createEmulator({ control: true }))).status).toBe(200);
    expect((await get(createEmulator())).status).toBe(401);
  });

  it('streams each message as it is delivered, and drops a reader that disconnects', async () => {
    const { emulator, send } = open();
    const { url, close } = await serveEmulator(emulator);
    const disconnect = new AbortController();
    const response = await fetch(`${url}/__emulator/outbox/events`, { signal: disconnect.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toMatch(/^:/);
    await send(to);
    const { value = '' } = (await reader?.read()) ?? {};
    expect(JSON.parse(value.replace(/^data: /, ''))).toEqual(emulator.outbox.latest(to));
    disconnect.abort();
    await reader?.closed.catch(() => undefined);
    expect(await send(to)).toMatchObject({ status: 'pending' });
    await close();
  });
});
