/** Both journeys on Bun and on Deno, on their own servers and under `serve`, with an emulator on a port in place of Twilio. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportJWK, generateKeyPair } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { startProcess, type RunningProcess } from '../../../scripts/processes/start-process.js';
import { generateKeys, verifyProof, type Keys } from '../../../src/server/index.js';
import { command as transpiledCommand } from '../../support/command.js';
import { runtimes } from '../../support/runtimes.js';
import { serveEnvironment, type ServeEnvironment } from '../../support/serve-environment.js';

const PHONE = '+14155552671';
const OTHER_PHONE = '+447400123456';
const audience = 'https://shop.example';
const application = fileURLToPath(new URL('../../support/runtime-server.js', import.meta.url));
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Answer {
  challenge: string;
  proof: string;
  /** The problem's code, of a response that is none of success. */
  code: string;
}

async function post(url: string, body: object, headers = {}): Promise<{ status: number; body: Answer }> {
  const all = { 'content-type': 'application/json', ...headers };
  const response = await fetch(url, { method: 'POST', headers: all, body: JSON.stringify(body) });
  const text = await response.text();
  const read: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: response.status, body: read as Answer };
}

/** Asks for a code, first enters a wrong one, then the right one. Resolves to the proof. */
async function prove(start: string, to: string, request: object, { emulator }: ServeEnvironment, headers = {}) {
  const started = await post(start, request, headers);
  expect(started).toMatchObject({ status: 201 });
  const { challenge } = started.body;
  const code = emulator.outbox.latest(to)?.code ?? '';
  const check = (digits: string) =>
    post(
      new URL('check', start).href,
      { challenge, code: digits },
      { 'idempotency-key': crypto.randomUUID(), ...headers },
    );
  expect((await check(code === '000000' ? '111111' : '000000')).body.code).toBe('wrong-code');
  const { status, body } = await check(code);
  expect(status).toBe(200);
  return body.proof;
}

async function keysOf(algorithm: 'ES256' | 'EdDSA'): Promise<Keys> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return { ...(await generateKeys()), signing: await exportJWK(privateKey) };
}

async function startEmulator(): Promise<ServeEnvironment> {
  const environment = await serveEnvironment();
  closing.push(environment.close);
  return environment;
}

function start(command: readonly string[], env: Record<string, string> = {}): RunningProcess {
  const { PATH = '', HOME = '' } = process.env;
  const running = startProcess(command, { env: { PATH, HOME, ...env } });
  closing.push(() => running.stop('SIGKILL'));
  return running;
}

describe.each(runtimes)('on $name', ({ command }) => {
  it.skipIf(!command).each(['EdDSA', 'ES256'] as const)(
    'a person signs up and signs in by two factors, with proofs of %s that Node verifies',
    { timeout: 60_000 },
    async (algorithm) => {
      const environment = await startEmulator();
      const { credentials, services } = environment.emulator;
      const { accountSid, apiKey, apiSecret } = credentials;
      const twilio = {
        accountSid,
        apiKey,
        apiSecret,
        contactService: services.contact,
        twoFactorService: services.twoFactor,
        baseUrl: environment.env.TWILIO_BASE_URL,
      };
      const library = join(dirname(transpiledCommand()), 'server/index.js');
      const settings = JSON.stringify({ twilio, keys: await keysOf(algorithm) });
      const running = start([...(command ?? []), application, library, settings]);
      const [, url = ''] = await running.waitForOutput(/listens on (\S+)/);

      const contact = await prove(`${url}/verify/contact`, PHONE, { to: PHONE }, environment);
      const jwks = (await (await fetch(`${url}/verify/jwks.json`)).json()) as Parameters<typeof verifyProof>[1]['jwks'];
      const claims = { jwks, audience, purpose: 'contact', subject: null } as const;
      expect((await verifyProof(contact, claims)).contact).toEqual({ type: 'phone', value: PHONE });
      expect((await post(`${url}/sign-up`, { user: 'ada', proof: contact })).status).toBe(200);

      const ada = { cookie: 'user=ada' };
      expect((await post(`${url}/verify/contact`, { to: OTHER_PHONE }, ada)).body.code).toBe('two-factor-needed');
      const proof = await prove(`${url}/verify/two-factor`, PHONE, {}, environment, ada);
      expect((await post(`${url}/second-factor`, { proof: contact }, ada)).status).toBe(422);
      expect((await post(`${url}/second-factor`, { proof }, ada)).status).toBe(200);

      // Nothing listens in Twilio's place now. No connection is open, so the runtime must say that nothing was sent.
      await closing.shift()?.();
      expect((await post(`${url}/verify/contact`, { to: OTHER_PHONE })).status).toBe(503);
      expect(running.output()).toMatch(/"type":"twilio-call","operation":"send","outcome":"not-sent"/);
      expect(running.output()).not.toContain('mistake in the program');
    },
  );

  it.skipIf(!command)('serve verifies a contact and stops when it is told to', { timeout: 60_000 }, async () => {
    const environment = await startEmulator();
    const running = start([...(command ?? []), transpiledCommand(), 'serve'], environment.env);
    const [, url = ''] = await running.waitForOutput(/verify-contact listens on (http:[^"]+)/);
    await prove(`${url}/contact`, PHONE, { to: PHONE }, environment);
    await running.stop('SIGTERM');
    expect(await running.exited).toBe(0);
    expect(running.output()).toContain('stopped');
  });
});
