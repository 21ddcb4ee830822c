/** The proxy that plays Twilio's hosts: what reaches the emulator through it, and everything that it refuses. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/index.js';
import { createAuthority } from '../../../src/emulator/serving/authority.js';
import { serveProxy } from '../../../src/emulator/serving/serve-proxy.js';

const folder = mkdtempSync(join(tmpdir(), 'verify-contact-proxy-'));
const caFile = join(folder, 'ca.pem');
const emulator = createEmulator({ control: true, allowedHosts: ['localhost', 'emulator'] });
let proxy: Awaited<ReturnType<typeof serveProxy>>;
let now = Date.now();

beforeAll(async () => {
  proxy = await serveProxy(emulator, { port: 0, hostname: '127.0.0.1', now: () => now });
  writeFileSync(caFile, proxy.certificate);
});
afterAll(async () => {
  await proxy.close();
  rmSync(folder, { recursive: true });
});

/** Runs a program to its end. */
function run(program: string, ...args: string[]): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { env: { PATH: process.env.PATH ?? '' } }, (error, out, errors) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, out: out + errors });
    });
  });
}

const { accountSid, authToken } = emulator.credentials;
const curl = (...args: string[]) =>
  run('curl', '-sS', '-x', proxy.url, '--cacert', caFile, '-u', `${accountSid}:${authToken}`, ...args);

/** Sends bytes to the proxy's port and resolves to all that comes back until it closes the connection. */
async function raw(bytes: string): Promise<string> {
  const socket = open();
  let text = '';
  socket.setEncoding('latin1').on('data', (piece: string) => (text += piece));
  socket.on('error', () => undefined).end(bytes, 'latin1');
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

const open = (): Socket => connect(Number(new URL(proxy.url).port), '127.0.0.1');

describe('through the proxy', () => {
  it('a program reaches Verify and Lookup at Twilio’s own addresses', async () => {
    const service = `https://verify.twilio.com/v2/Services/${emulator.services.contact}`;
    const sent = await curl('--data-urlencode', 'To=+447400123456', '-d', 'Channel=sms', `${service}/Verifications`);
    expect(JSON.parse(sent.out)).toMatchObject({ status: 'pending', channel: 'sms' });
    const code = emulator.outbox.latest('+447400123456')?.code;
    const checked = await curl(
      '--data-urlencode',
      'To=+447400123456',
      '-d',
      `Code=${code}`,
      `${service}/VerificationCheck`,
    );
    expect(JSON.parse(checked.out)).toMatchObject({ status: 'approved' });
    const looked = await curl('https://LOOKUPS.twilio.com/v2/PhoneNumbers/+447400123456');
    expect(JSON.parse(looked.out)).toMatchObject({ valid: true });
  });

  it('the links of a list lead back through it', async () => {
    const { out } = await curl('https://verify.twilio.com/v2/Services?PageSize=1');
    const { meta } = JSON.parse(out) as { meta: { next_page_url: string } };
    expect(meta.next_page_url).toMatch(/^https:\/\/verify\.twilio\.com\/v2\/Services\?/);
    const next = await curl(meta.next_page_url);
    expect(JSON.parse(next.out)).toMatchObject({ services: [{ sid: emulator.services.twoFactor }] });
  });

  it('a connection breaks where a fault breaks it', async () => {
    emulator.faults.add({ path: '/Services', kind: 'reset-before' });
    const broken = await curl('https://verify.twilio.com/v2/Services');
    expect(broken.code).not.toBe(0);
    expect((await curl('https://verify.twilio.com/v2/Services')).code).toBe(0);
  });
});

describe('the proxy', () => {
  it.each([
    'evil.example:443',
    'verify.twilio.com:22',
    'verify.twilio.com:80',
    'verify.twilio.com',
    'verify.twilio.com:443:443',
    'verify.twilio.com.:443',
    'verify.twilio.com.evil.example:443',
    'evil-verify.twilio.com:443',
    'api.twilio.com:443',
    'user@verify.twilio.com:443',
    'evil.example:443#verify.twilio.com:443',
    '127.0.0.1:443',
    '[::1]:443',
    '169.254.169.254:80',
    'localhost:443',
    '/v2/Services',
  ])('opens no way to %s', async (authority) => {
    const answer = await raw(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 (403 Forbidden|400 Bad Request)\r\n/);
    expect(answer).not.toContain('200 Connection');
  });

  it.each([
    'GET http://evil.example/ HTTP/1.1\r\nHost: evil.example',
    'GET http://verify.twilio.com/v2/Services HTTP/1.1\r\nHost: verify.twilio.com',
    'GET /__emulator/outbox HTTP/1.1\r\nHost: localhost',
    'GET /v2/Services HTTP/1.1\r\nHost: verify.twilio.com',
    'OPTIONS * HTTP/1.1\r\nHost: verify.twilio.com',
  ])('forwards no request: %j', async (head) => {
    expect(await raw(`${head}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
  });

  it('takes no request for another host inside a connection to Twilio, so the control plane is out of reach', async () => {
    for (const [host, status] of [
      ['evil.example', '421'],
      ['localhost', '421'],
      ['emulator', '421'],
      ['verify.twilio.com:22', '421'],
      ['verify.twilio.com', '403'],
    ]) {
      const ask = ['-o', '/dev/null', '-w', '%{http_code}', '-H', `Host: ${host}`];
      const { out } = await curl(...ask, 'https://verify.twilio.com/__emulator/outbox');
      expect([host, out]).toEqual([host, status]);
    }
  });

  it('outlives clients that send too much, nothing, half of it, or something other than TLS', async () => {
    const hello = 'CONNECT verify.twilio.com:443 HTTP/1.1\r\nHost: verify.twilio.com:443\r\n';
    expect(await raw(`${hello}X: ${'x'.repeat(100_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await raw(`${hello}\r\nGET /v2/Services HTTP/1.1\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 200 Connection Established/,
    );
    expect(await raw(`${hello}\r\n`)).toMatch(/^HTTP\/1\.1 200 Connection Established\r\n\r\n$/);
    expect(await raw('\x16\x03\x01 no HTTP at all')).toMatch(/^HTTP\/1\.1 400 /);
    for (const bytes of ['', 'CONN', hello, `${hello}\r\n`, `${hello}\r\n\x16\x03\x01`]) {
      const socket = open();
      await new Promise((resolve) => socket.once('connect', resolve));
      await new Promise((resolve) => socket.write(bytes, resolve));
      socket.resetAndDestroy();
    }
    expect((await curl('https://verify.twilio.com/v2/Services')).code).toBe(0);
  });

  it('cuts open connections when it closes', async () => {
    const other = await serveProxy(emulator, { port: 0, hostname: '127.0.0.1' });
    const socket = connect(Number(new URL(other.url).port), '127.0.0.1');
    socket.write('CONNECT verify.twilio.com:443 HTTP/1.1\r\nHost: verify.twilio.com\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    const closed = new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
    await other.close();
    await closed;
  });

  it('says after a day that its certificate has expired', async () => {
    now += 86_400_001;
    const answer = await raw('CONNECT verify.twilio.com:443 HTTP/1.1\r\nHost: verify.twilio.com\r\n\r\n');
    now -= 86_400_001;
    expect(answer).toMatch(/^HTTP\/1\.1 503 [^]*made for a day, which has passed: start the emulator again\.\n$/);
  });
});

describe('the authority', () => {
  const verify = async (hosts?: readonly string[], ...more: string[]) => {
    const { certificate, server } = await createAuthority(hosts);
    const [ca, leaf] = [join(folder, 'one-ca.pem'), join(folder, 'one-leaf.pem')];
    writeFileSync(ca, certificate);
    writeFileSync(leaf, server.cert);
    return run('openssl', 'verify', '-x509_strict', '-purpose', 'sslserver', ...more, '-CAfile', ca, leaf);
  };

  it('is one that OpenSSL accepts for Twilio’s hosts by its strictest rules', async () => {
    expect((await verify(undefined, '-verify_hostname', 'verify.twilio.com')).out).toMatch(/: OK\n$/);
    expect((await verify(undefined, '-verify_hostname', 'lookups.twilio.com')).out).toMatch(/: OK\n$/);
    expect((await verify(undefined, '-verify_hostname', 'api.twilio.com')).code).not.toBe(0);
  });

  it.each(['evil.example', 'api.twilio.com', 'twilio.com', 'verify.twilio.com.evil.example'])(
    'cannot speak for %s, whatever it signs',
    async (host) => {
      const { code, out } = await verify([host]);
      expect(out).toContain('permitted subtree violation');
      expect(code).not.toBe(0);
      expect((await verify(['verify.twilio.com', host])).out).toContain('permitted subtree violation');
    },
  );

  it('is new at every start, lives a day, and gives its key to nobody', async () => {
    const [one, other] = [await createAuthority(), await createAuthority()];
    expect(one.certificate).not.toBe(other.certificate);
    expect(one.expiresAt - Date.now()).toBeLessThanOrEqual(86_400_000);
    writeFileSync(caFile, proxy.certificate);
    const { out } = await run('openssl', 'x509', '-in', caFile, '-noout', '-checkend', '86401');
    expect(out).toContain('Certificate will expire');
    const { X509Certificate, createPublicKey } = await import('node:crypto');
    const ofAuthority = new X509Certificate(one.certificate).publicKey.export({ type: 'spki', format: 'pem' });
    const ofServer = createPublicKey(one.server.key).export({ type: 'spki', format: 'pem' });
    expect(ofServer).not.toBe(ofAuthority);
    expect(JSON.stringify(one).match(/PRIVATE KEY-----/g)).toHaveLength(2);
  });
});
