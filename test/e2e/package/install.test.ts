/** Installs the package in an empty project, for a page and for a server. */
import { existsSync, readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateKeys } from '../../../src/server/index.js';
import { install, pack, said, type Packed } from '../../support/packed-package.js';

let packed: Packed;
const folders: string[] = [];

beforeAll(async () => {
  packed = await pack();
}, 120_000);

afterAll(async () => {
  await packed?.remove();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function project(...packages: string[]): Promise<string> {
  const folder = await install(packed, ...packages);
  folders.push(folder);
  return folder;
}

async function runs(folder: string, program: string): Promise<string> {
  await writeFile(join(folder, 'program.js'), program);
  const { text } = await said(folder, process.execPath, 'program.js');
  return text.trim();
}

/** Sends one code, with the emulator as Twilio. */
const sends = `
import { createEmulator } from 'verify-contact/emulator';
import { createHandler, generateKeys } from 'verify-contact/server';
const emulator = createEmulator();
const { credentials: { accountSid, apiKey, apiSecret }, services } = emulator;
const verify = createHandler({
  twilio: { accountSid, apiKey, apiSecret, contactService: services.contact, twoFactorService: services.twoFactor, transport: emulator.fetch },
  keys: await generateKeys(), audience: 'https://shop.example', anonymous: true,
});
const response = await verify(new Request('https://shop.example/verify/contact', {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ to: '+14155552671' }),
}), { address: '192.0.2.1' });
console.log(response.status, emulator.outbox.list().length);`;

/** The settings of serve that have no default, without the keys. */
const account = [
  `TWILIO_ACCOUNT_SID=AC${'1'.repeat(32)}`,
  'TWILIO_AUTH_TOKEN=a-token',
  `TWILIO_VERIFY_SERVICE_SID=VA${'2'.repeat(32)}`,
  'VERIFY_AUDIENCE=https://shop.example',
  'VERIFY_ANONYMOUS=true',
];

describe('without peer dependencies', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await project();
  }, 180_000);

  it('installs what pages need, but no driver, no database and no twilio', () => {
    const brought = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(brought.sort()).toEqual(
      ['@hono', '@lit', '@lit-labs', '@types', 'hono', 'jose', 'libphonenumber-js', 'lit', 'lit-element', 'lit-html']
        .concat(['undici', 'verify-contact', 'zod'])
        .sort(),
    );
  });

  it('gives pages all of their entries, and servers the emulator', async () => {
    const doors = ['', '/define', '/verify-contact', '/two-factor', '/client', '/server', '/server/node', '/emulator'];
    const rest = ['/emulator/node', '/locales/de'];
    const all = [...doors, ...rest].map((door) => `await import('verify-contact${door}');`);
    expect(await runs(folder, `${all.join('\n')}\nconsole.log('all there');`)).toBe('all there');
  }, 60_000);

  it('says in one sentence that twilio is missing when a code is sent', async () => {
    const answer = await runs(folder, sends);
    expect(answer).toContain('503 0');
    expect(answer).toContain('Sending codes needs the package twilio, which is not installed: npm install twilio');
  }, 60_000);

  it.each([
    ["redisStore({ url: 'redis://127.0.0.1:1' }).ready()", '@redis/client'],
    ["sqliteStore({ file: ':memory:' }).ready()", 'libsql'],
    ["sqliteAccounts({ file: ':memory:' }).contacts('ada')", 'libsql'],
    ["postgresAccounts({ url: 'postgres://127.0.0.1:1/none' }).contacts('ada')", 'pg'],
  ])(
    '%s names the package that it lacks',
    async (call, name) => {
      const program = `import * as server from 'verify-contact/server';
const { redisStore, sqliteStore, sqliteAccounts, postgresAccounts } = server;
await ${call}.catch((error) => console.log(error.cause?.message ?? error.message, '|', error.message));
process.exit();`;
      expect(await runs(folder, program)).toContain(
        `needs the package ${name}, which is not installed: npm install ${name}`,
      );
    },
    60_000,
  );

  it.each([
    ['serve', [], 'twilio pino'],
    ['serve with metrics', ['VERIFY_METRICS_PORT=9464'], 'twilio pino prom-client'],
  ])(
    '%s refuses to start with one sentence that names all that is missing',
    async (_, settings, names) => {
      const command = join(folder, 'node_modules/.bin/verify-contact');
      // Wrong and missing settings come before missing packages.
      const { secret, signing } = await generateKeys();
      const keys = [`VERIFY_SECRET=${secret}`, `VERIFY_SIGNING_KEY=${JSON.stringify(signing)}`];
      const { code, text } = await said(folder, 'env', ...account, ...keys, ...settings, command, 'serve');
      expect(code).toBe(1);
      expect(text.trim()).toBe(`This set-up needs packages that are not installed: npm install ${names}`);
    },
    60_000,
  );

  it('the metrics name the missing package', async () => {
    const program = `import { createMetrics } from './node_modules/verify-contact/dist/cli/serve/metrics.js';
await createMetrics({ price: () => 0 }).catch((error) => console.log(error.message));`;
    expect(await runs(folder, program)).toBe(
      'VERIFY_METRICS_PORT needs the package prom-client, which is not installed: npm install prom-client',
    );
  }, 60_000);
});

describe('with twilio', () => {
  it('sends codes', async () => {
    const folder = await project('twilio@6.2.0');
    expect(existsSync(join(folder, 'node_modules/twilio'))).toBe(true);
    expect(await runs(folder, sends)).toContain('201 1');
  }, 240_000);
});
