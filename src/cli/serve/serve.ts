/** `verify-contact serve`: runs the backend on a port, with a log and metrics, as the environment configures it. */
import { AccountsError, createHandler, type BackendEvent } from '../../server/index.js';
import { createVerifyClient, serve } from '../../server/internals.js';
import { assertAccepted } from '../settings/accepted-settings.js';
import { readSettings, type ServeSettings } from '../settings/handler-settings.js';
import { openPort } from '../settings/open-port.js';
import type { Environment } from '../settings/parse-settings.js';
import { requirePackages } from '../settings/required-packages.js';
import { nameUniqueContacts } from '../settings/variable-names.js';
import { openLog } from './log.js';
import { createMetrics } from './metrics.js';
import { serveMetrics } from './metrics-server.js';

/** Milliseconds for which idle connections stay open, since a request may already be on its way. */
const CLOSE_DELAY_MS = 1_000;

/** The backend, listening. `close` finishes the requests in flight and closes the stores. */
interface RunningBackend {
  url: string;
  close(): Promise<void>;
}

/**
 * Starts the backend and prints its log. Resolves to a function that stops it after the requests in flight are finished.
 * Rejects with `SettingsError` if a setting is missing or wrong, a package is missing, or a port is taken.
 */
export async function startServer(env: Environment, print: (line: string) => void): Promise<() => Promise<void>> {
  const settings = readSettings(env);
  await assertAccepted(settings);
  requirePackages(settings.settings, 'serve');
  const { metrics: metricsOptions, logLevel } = settings.operation;
  const log = await openLog(logLevel, print);
  const metrics = metricsOptions && (await createMetrics(metricsOptions));
  let backend: RunningBackend | undefined;
  const ready = async () => {
    await settings.handler.store.ready();
    return backend !== undefined;
  };
  // The metrics port opens first: if it is taken, the backend must not start.
  const metricsServer =
    metrics &&
    (await openPort(() => serveMetrics({ ...metricsOptions, metrics, ready }), {
      port: 'VERIFY_METRICS_PORT',
      hostname: 'VERIFY_METRICS_HOST',
    }));
  try {
    backend = await startBackend(settings, (event) => {
      log.event(event);
      metrics?.count(event);
    });
  } catch (error) {
    await metricsServer?.close();
    throw error;
  }
  log.info(`verify-contact listens on ${backend.url}`);
  if (metricsServer) log.info(`metrics are on ${metricsServer.url}/metrics`);

  async function stop(): Promise<void> {
    log.info('stopping: requests in flight are finished first');
    const running = backend;
    backend = undefined;
    await running?.close();
    await metricsServer?.close();
    log.info('stopped');
  }
  // Two different signals stop it once.
  let stopped: Promise<void> | undefined;
  return () => (stopped ??= stop());
}

async function startBackend(
  { listen, handler: options }: ServeSettings,
  onEvent: (event: BackendEvent) => void,
): Promise<RunningBackend> {
  // Loading the package blocks the process for a while. During a request, the store would seem too slow.
  await createVerifyClient(options.twilio)
    .prepare()
    .catch(() => undefined);
  await options.accounts?.contacts('nobody').catch((error: unknown) => {
    const reason = error instanceof AccountsError ? nameUniqueContacts(error.message) : 'no answer at the start';
    onEvent({ type: 'unavailable', component: 'accounts', reason });
  });
  const backend = createHandler({ ...options, onEvent });
  const server = await openPort(() => serve(backend, listen), {
    port: 'VERIFY_PORT',
    hostname: 'VERIFY_HOST',
  });
  return {
    url: server.url,
    async close() {
      await server.close(CLOSE_DELAY_MS);
      await backend.close();
      await options.accounts?.close();
      await options.store.close();
    },
  };
}
