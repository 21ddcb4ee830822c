/** The command as a person mistypes it or runs it without a package: one sentence on standard error, another exit code than 0, no stack. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from '../../support/command.js';
import { serveEnvironment } from '../../support/serve-environment.js';

const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
let env: Record<string, string>;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  command();
  const started = await serveEnvironment();
  closing.push(started.close);
  ({ env } = started);
}, 180_000);
afterAll(async () => {
  for (const close of closing) await close();
});

/** Runs the command until it ends. */
function said(args: readonly string[], settings: Record<string, string> = {}, cli = command()) {
  return new Promise<{ code: number; out: string; errors: string }>((resolve) => {
    const { PATH = '', HOME = '' } = process.env;
    const options = { env: { PATH, HOME, ...settings }, timeout: 60_000 };
    execFile(process.execPath, [cli, ...args], options, (error, out, errors) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, errors });
    });
  });
}

/** A copy of the command beside these packages and no others. */
function commandWith(...packages: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'verify-contact-packages-'));
  closing.push(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  cpSync(dirname(command()), join(folder, 'command'), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['@hono', 'hono', 'jose', 'libphonenumber-js', 'undici', 'zod', ...packages]) {
    symlinkSync(join(modules, name), join(folder, 'node_modules', name));
  }
  return join(folder, 'command/cli.js');
}

/** Listens on a free port of this machine. */
async function takenPort(): Promise<string> {
  const server = createServer();
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return String((server.address() as AddressInfo).port);
}

const list = '`verify-contact help` lists all commands and their options.\n';

describe('a mistake in the arguments', { timeout: 60_000 }, () => {
  it.each([
    [[], `A command is missing: ${list}`],
    [['serv'], `"serv" is not a command: did you mean serve? ${list}`],
    [['doctor', '--too', '+14155550123'], `--too is not an option of doctor: did you mean --to? ${list}`],
    [['doctor', '--to'], `--to needs a value: ${list}`],
    [
      ['conformance'],
      'conformance needs the address of a backend: verify-contact conformance https://shop.example/verify\n',
    ],
    [['conformance', 'shop.example'], '"shop.example" is not an address such as https://shop.example/verify.\n'],
    [['conformance', 'http://127.0.0.1:1'], 'No server answers at http://127.0.0.1:1.\n'],
    [['emulator', '--port', 'http'], '--port must be a port number from 0 to 65535.\n'],
    [['emulator', '--proxy', '0'], /^--proxy needs --ca-file FILE: .+\.\n$/],
    [['emulator', '--ca-file', 'x'], /^--ca-file is of the proxy, which has no port: .+\.\n$/],
    [['emulator', '--proxy', 'http', '--ca-file', 'x'], '--proxy must be a port number from 0 to 65535.\n'],
    [
      ['emulator', '--port', '0', '--proxy', '0', '--ca-file', '/nowhere/x'],
      '--ca-file /nowhere/x cannot be written: ENOENT.\n',
    ],
    [['emulator', '--config', '/nowhere.json'], '--config /nowhere.json cannot be read: ENOENT.\n'],
    [['emulator', '--port', '0', '--dotenv', '/nowhere/x'], '--dotenv /nowhere/x cannot be written: ENOENT.\n'],
    [
      ['emulator', '--code', '1234'],
      '--code 1234: The fixed code 1234 has 4 digits, and the codes of the services have 6.\n',
    ],
    [['keys', '--next', '--rotate'], '--next and --rotate are two steps: give one of them.\n'],
    [['keys', '--rotate'], /^VERIFY_NEXT_SECRET is missing: .+\.\n$/],
  ])('%j ends with one sentence', async (args, sentence) => {
    const { code, out, errors } = await said(args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(errors).toMatch(sentence);
    expect(errors.trim().split('\n')).toHaveLength(1);
  });
});

it('the version is that of the package', { timeout: 60_000 }, async () => {
  const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };
  expect(await said(['--version'])).toEqual({ code: 0, out: `${version}\n`, errors: '' });
});

describe('a port that cannot be opened', { timeout: 60_000 }, () => {
  it('is named with its setting', async () => {
    const port = await takenPort();
    const taken = (name: string) => `${name} is ${port}, which is taken: stop what uses it, or choose another port.\n`;
    for (const [args, settings, sentence] of [
      [['serve'], { VERIFY_PORT: port }, taken('VERIFY_PORT')],
      [['serve'], { VERIFY_METRICS_PORT: port }, taken('VERIFY_METRICS_PORT')],
      [['serve'], { VERIFY_HOST: '192.0.2.1' }, /^VERIFY_HOST is no address of this machine: .+\.\n$/],
      [['serve'], { VERIFY_HOST: 'nowhere.invalid' }, /^VERIFY_HOST is no address of this machine: .+\.\n$/],
      [['emulator', '--port', port], {}, taken('--port')],
      [['emulator'], { PORT: port }, taken('PORT')],
      [['emulator', '--port', '0', '--host', '192.0.2.1'], {}, /^--host is no address of this machine: .+\.\n$/],
    ] as const) {
      const { code, errors } = await said(args, { ...env, ...settings });
      expect(code).toBe(1);
      expect(errors).toMatch(sentence);
    }
  });
});

describe('packages that are missing', { timeout: 60_000 }, () => {
  it('are needed by the proxy of the emulator alone', async () => {
    const proxy = ['emulator', '--port', '0', '--proxy', '0', '--ca-file', '/nowhere/x'];
    const { code, errors } = await said(proxy, {}, commandWith());
    const sentence = '--proxy needs packages that are not installed: npm install pkijs asn1js\n';
    expect({ code, errors }).toEqual({ code: 1, errors: sentence });
    expect((await said(['emulator', '--port', '0', '--dotenv', '/nowhere/x'], {}, commandWith())).errors).toContain(
      '--dotenv',
    );
  });

  const bare = { VERIFY_STORE: 'sqlite::memory:', VERIFY_METRICS_PORT: '0' };

  it('are named all at once, after the settings: a setting that is missing or wrong comes first', async () => {
    const cli = commandWith();
    for (const [name, value, sentence] of [
      ['VERIFY_AUDIENCE', '', 'VERIFY_AUDIENCE is missing: '],
      ['TWILIO_API_SECRET', '', 'Twilio is only half set up: TWILIO_API_SECRET is missing.'],
      ['VERIFY_CHANNELS', 'fax', 'VERIFY_CHANNELS has "fax", '],
    ] as const) {
      const { code, errors } = await said(['serve'], { ...env, ...bare, [name]: value }, cli);
      expect({ code, errors }).toEqual({ code: 1, errors: expect.stringContaining(sentence) as string });
      const { out } = await said(['doctor'], { ...env, ...bare, [name]: value }, cli);
      expect(out).toContain(`CHANGE: ${sentence}`);
    }
    const { code, errors } = await said(['serve'], { ...env, ...bare }, cli);
    const sentence = 'This set-up needs packages that are not installed: npm install twilio libsql pino prom-client\n';
    expect({ code, errors }).toEqual({ code: 1, errors: sentence });
    const { out } = await said(['doctor'], { ...env, ...bare }, cli);
    expect(out).toContain('CHANGE: This set-up needs packages that are not installed: npm install twilio libsql\n');
  });

  it('do not stop the doctor where only serve needs them: it says which', async () => {
    const { code, out } = await said(['doctor'], { ...env, ...bare }, commandWith('twilio', 'libsql'));
    expect(out).toContain('advice: serve also needs packages that are not installed: npm install pino prom-client\n');
    expect(out).toContain('Nothing has to be changed.');
    expect(code).toBe(0);
  });
});
