/** The set-up of the backend's scenarios: the stub of Twilio, the load and the servers, each in its own process, and a folder for files. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from './processes.js';
import { startRedis } from './stores.js';

/** Opens the harness. `secure` says whether there is an upstream over TLS; `close` ends everything. @param {{ dist: string }} bench */
export async function openHarness({ dist }) {
  const folder = mkdtempSync(join(tmpdir(), 'verify-contact-bench-'));
  const tls = certificate(folder);
  const env = tls ? { TLS_KEY: tls.key, TLS_CERT: tls.cert, NODE_EXTRA_CA_CERTS: tls.cert } : {};
  const redis = await startRedis();
  const stub = await start('harness/twilio-stub.js', { core: 1, env });
  const load = await start('harness/load.js', { core: 1 });
  /** @type {Set<import('./processes.js').Child>} */
  const servers = new Set();
  return {
    folder,
    redis,
    stub,
    load,
    secure: tls !== null,
    /** Starts a server of `servers/`. @param {string} kind @param {{ more?: object, secure?: boolean, core?: number, flags?: string[] }} [how] */
    async begin(kind, { more = {}, secure = false, core = 0, flags } = {}) {
      const upstream = secure ? `https://localhost:${stub.ready.tls}` : `http://127.0.0.1:${stub.ready.plain}`;
      const config = JSON.stringify({ upstream, dist, ...more });
      const server = await start('servers/serve.js', { core, args: [kind], flags, env: { ...env, BENCH: config } });
      servers.add(server);
      return server;
    },
    /** Sends a batch of requests; throws if any was refused. @param {object} batch */
    async send(batch) {
      const done = await load.ask({ shape: 'ours', kind: 'start', connections: 64, seconds: 120, ...batch });
      if (done.complaint) throw new Error(`A request failed: ${done.complaint.slice(-300)}`);
      return done;
    },
    async close() {
      await Promise.all([...servers, stub, load].map((one) => one.stop()));
      await redis?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A certificate for localhost, or null without openssl. @param {string} folder */
function certificate(folder) {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  try {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    execFileSync('openssl', [...made, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key, cert };
  } catch {
    return null;
  }
}
