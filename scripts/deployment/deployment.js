/** Several instances of verify-contact on Redis and PostgreSQL behind nginx, all on this machine: what docs/deployment.md describes, running. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../processes/free-port.js';
import { startProcess } from '../processes/start-process.js';
import { startNginx, startPostgres, startRedis } from './services.js';

/**
 * What to run. `env` is the environment of `serve` but for ports and addresses, which are added here.
 * @typedef {{ cli: string, env: Record<string, string>, instances?: number, log?(line: string): void }} Plan
 */

/**
 * One instance. `restart` starts it anew on its port, with settings changed or (undefined) taken away.
 * @typedef {{ port: number, metrics: string, child(): import('node:child_process').ChildProcess,
 *   restart(changes?: Record<string, string | undefined>): Promise<void> }} Instance
 */

/**
 * Starts everything, stores first and nginx last. `stop` ends it in the other order and leaves nothing behind.
 * @param {Plan} plan
 * @returns {Promise<{ url: string, instances: Instance[], stop(): Promise<void> }>}
 */
export async function startDeployment({ cli, env, instances: count = 2, log = console.log }) {
  const folder = await mkdtemp(join(tmpdir(), 'verify-contact-deployment-'));
  // The workers of nginx may run as a user of their own.
  await chmod(folder, 0o755);
  /** @type {(() => Promise<void>)[]} */
  const ending = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const step of ending.splice(0).reverse()) await step();
  };
  /** @template {{ stop(): Promise<void> }} T @param {T} service */
  const started = (service) => {
    ending.push(service.stop);
    return service;
  };
  try {
    const redis = started(await startRedis(folder));
    const postgres = started(await startPostgres());
    const common = {
      ...env,
      VERIFY_STORE: redis.url,
      VERIFY_ACCOUNTS: postgres.url,
      VERIFY_PROXIES: '127.0.0.1',
    };
    const instances = [];
    for (let n = 0; n < count; n += 1) instances.push(started(await startInstance(cli, common, log)));
    const nginx = started(
      await startNginx(
        folder,
        instances.map(({ port }) => port),
      ),
    );
    return { url: `${nginx.url}/verify`, instances, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * @param {string} cli @param {Record<string, string>} common @param {(line: string) => void} log
 * @returns {Promise<Instance & { stop(): Promise<void> }>}
 */
async function startInstance(cli, common, log) {
  const [port, metricsPort] = [await freePort(), await freePort()];
  /** @type {Record<string, string | undefined>} */
  let settings = { ...common, VERIFY_PORT: String(port), VERIFY_METRICS_PORT: String(metricsPort) };
  const start = async () => {
    const started = startProcess([process.execPath, cli, 'serve'], {
      env: { PATH: process.env.PATH, ...settings },
      showErrors: true,
      onLine: log,
    });
    await started.waitForOutput(/verify-contact listens on/);
    return started;
  };
  let running = await start();
  return {
    port,
    metrics: `http://127.0.0.1:${metricsPort}`,
    child: () => running.child,
    async restart(changes = {}) {
      await running.stop();
      settings = { ...settings, ...changes };
      running = await start();
    },
    stop: () => running.stop(),
  };
}
