/** The processes of the soak: the emulator, a Redis if there is one, and the command `serve` with a probe inside. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { generateKeys } from '../../dist/server/index.js';
import { startRedis } from '../deployment/services.js';
import { freePort } from '../processes/free-port.js';
import { redisProgram } from '../processes/redis-server.js';
import { startProcess } from '../processes/start-process.js';

const here = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));
const cli = here('../../dist/cli.js');

/** @typedef {{ rss: number, heap: number, sockets: number, files: number, p99: number, max: number }} Sample */
/** @typedef {{ to: string, code: string, at: string }} Message */

/** The emulator. @param {number} share of the calls that fail @param {(message: Message) => void} onMessage */
export async function startEmulator(share, onMessage) {
  const { child, stop, waitForMessage } = startProcess([process.execPath, here('emulator.js'), String(share)], {
    ipc: true,
    showErrors: true,
  });
  const ready = await waitForMessage();
  child.on('message', (/** @type {{ message?: Message }} */ { message }) => message && onMessage(message));
  return {
    env: {
      TWILIO_BASE_URL: ready.url,
      TWILIO_ACCOUNT_SID: ready.credentials.accountSid,
      TWILIO_API_KEY: ready.credentials.apiKey,
      TWILIO_API_SECRET: ready.credentials.apiSecret,
      TWILIO_VERIFY_SERVICE_SID: ready.services.contact,
    },
    /** Stops the faults. */
    stopFaults: () => void child.send({ share: 0 }),
    /** The numbers whose right code it has seen. @returns {Promise<Set<string>>} */
    async approved() {
      const reply = waitForMessage((message) => message.approved);
      child.send({});
      return new Set((await reply).approved);
    },
    stop: () => stop('SIGKILL'),
  };
}

/** Redis for counters and records, which can be restarted; SQLite where there is no Redis. @param {string} folder */
export async function startStore(folder) {
  if (!redisProgram) {
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
    /** Is down for two seconds. */
    async restart() {
      await redis.stop();
      await pause(2_000);
      redis = await startRedis(folder, redis.port);
    },
    stop: () => redis.stop(),
  };
}

/** No limit is reached: the soak looks for what breaks under load, not for refusals. */
const limits = {
  sends: { address: false, addressDestinations: false, prefix: false, country: false, total: { perHour: 1e9 } },
  checks: { address: 1e9 },
};

/** `verify-contact serve`, always on the same port. @param {Record<string, string>} env @param {(entry: any) => void} onLog called with each line of its log */
export async function startServer(env, onLog) {
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
    // The machine may be busy. A slow Redis is not what the soak looks for.
    ...(env.VERIFY_STORE?.startsWith('redis') && { VERIFY_STORE_TIMEOUT: '5000' }),
    VERIFY_LIMITS: JSON.stringify(limits),
  };
  const start = async () => {
    const args = ['--expose-gc', '--import', here('probe.js'), cli, 'serve'];
    const started = startProcess([process.execPath, ...args], {
      env: settings,
      ipc: true,
      showErrors: true,
      onLine: (line) => onLog(JSON.parse(line)),
    });
    await started.waitForOutput(/verify-contact listens on/);
    return started;
  };
  let running = await start();
  return {
    url: `http://127.0.0.1:${port}`,
    /** @returns {Promise<Sample>} */
    async measure() {
      const reply = running.waitForMessage();
      running.child.send('measure');
      return reply;
    },
    /** The sum of a counter over its labels. @param {string} name */
    async counter(name) {
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      const values = text.matchAll(new RegExp(`^verify_contact_${name}(?:\\{.*\\})? (\\d+)$`, 'gm'));
      return [...values].reduce((sum, [, value]) => sum + Number(value), 0);
    },
    /** Answers the requests in progress and starts again; resolves to the exit code of the old process. */
    async restart() {
      await running.stop();
      const code = await running.exited;
      running = await start();
      return code;
    },
    stop: () => running.stop(),
  };
}
