/** `verify-contact serve` as real processes: what it refuses and prints, what monitoring sees, two processes on one SQLite file, and how it stops. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../src/emulator/index.js';
import type { RunningProcess } from '../../../scripts/processes/start-process.js';
import { run } from '../../support/command.js';
import { serveEnvironment } from '../../support/serve-environment.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PHONE = '+14155552671';
let env: Record<string, string>;
let emulator: Emulator;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  const started = await serveEnvironment();
  ({ env, emulator } = started);
  return started.close;
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  emulator.reset();
});

/** Starts a process that ends with the test. `watch` is the address of the metrics. */
async function serve(changes: Record<string, string> = {}): Promise<RunningProcess & { url: string; watch: string }> {
  const running = run(['serve'], { ...env, ...changes });
  closing.push(() => running.stop('SIGKILL'));
  const [, url = ''] = await running.waitForOutput(/verify-contact listens on (http:[^"]+)/);
  const [, watch = ''] = changes.VERIFY_METRICS_PORT
    ? await running.waitForOutput(/metrics are on ([^"]+)\/metrics/)
    : [];
  return { ...running, url, watch };
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'verify-contact-serve-'));
  closing.push(() => rm(path, { recursive: true }));
  return path;
}

function post(url: string, body: object, headers = {}): Promise<Response> {
  const all = { 'content-type': 'application/json', ...headers };
  return fetch(url, { method: 'POST', headers: all, body: JSON.stringify(body) });
}

/** A whole verification of that number, checked at `checkUrl`. Resolves to the status of the check. */
async function verify(url: string, to: string, checkUrl = url): Promise<number> {
  const started = await post(`${url}/contact`, { to });
  const { challenge } = (await started.json()) as { challenge: string };
  const code = emulator.outbox.latest(to)?.code;
  const key = { 'idempotency-key': crypto.randomUUID() };
  return (await post(`${checkUrl}/check`, { challenge, code }, key)).status;
}

const lines = (running: RunningProcess) =>
  running
    .output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a start with a wrong setting', () => {
  it.each([
    [{ VERIFY_SECRET: 'Zm9vYmFy-short' }, /^VERIFY_SECRET must be at least 32 random bytes in base64url\.$/],
    [{ VERIFY_SIGNING_KEY: '{"kty":"EC","d":"sesame"}' }, /^VERIFY_SIGNING_KEY must be a private JWK of kind .+\.$/],
    [{ VERIFY_ORIGIN: 'https://shop.example' }, /^VERIFY_ORIGIN is not a setting: did you mean VERIFY_ORIGINS\?/],
    [{ VERIFY_ORIGINS: 'https://shop.example/' }, /^VERIFY_ORIGINS has "https:\/\/shop\.example\/", .+\.$/],
    [{ VERIFY_PROXIES: 'the proxy' }, /^VERIFY_PROXIES has "the proxy" .+\.$/],
    [{ TWILIO_API_SECRET: '' }, /^Twilio is only half set up: TWILIO_API_SECRET is missing\.$/],
    [{ VERIFY_TWO_FACTOR: 'always' }, /^VERIFY_TWO_FACTOR needs VERIFY_BEARER_ISSUER: .+\.$/],
    [{ VERIFY_METRICS_PORT: '8787', VERIFY_PORT: '8787' }, /^VERIFY_METRICS_PORT must be another port than .+\.$/],
    [{ VERIFY_LIMITS: '{"sends":' }, /^VERIFY_LIMITS must be an object of limits as JSON\.$/],
    [
      { VERIFY_LIMITS: '{"sends":{"totals":{}}}' },
      /^VERIFY_LIMITS: sends\.totals is not an option\. Did you mean total\?$/,
    ],
    [
      { VERIFY_LIMITS: '{"checks":{"destination":11}}' },
      /^VERIFY_LIMITS: checks\.destination must be a whole number from 0 to 10\.$/,
    ],
    [
      { VERIFY_STORE: 'sqlite:/nowhere/limits.db' },
      /^VERIFY_STORE names \/nowhere\/limits\.db, whose directory does not exist: make it, or correct the path\.$/,
    ],
    [{ VERIFY_ACCOUNTS: 'sqlite:/' }, /^VERIFY_ACCOUNTS names \/, which is a directory: name a file in it\.$/],
    [{ VERIFY_PRICES: 'sms=0.1' }, /^VERIFY_PRICES has no effect without VERIFY_METRICS_PORT\.$/],
  ])('ends with one sentence and no secret: %j', async (changes, sentence) => {
    const running = run(['serve'], { ...env, ...changes });
    expect(await running.exited).toBe(1);
    expect(running.output().trim()).toMatch(sentence);
    expectNoSecret(running, changes);
  });
});

/** Asserts that no secret value was printed. */
function expectNoSecret(running: RunningProcess, changes: Record<string, string> = {}): void {
  const { VERIFY_SECRET = '', TWILIO_API_SECRET = '', VERIFY_SIGNING_KEY = '' } = { ...env, ...changes };
  const { d = '' } = JSON.parse(VERIFY_SIGNING_KEY) as { d?: string };
  for (const secret of [VERIFY_SECRET, TWILIO_API_SECRET, d].filter((one) => one !== '')) {
    expect(running.output()).not.toContain(secret);
  }
}

describe('the log', () => {
  it('is one JSON line an event, without contact, code, token or secret', async () => {
    const running = await serve({ VERIFY_LOG_LEVEL: 'debug' });
    expect(await verify(running.url, PHONE)).toBe(200);
    running.child.kill('SIGTERM');
    expect(await running.exited).toBe(0);
    const events = lines(running).map(({ level, event, msg }) => `${String(level)} ${String(event ?? msg)}`);
    expect(events.map((line) => line.replace(/http:\S+/, 'URL'))).toEqual([
      'info verify-contact listens on URL',
      'debug twilio-call',
      'info code-sent',
      'debug twilio-call',
      'info code-checked',
      'info stopping: requests in flight are finished first',
      'info stopped',
    ]);
    expect(lines(running)[2]).toMatchObject({ event: 'code-sent', to: '•••• 71', country: 'US', channel: 'sms' });
    expect(running.output()).not.toMatch(/14155552671|eyJ/);
    expect(running.output()).not.toContain(emulator.outbox.latest(PHONE)?.code);
    expectNoSecret(running);
  });
});

describe('the limits', () => {
  it('are what VERIFY_LIMITS says, and the default where it says nothing', async () => {
    const running = await serve({ VERIFY_LIMITS: '{"sends":{"address":{"perHour":2}}}' });
    const numbers = ['+14155552671', '+447400123456', '+4915112345678'];
    const statuses = [];
    for (const to of numbers) statuses.push((await post(`${running.url}/contact`, { to })).status);
    expect(statuses).toEqual([201, 201, 429]);
  });
});

describe('monitoring', () => {
  it('sees sends, checks, spending and how long Twilio took, on a port that serves nothing else', async () => {
    const running = await serve({ VERIFY_METRICS_PORT: '0', VERIFY_PRICES: 'sms=0.05,sms:GB=0.4' });
    expect(await verify(running.url, PHONE)).toBe(200);
    await post(`${running.url}/contact`, { to: '+447400123456' });
    await post(`${running.url}/contact`, { to: 'nobody' });
    const text = await (await fetch(`${running.watch}/metrics`)).text();
    for (const line of [
      'codes_sent_total{purpose="contact",channel="sms",country="US",resent="false"} 1',
      'codes_checked_total{purpose="contact",channel="sms",country="US",outcome="approved"} 1',
      'refused_total{route="contact",problem="invalid-contact"} 1',
      'spend_total{channel="sms",country="US"} 0.05',
      'spend_total{channel="sms",country="GB"} 0.4',
      'twilio_seconds_count{operation="send",outcome="answered"} 2',
      'twilio_seconds_count{operation="check",outcome="answered"} 1',
    ]) {
      expect(text).toContain(`verify_contact_${line}`);
    }
    expect(text).not.toMatch(/4155552671|7400123456/);
    expect((await fetch(`${running.watch}/contact`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${running.url}/metrics`)).status).toBe(404);
  });

  it('distinguishes a live process from a ready one', async () => {
    const running = await serve({ VERIFY_METRICS_PORT: '0', VERIFY_STORE: 'redis://127.0.0.1:1' });
    const statuses = await Promise.all(
      [`${running.watch}/live`, `${running.watch}/ready`, `${running.url}/health`, `${running.url}/health?live`].map(
        async (url) => (await fetch(url)).status,
      ),
    );
    expect(statuses).toEqual([200, 503, 503, 200]);
  });
});

describe('two processes with one SQLite file', { timeout: 60_000 }, () => {
  it('continue each other’s verifications, and share the limits', async () => {
    const file = join(await folder(), 'limits.db');
    const changes = { VERIFY_STORE: `sqlite:${file}`, VERIFY_LIMITS: '{"sends":{"address":{"perHour":8}}}' };
    const [first, second] = [await serve(changes), await serve(changes)];
    const numbers = Array.from({ length: 8 }, (_, n) => `+1415555267${n}`);
    const statuses = await Promise.all(
      numbers.map((to, n) => (n % 2 === 0 ? verify(first.url, to, second.url) : verify(second.url, to, first.url))),
    );
    expect(statuses).toEqual(numbers.map(() => 200));
    for (const { url } of [first, second]) {
      expect((await post(`${url}/contact`, { to: '+447400123456' })).status).toBe(429);
    }
  });

  it('survive each other: one that is killed takes nothing along', async () => {
    const store = `sqlite:${join(await folder(), 'limits.db')}`;
    const [first, second] = [await serve({ VERIFY_STORE: store }), await serve({ VERIFY_STORE: store })];
    const started = await post(`${first.url}/contact`, { to: PHONE });
    const { challenge } = (await started.json()) as { challenge: string };
    first.child.kill('SIGKILL');
    await first.exited;
    const code = emulator.outbox.latest(PHONE)?.code;
    const key = { 'idempotency-key': crypto.randomUUID() };
    expect((await post(`${second.url}/check`, { challenge, code }, key)).status).toBe(200);
  });
});

describe('connections', () => {
  it('beyond VERIFY_MAX_CONNECTIONS are closed, and are served again when others have left', async () => {
    const { url } = await serve({ VERIFY_MAX_CONNECTIONS: '2' });
    const idle = await Promise.all([openSocket(url), openSocket(url)]);
    await expect(post(`${url}/contact`, { to: PHONE })).rejects.toThrow('fetch failed');
    idle[0]?.destroy();
    const answer = async () => (await post(`${url}/contact`, { to: PHONE }).catch(() => null))?.status;
    await expect.poll(answer, { interval: 50, timeout: 10_000 }).toBe(201);
    idle[1]?.destroy();
  });
});

/** A connection that sends nothing. */
function openSocket(url: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => resolve(socket)).once('error', reject);
  });
}

describe('a stop', { timeout: 60_000 }, () => {
  it.each(['memory', 'sqlite'])('answers the requests in flight first: store %s', async (kind) => {
    const store = kind === 'memory' ? 'memory' : `sqlite:${join(await folder(), 'limits.db')}`;
    const running = await serve({ VERIFY_STORE: store });
    emulator.faults.add({ path: '/Verifications', kind: 'delay', delayMs: 2_500, times: 5 });
    const before = emulator.calls.length;
    const answers = Array.from({ length: 5 }, (_, n) => post(`${running.url}/contact`, { to: `+1415555267${n}` }));
    await expect.poll(() => emulator.calls.length, { interval: 20, timeout: 15_000 }).toBe(before + 5);
    running.child.kill('SIGTERM');
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(await running.exited).toBe(0);
  });
});
