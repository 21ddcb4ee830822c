/** The lines of docs/emulator-clients.md, run as they stand: those for a shell, and the file of tests in Python. */
import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startProcess, type RunningProcess } from '../../../scripts/processes/start-process.js';
import { command, run } from '../../support/command.js';

const page = readFileSync('docs/emulator-clients.md', 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text);
const folder = mkdtempSync(join(tmpdir(), 'verify-contact-clients-'));
afterAll(() => rmSync(folder, { recursive: true }));

const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const hasTwilio = (() => {
  try {
    execFileSync(python, ['-c', 'import twilio'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** Makes it a folder where this package is installed, as far as its command goes. */
function install(where: string): void {
  const npx = `#!/bin/sh\n[ "$1 $2" = "--no verify-contact" ] || exit 9\nshift 2\nexec ${process.execPath} ${command()} "$@"\n`;
  mkdirSync(join(where, 'node_modules/.bin'), { recursive: true });
  writeFileSync(join(where, 'npx'), npx, { mode: 0o755 });
  chmodSync(command(), 0o755);
  symlinkSync(command(), join(where, 'node_modules/.bin/verify-contact'));
}

const thereEnvironment = { PATH: `${folder}:${dirname(process.execPath)}:${process.env.PATH ?? ''}`, PORT: '0' };

/** Runs a program in the folder, where `npx` finds this package. */
function runThere(program: string, args: readonly string[], env: Record<string, string> = {}) {
  return new Promise<{ code: number; out: string }>((resolve) => {
    execFile(
      program,
      args,
      { cwd: folder, env: { ...thereEnvironment, ...env }, timeout: 60_000 },
      (error, out, errors) => {
        resolve({ code: error ? Number(error.code ?? -1) : 0, out: out + errors });
      },
    );
  });
}

const caFile = join(folder, 'twilio-ca.pem');
let emulator: RunningProcess;
beforeAll(() => {
  install(folder);
  emulator = run([
    ...['emulator', '--port', '0', '--dotenv', join(folder, 'twilio.env')],
    ...['--proxy', '0', '--ca-file', caFile],
  ]);
}, 180_000);
afterAll(() => emulator.stop());

it('the lines for a shell read a code, turn the clock, set a fault and start anew', async () => {
  const lines = blocks('sh').find((block) => block.includes('/__emulator/reset')) ?? '';
  await emulator.waitUntil(() => existsSync(join(folder, 'twilio.env')));
  const script = `set -eu\nset -a; . ./twilio.env\ncurl() { command curl -sS --fail "$@"; echo; }\n${lines}`;
  const { code, out } = await runThere('/bin/sh', ['-c', script]);
  expect({ code, out }).toMatchObject({ code: 0 });
  const [sent, outbox, clock, fault, calls, reset] = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(sent).toMatchObject({ status: 'pending' });
  expect(outbox).toMatchObject([{ to: '+14155552671', code: expect.stringMatching(/^\d{6}$/) as string }]);
  expect(clock).toHaveProperty('now');
  expect(fault).toHaveProperty('id');
  expect(calls).toMatchObject([{ method: 'POST', status: 201 }]);
  expect(reset).toEqual({});
});

it.skipIf(!hasTwilio)(
  'the tests in Python pass with Debian’s package, and leave nothing behind',
  { timeout: 120_000 },
  async () => {
    const file = blocks('python').find((block) => block.includes('import unittest')) ?? '';
    writeFileSync(join(folder, 'test_verification.py'), file);
    // A group of its own: whatever the tests start belongs to it, and so does what they forget to stop.
    const tests = `import unittest, test_verification as tests\nunittest.main(tests, exit=False)\nprint("at", tests.emulator["url"])`;
    const running = startProcess([python, '-c', tests], { cwd: folder, env: thereEnvironment });
    expect(await running.exited).toBe(0);
    expect(running.output()).toMatch(/^Ran 3 tests in .*\n\nOK$/m);
    const [, url = ''] = /^at (\S+)$/m.exec(running.output()) ?? [];
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    expect(() => process.kill(-(running.child.pid ?? 0), 0)).toThrow('ESRCH');
  },
);

it('the lines that start it work in an empty folder, and a second time', { timeout: 120_000 }, async () => {
  const started = page.slice(page.indexOf('## Start it')).match(/^(npx|node_modules\/).* emulator.*$/gm) ?? [];
  expect(started.length).toBeGreaterThan(3);
  const empty = join(folder, 'empty');
  install(empty);
  for (const line of [...started, ...started]) {
    // Other programs of this machine may have the ports of the page.
    const running = startProcess(['/bin/sh', '-c', `exec ${line.replace('4011', '0')}`], {
      cwd: empty,
      env: thereEnvironment,
    });
    await running.waitForOutput(/TWILIO_BASE_URL\W+http/);
    await running.stop();
  }
});

/** The address of the proxy, once it listens. */
async function proxyUrl(): Promise<string> {
  const [, url = ''] = await emulator.waitForOutput(/^# HTTPS_PROXY=(\S+)$/m);
  return url;
}

const accountSid = `AC${'1'.padStart(32, '0')}`;
const send = `verifications.create(to='+14155552671', channel='sms').status`;

it.skipIf(!hasTwilio)(
  'Debian’s package in Python takes the proxy by the lines of the table',
  { timeout: 60_000 },
  async () => {
    const client = `from twilio.rest import Client\nclient = Client('${accountSid}', 'emulator-auth-token')`;
    const [trust = ''] = /client\.http_client\.session\.verify = "twilio-ca\.pem"/.exec(page) ?? [];
    const lines = [client, trust, `print(client.verify.services('VA${'1'.padStart(32, '0')}').${send})`].join('\n');
    const { out } = await runThere(python, ['-c', lines], { HTTPS_PROXY: await proxyUrl() });
    expect(out).toBe('pending\n');
    const plain = `import requests\nprint(requests.get('https://verify.twilio.com/v2/Services', auth=('${accountSid}', 'emulator-auth-token')).status_code)`;
    const trusting = { HTTPS_PROXY: await proxyUrl(), REQUESTS_CA_BUNDLE: caFile };
    expect((await runThere(python, ['-c', plain], trusting)).out).toBe('200\n');
  },
);

it('Twilio’s package for Node takes the proxy by the variables of the table', { timeout: 60_000 }, async () => {
  const lines = `import('${new URL('../../../node_modules/twilio/lib/index.js', import.meta.url).href}').then(async ({ default: twilio }) => {
    const { services } = twilio('${accountSid}', 'emulator-auth-token').verify.v2;
    const page = await services.page({ pageSize: 1 });
    console.log(page.nextPageUrl.split('?')[0], (await page.nextPage()).instances.length);
  })`;
  const env = { HTTP_PROXY: await proxyUrl(), NODE_EXTRA_CA_CERTS: caFile };
  const { out } = await runThere(process.execPath, ['-e', lines], env);
  expect(out).toBe('https://verify.twilio.com/v2/Services 1\n');
});
