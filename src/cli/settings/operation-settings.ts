/** The settings of `serve` that concern whoever runs it: processes, log, metrics, prices. The backend never sees them. */
import { SettingsError, type Environment } from './twilio-settings.js';
import { choice, count, list, readPort } from './read-setting.js';

/** How it is run. */
export interface Operation {
  processes: number;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Null where nobody wants metrics. */
  metrics: { hostname: string; port: number; price: Price } | null;
}

/** What one code costs, in whatever currency the owner thinks. */
export type Price = (channel: string, country: string | undefined) => number;

/** As limits are documented: what Twilio asks for a verification, without what the carriers add. */
const PRICE = 0.05;

/** Reads them; throws {@link SettingsError} with one sentence for what is wrong, or means nothing beside the others. */
export function readOperation(env: Environment): Operation {
  const processes = count(env, 'VERIFY_PROCESSES', 1, [1, 64]);
  const logLevel = choice(
    'VERIFY_LOG_LEVEL',
    env.VERIFY_LOG_LEVEL || undefined,
    ['debug', 'info', 'warn', 'error', 'silent'],
    'info',
  );
  const inMemory = (['VERIFY_STORE', 'VERIFY_ACCOUNTS'] as const).find((name) =>
    name === 'VERIFY_STORE' ? (env[name] || 'memory') === 'memory' : env[name] === 'memory',
  );
  if (processes > 1 && inMemory) {
    throw new SettingsError(
      `VERIFY_PROCESSES above 1 needs another ${inMemory} than memory, which each has for itself.`,
    );
  }
  const port = env.VERIFY_METRICS_PORT;
  const idle = (['VERIFY_METRICS_HOST', 'VERIFY_PRICES'] as const).find((name) => env[name]);
  if (!port && idle) throw new SettingsError(`${idle} means nothing without VERIFY_METRICS_PORT.`);
  if (!port) return { processes, logLevel, metrics: null };
  if (port !== '0' && port === (env.VERIFY_PORT || '8787')) {
    throw new SettingsError(
      'VERIFY_METRICS_PORT must be another port than VERIFY_PORT: metrics are not for everybody.',
    );
  }
  const metrics = {
    hostname: env.VERIFY_METRICS_HOST || '127.0.0.1',
    port: readPort('VERIFY_METRICS_PORT', port),
    price: readPrices(list(env, 'VERIFY_PRICES') ?? []),
  };
  return { processes, logLevel, metrics };
}

/** The most exact price that is known: of channel and country, else of the channel, else Twilio's usual one. */
function readPrices(items: readonly string[]): Price {
  const prices = new Map<string, number>();
  for (const item of items) {
    const [, key, price] = /^((?:sms|call|whatsapp|email)(?::[A-Z]{2})?)=(\d{1,6}(?:\.\d{1,6})?)$/.exec(item) ?? [];
    if (key === undefined) throw new SettingsError('VERIFY_PRICES must be such as sms=0.05,call=0.1,sms:ID=0.4.');
    prices.set(key, Number(price));
  }
  return (channel, country) => prices.get(`${channel}:${country ?? ''}`) ?? prices.get(channel) ?? PRICE;
}
