/** The emulator as the command starts it: what it prints for whom, what its file may say, and what it refuses in which words. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readArguments } from '../../../src/cli/arguments.js';
import { SettingsError, type Environment } from '../../../src/cli/settings/parse-settings.js';
import { readEmulatorArguments } from '../../../src/cli/twilio-emulator/emulator-arguments.js';
import { startEmulator } from '../../../src/cli/twilio-emulator/start-emulator.js';

const folder = mkdtempSync(join(tmpdir(), 'verify-contact-emulator-'));
afterAll(() => rmSync(folder, { recursive: true }));
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const read = (args: readonly string[], env: Environment = {}) =>
  readEmulatorArguments(readArguments(['emulator', ...args]).options, env);

/** Starts it as a person would, on a free port, and returns what they read. */
async function start(...args: string[]) {
  const printed: string[] = [];
  const warnings: string[] = [];
  const output = { print: (line: string) => void printed.push(line), warn: (line: string) => void warnings.push(line) };
  closing.push(await startEmulator(read(args, { PORT: '0' }), output));
  return { printed, warnings };
}

let files = 0;
function fileOf(content: unknown): string {
  const file = join(folder, `config-${(files += 1)}.json`);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const accountSid = `AC${'c'.repeat(32)}`;
const service = { sid: `VA${'d'.repeat(32)}`, friendlyName: 'Our Shop', codeLength: 4 };
const second = { sid: `VA${'e'.repeat(32)}`, codeLength: 4 };
const config = {
  $schema: './node_modules/verify-contact/emulator.schema.json',
  accountSid,
  authToken: 'a-token_of.ours~+/=',
  apiKeys: [{ sid: `SK${'f'.repeat(32)}`, secret: 'its-secret' }],
  services: [service, second],
  templates: [{ sid: `HJ${'1'.repeat(32)}`, text: 'Code: {{code}}' }],
  assume: { rateLimitExceededCode: 60203 },
  lineTypes: { '+1900': 'premium' },
  magicNumbers: false,
  fixedCode: { '+447400123456': '0000' },
  allowedHosts: ['emulator'],
};

describe('what is printed', () => {
  it('is a text that a shell takes whole, with the auth token; the API key is a comment', async () => {
    const { printed, warnings } = await start();
    const script = `set -eu\n${printed.join('\n')}\necho "$TWILIO_BASE_URL $TWILIO_AUTH_TOKEN \${TWILIO_API_KEY:-none}"`;
    const [url, token, key] = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).trim().split(' ');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect([token, key]).toEqual(['emulator-auth-token', 'none']);
    expect(printed.join('\n')).toMatch(/^# TWILIO_API_KEY=SK0+1$/m);
    expect(warnings).toEqual([]);
    const authorization = `Basic ${btoa(`AC${'1'.padStart(32, '0')}:${token}`)}`;
    expect((await fetch(`${url}/v2/Services`, { headers: { authorization } })).status).toBe(200);
  });

  it('is also in the file of settings, which is there in whole or not at all', async () => {
    const file = join(folder, 'emulator.env');
    const { printed } = await start('--dotenv', file);
    const [first, ...lines] = readFileSync(file, 'utf8').split('\n');
    expect(first).toMatch(/^# Written by verify-contact emulator/);
    expect(lines.join('\n')).toBe(`${printed.join('\n')}\n`);
  });

  it('is one line of JSON with both ways to sign in, where a program reads it', async () => {
    const { printed } = await start('--json', '--config', fileOf(config));
    expect(printed).toHaveLength(1);
    const { url, control, settings } = JSON.parse(printed[0] ?? '') as Record<string, string>;
    expect(control).toBe(`${url}/__emulator`);
    expect(settings).toEqual({
      TWILIO_BASE_URL: url,
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_AUTH_TOKEN: 'a-token_of.ours~+/=',
      TWILIO_API_KEY: `SK${'f'.repeat(32)}`,
      TWILIO_API_SECRET: 'its-secret',
      TWILIO_VERIFY_SERVICE_SID: service.sid,
      TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: second.sid,
    });
  });

  it('names an address that can be called, where the emulator listens on all of them, and says who reads along', async () => {
    const { printed, warnings } = await start('--host', '0.0.0.0', '--json');
    const { url } = JSON.parse(printed[0] ?? '') as { url: string };
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/__emulator/outbox`)).status).toBe(200);
    expect(warnings).toEqual([
      'Other machines can reach 0.0.0.0. Whoever does can read every code and change every setting.',
    ]);
  });

  it('warns of a fixed code in capitals', async () => {
    const all = await start('--code', '123456');
    expect(all.warnings).toEqual([
      'WARNING: EVERY CODE IS 123456. ANYBODY PASSES EVERY VERIFICATION WITH IT. NEVER USE THIS WHERE REAL PEOPLE VERIFY REAL CONTACTS.',
    ]);
    const one = await start('--config', fileOf(config));
    expect(one.warnings.join()).toMatch(/^WARNING: THE CODES FOR \+447400123456 ARE FIXED\. ANYBODY WHO KNOWS THEM /);
  });
});

describe('the proxy', () => {
  it('is named with the file of its certificate, by which a client reaches the same emulator', async () => {
    const caFile = join(folder, 'ca.pem');
    const { printed } = await start('--proxy', '0', '--ca-file', caFile, '--json');
    const { url, proxy, settings } = JSON.parse(printed[0] ?? '') as {
      url: string;
      proxy: { url: string; caFile: string };
      settings: Record<string, string>;
    };
    expect(proxy.caFile).toBe(caFile);
    const service = `https://verify.twilio.com/v2/Services/${settings.TWILIO_VERIFY_SERVICE_SID}`;
    const user = `${settings.TWILIO_ACCOUNT_SID}:${settings.TWILIO_AUTH_TOKEN}`;
    const to = ['--data-urlencode', 'To=+447400123456', '-d', 'Channel=sms'];
    const take = ['-sS', '-x', proxy.url, '--cacert', caFile, '-u', user];
    expect(await execFileAsync('curl', [...take, ...to, `${service}/Verifications`])).toContain('"status":"pending"');
    expect(await (await fetch(`${url}/__emulator/outbox`)).json()).toMatchObject([{ to: '+447400123456' }]);
  });

  it('is no setting of the shell, whose other programs it would cut off', async () => {
    const caFile = join(folder, 'ca.pem');
    const { printed } = await start('--proxy', '0', '--ca-file', caFile);
    expect(printed.join('\n')).toMatch(/^# HTTPS_PROXY=http:\/\/127\.0\.0\.1:\d+\n# SSL_CERT_FILE=\/.+ca\.pem$/m);
  });
});

describe('the control plane', () => {
  it('answers by the names of --allow-host and of the file, and by no other', async () => {
    const { printed } = await start('--config', fileOf(config), '--allow-host', 'ci', '--allow-host', 'db', '--json');
    const { control } = JSON.parse(printed[0] ?? '') as { control: string };
    const { port } = new URL(control);
    const statusFor = (host: string) => {
      const ask = ['-s', '-o', '/dev/null', '-w', '%{http_code}', '-H', `Host: ${host}:${port}`, `${control}/outbox`];
      return execFileAsync('curl', ask);
    };
    for (const host of ['emulator', 'ci', 'db', 'localhost']) expect(await statusFor(host)).toBe('200');
    expect(await statusFor('evil.example')).toBe('403');
  });
});

describe('where it listens', () => {
  it('comes from --port, else from PORT, else it is 4010', () => {
    expect(read(['--port', '1'], { PORT: '2' })).toMatchObject({ port: 1, portSetting: '--port', host: '127.0.0.1' });
    expect(read([], { PORT: '2' })).toMatchObject({ port: 2, portSetting: 'PORT' });
    expect(read([], { PORT: '' })).toMatchObject({ port: 4010, portSetting: '--port' });
    expect(() => read([], { PORT: 'http' })).toThrow('PORT must be a port number from 0 to 65535.');
  });
});

const wrong: [content: unknown, sentence: string][] = [
  ['{', ': the file must be JSON.'],
  ['[]', ': the file must be a JSON object.'],
  ['{"services": [], "services": []}', ': the file has the name "services" twice, or it is no name.'],
  [{ servces: [] }, ': "servces" is unknown; the nearest known name is "services".'],
  [{ control: false }, ': "control" is unknown; the nearest known name is'],
  [{ now: 0 }, ': "now" is unknown; the nearest known name is'],
  [{ services: [{ ...service, codelength: 4 }] }, ': "codelength" is unknown; the nearest known name is "codeLength".'],
  [{ services: [{ ...service, sid: 'VA1' }] }, ': services[0].sid must be VA and 32 hexadecimal digits.'],
  [{ magicNumbers: 'no' }, ': magicNumbers must be true or false.'],
  [{ assume: { converson: 'all' } }, ': "converson" is unknown; the nearest known name is "conversion".'],
  [{ authToken: 'two words' }, ': authToken must be of letters, digits and the characters'],
  [{ authToken: "it's" }, ': authToken must be of letters, digits and the characters'],
];

describe('the file', () => {
  it.each(wrong)('%j is refused in a sentence that names it', (content, sentence) => {
    const file = fileOf(content);
    const start = () => read(['--config', file]);
    expect(start).toThrow(SettingsError);
    expect(start).toThrow(`--config ${file}${sentence}`);
  });

  it('is refused if it is not UTF-8', () => {
    const file = join(folder, 'latin-1.json');
    writeFileSync(file, Buffer.from([0x7b, 0xe9, 0x7d]));
    expect(() => read(['--config', file])).toThrow(`--config ${file} cannot be read: it is not UTF-8.`);
  });

  it('and the options of the command never both fix the codes', () => {
    const sentence = '--code and "fixedCode" in the file of --config both fix the codes: give one of them.';
    expect(() => read(['--config', fileOf(config), '--code', '0000'])).toThrow(sentence);
    expect(read(['--config', fileOf({ services: [service, second] }), '--code', '0000']).options.fixedCode).toBe(
      '0000',
    );
  });

  it.each([
    [['--allow-host', '*'], '--allow-host *: allowedHosts[0] must be a host name without a port, such as "emulator".'],
    [['--allow-host', 'ci', '--allow-host', 'CI'], '--allow-host CI: allowedHosts must be a list without duplicates.'],
    [['--code', 'abc'], '--code abc: fixedCode must be a code of 4 to 10 digits'],
  ])('of the command line, %j is refused as well', (args, sentence) => {
    expect(() => read(args)).toThrow(sentence);
  });
});

describe('the JSON schema of the file', () => {
  const schema = JSON.parse(readFileSync('emulator.schema.json', 'utf8')) as {
    properties: Record<string, { description?: string }>;
  };
  const validate = new Ajv2020().compile(schema);

  it('accepts what the command accepts, and explains every option to an editor', () => {
    expect(validate(config)).toBe(true);
    const silent = Object.entries(schema.properties).filter(
      ([name, { description }]) => name !== '$schema' && !description,
    );
    expect(silent.map(([name]) => name)).toEqual([]);
  });

  it('refuses unknown names and wrong types', () => {
    const refused = wrong.filter(([content]) => typeof content === 'object').map(([content]) => content);
    expect(refused.filter((content) => validate(content))).toEqual([]);
  });
});

/** Resolves to what the program prints. */
function execFileAsync(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, (error, out) => (error ? reject(new Error(error.message)) : resolve(out)));
  });
}
