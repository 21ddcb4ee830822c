/** `verify-contact serve` on a Redis Cluster that speaks TLS alone and asks for a password. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../src/emulator/index.js';
import { run } from '../../support/command.js';
import { startCluster, type RedisCluster } from '../../support/redis-cluster.js';
import { onRedis, redisIsHere } from '../../support/redis.js';
import { serveEnvironment } from '../../support/serve-environment.js';

const PHONE = '+14155552671';
const canSign = spawnSync('openssl', ['version']).status === 0;
const name = canSign ? 'serve on a secured cluster' : 'serve on a secured cluster (SKIPPED: there is no openssl)';

describe.skipIf(!redisIsHere || !canSign)(onRedis(name), { timeout: 120_000 }, () => {
  let folder: string;
  let cluster: RedisCluster;
  let emulator: Emulator;
  let stopEmulator: () => Promise<void>;
  let env: Record<string, string>;
  const closing: (() => unknown)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'verify-contact-tls-'));
    const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
    const files = ['-keyout', key, '-out', certificate];
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    expect(spawnSync('openssl', ['req', ...kind, ...files, ...subject]).status).toBe(0);
    cluster = await startCluster({ password: 'open-sesame', certificate, key });
    const started = await serveEnvironment();
    emulator = started.emulator;
    stopEmulator = started.close;
    env = { NODE_EXTRA_CA_CERTS: certificate, ...started.env };
  }, 120_000);
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(async () => {
    await cluster.stop();
    await stopEmulator();
    await rm(folder, { recursive: true });
  });

  async function serve(store: string, changes: Record<string, string> = {}): Promise<string> {
    const running = run(['serve'], { ...env, VERIFY_STORE: store, ...changes });
    closing.push(() => running.stop('SIGKILL'));
    return (await running.waitForOutput(/verify-contact listens on (http:[^"]+)/))[1] ?? '';
  }

  async function post(url: string, body: object, headers: Record<string, string> = {}) {
    const all = { 'content-type': 'application/json', ...headers };
    const response = await fetch(url, { method: 'POST', headers: all, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  it('two processes, each of which knows another node, send one message for one number, and each checks the codes of both', async () => {
    const [one = '', two = ''] = await Promise.all([0, 4].map((i) => serve(`cluster:${cluster.urls[i]}`)));
    const { challenge } = (await post(`${one}/contact`, { to: PHONE })).body;
    const code = emulator.outbox.latest(PHONE)?.code ?? '';
    const wrong = code === '000000' ? '000001' : '000000';
    const refused = await post(`${two}/check`, { challenge, code: wrong }, { 'idempotency-key': crypto.randomUUID() });
    expect(refused).toMatchObject({ status: 422, body: { code: 'wrong-code' } });
    expect(await post(`${two}/contact`, { to: PHONE })).toMatchObject({ status: 201 });
    expect(emulator.outbox.list()).toHaveLength(1);
    const right = await post(`${two}/check`, { challenge, code }, { 'idempotency-key': crypto.randomUUID() });
    expect(right.status).toBe(200);
  });

  it.each([
    ['the wrong password', (url: string) => url.replace('open-sesame', 'let-me-in'), {}],
    ['no password', (url: string) => url.replace(':open-sesame@', ''), {}],
    ['no TLS', (url: string) => url.replace('rediss:', 'redis:'), {}],
    ['a certificate that this machine does not trust', (url: string) => url, { NODE_EXTRA_CA_CERTS: '' }],
  ])('with %s nothing is sent, and every request is answered with 503', async (_, change, changes) => {
    emulator.reset();
    const url = await serve(`cluster:${change(cluster.urls[0] ?? '')}`, changes);
    expect(await post(`${url}/contact`, { to: PHONE })).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(emulator.outbox.latest(PHONE)).toBeUndefined();
  });
});
