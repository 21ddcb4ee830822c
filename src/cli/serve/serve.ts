/** `verify-contact serve`: the backend on a port, in one process or several, set up by the environment alone, until it is told to stop. */
import cluster from 'node:cluster';
import { createHandler, type BackendEvent } from '../../server/index.js';
import { createVerifyClient, importKeys, serve } from '../../server/internals.js';
import { SettingsError, type Environment } from '../settings/twilio-settings.js';
import { openLog } from './log.js';
import { createMetrics } from './metrics.js';
import { serveMetrics } from './metrics-server.js';
import { startProcesses, STOP, tellStarter } from './cluster.js';
import { readSettings, type ServeSettings } from '../settings/handler-settings.js';

/** For connections on which a request may be on its way, in milliseconds. */
const GRACE = 1_000;

/** The backend, listening. */
interface Running {
  url: string;
  running(): number;
  stop(): Promise<void>;
}

/**
 * Starts it, prints its log, and answers how to stop it: requests at hand are finished first. Rejects with
 * `SettingsError` for missing or contradicting settings, and if a port is taken.
 */
export async function startServer(env: Environment, print: (line: string) => void): Promise<() => Promise<void>> {
  const settings = readSettings(env);
  await checked(settings);
  const { processes, metrics: wanted, logLevel } = settings.operation;
  const log = await openLog(logLevel, print);
  if (cluster.isWorker) {
    const tell = wanted ? tellStarter : () => undefined;
    return stoppedByStarter(await serveHere(settings, both(log.event, tell)));
  }
  let up: Running | undefined;
  const metrics = wanted && (await createMetrics({ ...wanted, processes: () => up?.running() ?? 0 }));
  const { store } = settings.handler;
  const ready = async () => {
    await store.ready();
    return (up?.running() ?? 0) > 0;
  };
  // Before the backend: a port that is taken should keep it from starting.
  const watch = wanted && metrics && (await serveMetrics({ ...wanted, metrics, ready }));
  const count = metrics ? metrics.count : undefined;
  try {
    up =
      processes > 1 ? await startProcesses(processes, log, count) : await serveHere(settings, both(log.event, count));
  } catch (error) {
    await watch?.close();
    throw error;
  }
  log.info(`verify-contact listens on ${up.url}`);
  if (watch) log.info(`metrics are on ${watch.url}/metrics`);
  return once(async () => {
    log.info('stopping: what is at hand is finished first');
    const ending = up;
    up = undefined;
    await ending?.stop();
    await store.close();
    await watch?.close();
    log.info('stopped');
  });
}

/** The backend in this very process. */
async function serveHere(
  { hostname, port, handler: options }: ServeSettings,
  onEvent: (event: BackendEvent) => void,
): Promise<Running> {
  // Loading stops the clock for a while, in which the store would seem slow to the first people of a new instance.
  await createVerifyClient(options.twilio)
    .prepare()
    .catch(() => undefined);
  const reason = 'no answer at the start';
  await options.accounts?.contacts('nobody').catch(() => onEvent({ type: 'unavailable', part: 'accounts', reason }));
  const backend = createHandler({ ...options, onEvent });
  const server = await serve(backend, { hostname, port });
  return {
    url: server.url,
    running: () => 1,
    async stop() {
      await server.close(GRACE);
      await backend.close();
      await options.accounts?.close();
      await options.store.close();
    },
  };
}

/** One of several processes ends by the word of the one that started it, or by a signal to all; then it lets go of it. */
function stoppedByStarter({ stop }: Running): () => Promise<void> {
  const end = once(async () => {
    await stop();
    if (process.connected) process.disconnect();
  });
  process.on('message', (message) => {
    if (message === STOP) void end();
  });
  return end;
}

/** What the backend's own checks find, in the words of the environment. */
async function checked({ handler }: ServeSettings): Promise<void> {
  try {
    await importKeys(handler.keys);
    // Made and dropped: it connects to nothing before the first request.
    await createHandler({ ...handler, onEvent: () => undefined }).close();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new SettingsError(inNamesOfTheEnvironment(error.message));
  }
}

function inNamesOfTheEnvironment(sentence: string): string {
  if (sentence.startsWith('limits.')) return `VERIFY_LIMITS: ${sentence.slice('limits.'.length)}`;
  return sentence.replace(/^[\w.]+/, (option) => names[option] ?? option);
}

/** Options as the environment calls them. */
const names: Record<string, string> = {
  'keys.secret': 'VERIFY_SECRET',
  'keys.previousSecret': 'VERIFY_PREVIOUS_SECRET',
  'keys.nextSecret': 'VERIFY_NEXT_SECRET',
  'keys.signing': 'VERIFY_SIGNING_KEY',
  'keys.previousSigning': 'VERIFY_PREVIOUS_SIGNING_KEY',
  'keys.nextSigning': 'VERIFY_NEXT_SIGNING_KEY',
  'twilio.accountSid': 'TWILIO_ACCOUNT_SID',
  'twilio.contactService': 'TWILIO_VERIFY_SERVICE_SID',
  'twilio.twoFactorService': 'TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID',
  origins: 'VERIFY_ORIGINS',
  'clientAddress.proxies': 'VERIFY_PROXIES',
  bearerIdentity: 'VERIFY_BEARER_ALGORITHMS',
};

function both<T>(one: (value: T) => void, other: ((value: T) => void) | undefined): (value: T) => void {
  return (value) => {
    one(value);
    other?.(value);
  };
}

/** Two signals, or a signal and a word, stop once. */
function once(act: () => Promise<void>): () => Promise<void> {
  let acting: Promise<void> | undefined;
  return () => (acting ??= act());
}
