/** The processes of the soak: the emulator, a Redis if there is one, and the command `serve` with a probe inside. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { generateKeys } from '../../dist/server/index.js';
import { end, freePort, startRedis } from '../deployment/services.js';

const here = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));
const cli = here('../../dist/cli.js');

/** What runs ends with this process, however that ends. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** @typedef {{ rss: number, heap: number, sockets: number, files: number, p99: number, max: number }} Sample */
/** @typedef {{ to: string, code: string, at: string }} Message */

/** The emulator. @param {number} share of the calls that a fault strikes @param {(message: Message) => void} heard */
export async function startEmulator(share, heard) {
  const child = spawn(process.execPath, [here('emulator.js'), String(share)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  running.add(child);
  const [ready] = await once(child, 'message');
  child.on('message', (/** @type {{ message?: Message }} */ told) => told.message && heard(told.message));
  return {
    env: {
      TWILIO_BASE_URL: ready.url,
      TWILIO_ACCOUNT_SID: ready.credentials.accountSid,
      TWILIO_API_KEY: ready.credentials.apiKey,
      TWILIO_API_SECRET: ready.credentials.apiSecret,
      TWILIO_VERIFY_SERVICE_SID: ready.services.contact,
    },
    /** Ends the faults. */
    calm: () => void child.send({ share: 0 }),
    /** The numbers whose right code it has seen. @returns {Promise<Set<string>>} */
    approved: () =>
      new Promise((resolve) => {
        child.on(
          'message',
          (/** @type {{ approved?: string[] }} */ told) => told.approved && resolve(new Set(told.approved)),
        );
        child.send({});
      }),
    stop: () => end(child, 'SIGKILL'),
  };
}

/** Counters and records in Redis, which can be restarted; in a file where there is none. @param {string} folder */
export async function startStore(folder) {
  if (spawnSync('redis-server', ['-v']).error) {
    return {
      kind: 'SQLite',
      setting: `sqlite:${join(folder, 'limits.db')}`,
      restart: null,
      stop: async () => undefined,
    };
  }
  let redis = await startRedis(folder);
  return {
    kind: 'Redis',
    setting: redis.url,
    /** Two seconds without it. */
    async restart() {
      await redis.stop();
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      redis = await startRedis(folder, redis.port);
    },
    stop: () => redis.stop(),
  };
}

/** As many as may come: what is looked for is what breaks under load, not what is refused. */
const limits = {
  sends: { address: false, addressDestinations: false, prefix: false, country: false, total: { perHour: 1e9 } },
  checks: { address: 1e9 },
};

/** `verify-contact serve` on a port that stays. @param {Record<string, string>} env @param {(event: any) => void} heard each line of its log */
export async function startServer(env, heard) {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const { secret, signing } = await generateKeys();
  const settings = {
    PATH: process.env.PATH,
    ...env,
    VERIFY_SECRET: secret,
    VERIFY_SIGNING_KEY: JSON.stringify(signing),
    VERIFY_AUDIENCE: 'https://soak.example',
    VERIFY_ANONYMOUS: 'true',
    VERIFY_PORT: String(port),
    VERIFY_METRICS_PORT: String(metricsPort),
    // The machine may be busy with other things; a slow Redis is not what is looked for.
    ...(env.VERIFY_STORE?.startsWith('redis') && { VERIFY_STORE_TIMEOUT: '5000' }),
    VERIFY_LIMITS: JSON.stringify(limits),
  };
  const start = async () => {
    const args = ['--expose-gc', '--import', here('probe.js'), cli, 'serve'];
    const started = spawn(process.execPath, args, { env: settings, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    running.add(started);
    started.once('exit', () => running.delete(started));
    await new Promise((resolve, reject) => {
      started.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
      createInterface({ input: /** @type {import('node:stream').Readable} */ (started.stdout) }).on('line', (line) => {
        heard(JSON.parse(line));
        if (line.includes('verify-contact listens on')) resolve(undefined);
      });
    });
    return started;
  };
  let child = await start();
  return {
    url: `http://127.0.0.1:${port}`,
    /** @returns {Promise<Sample>} */
    async measure() {
      const answer = once(child, 'message');
      child.send('measure');
      return (await answer)[0];
    },
    /** The sum of a counter over its labels. @param {string} name */
    async counter(name) {
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      const values = text.matchAll(new RegExp(`^verify_contact_${name}(?:\\{.*\\})? (\\d+)$`, 'gm'));
      return [...values].reduce((sum, [, value]) => sum + Number(value), 0);
    },
    /** Answers what is at hand, and starts anew; resolves to the exit code of the old one. */
    async restart() {
      const old = child;
      await end(old, 'SIGTERM');
      child = await start();
      return old.exitCode;
    },
    stop: () => end(child, 'SIGTERM'),
  };
}
