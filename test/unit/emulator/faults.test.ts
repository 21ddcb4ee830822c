/** Each fault as the SDK sees it, in one process and over a real socket. */
import { afterEach, describe, expect, it } from 'vitest';
import twilio from 'twilio';
import { createEmulator, type Fault } from '../../../src/emulator/index.js';
import { serveEmulator } from '../../../src/emulator/node.js';
import { functionClient, portClient, errorOf } from '../../support/emulator-client.js';

const to = '+447400123456';
const waited: number[] = [];
const closers: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

function open(...faults: Fault[]) {
  const emulator = createEmulator({ wait: (ms) => Promise.resolve(void waited.push(ms)) });
  for (const fault of faults) emulator.faults.add(fault);
  const { verifications } = functionClient(emulator).verify.v2.services(emulator.services.contact);
  return { emulator, verifications, send: () => verifications.create({ to, channel: 'sms' }) };
}

async function overPort(options: twilio.Twilio['opts'], ...faults: Fault[]) {
  const { emulator } = open(...faults);
  const { url, close } = await serveEmulator(emulator);
  closers.push(close);
  const client = portClient(emulator, url, options);
  const { verifications } = client.verify.v2.services(emulator.services.contact);
  return { emulator, url, send: () => verifications.create({ to, channel: 'sms' }) };
}

describe('a fault', () => {
  it('returns Twilio’s error of that code, once', async () => {
    const { emulator, send } = open({ code: 60410 });
    expect(await errorOf(send())).toMatchObject({ status: 403, code: 60410 });
    expect(emulator.outbox.list()).toEqual([]);
    expect(await send()).toMatchObject({ status: 'pending' });
  });

  it('applies only to calls that match method, path and destination', async () => {
    const fault = { code: 20503, times: Infinity, method: 'post', path: '/VerificationCheck', to };
    const { emulator, send } = open(fault);
    const { sid } = await send();
    const checks = functionClient(emulator).verify.v2.services(emulator.services.contact).verificationChecks;
    const check = () => checks.create({ verificationSid: sid, code: '123456' });
    expect(await errorOf(check())).toMatchObject({ status: 503, code: 20503 });
    expect(await errorOf(check())).toMatchObject({ status: 503 });
    expect(await errorOf(checks.create({ to: '+447400999999', code: '123456' }))).toMatchObject({ status: 404 });
    emulator.faults.clear();
    expect(await check()).toMatchObject({ valid: false });
  });

  it('may say when to retry', async () => {
    const { emulator } = open({ code: 20429, retryAfter: 7 });
    const response = await emulator.fetch(new Request('https://verify.twilio.com/v2/Services'));
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
  });

  it('delays the call with the wait of the options, and then carries it out', async () => {
    waited.length = 0;
    const { send } = open({ delayMs: 30_000 });
    expect(await send()).toMatchObject({ status: 'pending' });
    expect(waited).toEqual([30_000]);
  });

  it('breaks the connection before Twilio acted, or after, and the error does not say which', async () => {
    const before = open({ kind: 'reset-before' });
    const after = open({ kind: 'reset-after' });
    const [one, other] = [await errorOf(before.send()), await errorOf(after.send())];
    expect(one).toBeInstanceOf(TypeError);
    expect([one.message, other.message]).toEqual(['fetch failed', 'fetch failed']);
    expect([before.emulator.outbox.list().length, after.emulator.outbox.list().length]).toEqual([0, 1]);
    expect(after.emulator.calls).toMatchObject([{ status: 0 }]);
  });

  it('is a proxy’s page: the SDK has a status and no code', async () => {
    const error = await errorOf(open({ kind: 'html-502' }).send());
    expect(error).toMatchObject({ status: 502, message: '[HTTP 502] Failed to execute request' });
    expect(error.code).toBeUndefined();
  });

  it('is half of the real response: Twilio acted, and the SDK cannot parse it', async () => {
    const { emulator, send } = open({ kind: 'broken-json' });
    expect(await errorOf(send())).toBeInstanceOf(SyntaxError);
    expect(emulator.outbox.list()).toHaveLength(1);
  });

  it('is a problem of RFC 9457: the SDK throws a class that it does not export', async () => {
    const error = await errorOf(open({ kind: 'problem-json', code: 20429 }).send());
    expect(error).toMatchObject({ status: 429, code: 20429 });
    expect(error).not.toBeInstanceOf(twilio.RestException);
  });

  it('is no response until the client gives up', async () => {
    const { emulator } = open({ kind: 'no-answer' });
    const client = new AbortController();
    const call = emulator.fetch(new Request('https://verify.twilio.com/v2/Services', { signal: client.signal }));
    client.abort(new Error('gave up'));
    await expect(call).rejects.toThrow('gave up');
  });

  it('delays a send, and a second one is refused meanwhile if the options assume that', async () => {
    let go = (): void => undefined;
    const wait = () => new Promise<void>((resolve) => (go = resolve));
    const emulator = createEmulator({ wait, assume: { concurrentSends: 'refuse' } });
    const { verifications } = functionClient(emulator).verify.v2.services(emulator.services.contact);
    emulator.faults.add({ delayMs: 50 });
    const first = verifications.create({ to, channel: 'sms' });
    expect(await errorOf(verifications.create({ to, channel: 'sms' }))).toMatchObject({ code: 60212, status: 429 });
    go();
    expect(await first).toMatchObject({ status: 'pending' });
    expect(await verifications.create({ to, channel: 'sms' })).toMatchObject({ status: 'pending' });
  });
});

describe('over a real socket', () => {
  it('a reset breaks the connection before or after Twilio acted', async () => {
    const { emulator, send } = await overPort({}, { kind: 'reset-before' }, { kind: 'reset-after' });
    for (const delivered of [0, 1]) {
      const error = await errorOf(send());
      expect(error).toMatchObject({ code: expect.stringMatching(/ECONNRESET|ECONNABORTED/) as unknown });
      expect(error.status).toBeUndefined();
      expect(emulator.outbox.list()).toHaveLength(delivered);
    }
    expect(await send()).toMatchObject({ status: 'pending' });
  });

  it('a missing response ends with the client’s own timeout', async () => {
    const { send } = await overPort({ timeout: 100 }, { kind: 'no-answer' });
    expect(await errorOf(send())).toMatchObject({ code: 'ECONNABORTED' });
  });

  it('a port in use is an error, not a hang', async () => {
    const { url, emulator } = await overPort({});
    await expect(serveEmulator(emulator, { port: Number(new URL(url).port) })).rejects.toThrow('EADDRINUSE');
  });
});

describe('the SDK', () => {
  it('with autoRetry repeats every 429, even the permanent 60203; maxRetries 0 means three', async () => {
    const retrying = { autoRetry: true, maxRetries: 0, maxRetryDelay: 1 };
    const { emulator, send } = await overPort(retrying, { code: 60203, times: Infinity });
    expect(await errorOf(send())).toMatchObject({ code: 60203 });
    expect(emulator.calls).toHaveLength(4);
  });

  it('reads a timeout of 0 as half a minute', () => {
    expect(new twilio.RequestClient({ timeout: 0 }).defaultTimeout).toBe(30_000);
  });
});
