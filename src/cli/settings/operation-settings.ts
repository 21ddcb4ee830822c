/** The settings of `serve` that concern operation: the log, the metrics and the prices. The backend does not see them. */
import { SettingsError } from './parse-settings.js';
import type { Settings } from './settings-schema.js';

/** How the process logs, and what it measures. */
export interface Operation {
  logLevel: Settings['VERIFY_LOG_LEVEL'];
  /** Null without VERIFY_METRICS_PORT. */
  metrics: { hostname: string; port: number; price: Price } | null;
}

/** The price of one code, in the owner's currency. */
export type Price = (channel: string, country: string | undefined) => number;

/** What Twilio charges for a verification, without the carrier's fee. The default limits are documented with it, too. */
const DEFAULT_PRICE = 0.05;

/** Throws {@link SettingsError} if the metrics would be on the public port. */
export function readOperation(settings: Settings): Operation {
  const { VERIFY_LOG_LEVEL: logLevel, VERIFY_METRICS_HOST: hostname, VERIFY_METRICS_PORT: port } = settings;
  if (port === undefined) return { logLevel, metrics: null };
  if (port !== 0 && port === settings.VERIFY_PORT) {
    throw new SettingsError('VERIFY_METRICS_PORT must be another port than VERIFY_PORT: metrics are not public.');
  }
  return { logLevel, metrics: { hostname, port, price: priceFrom(settings.VERIFY_PRICES ?? new Map()) } };
}

/** The most exact price that is known: of the channel and country, else of the channel, else Twilio's usual price. */
function priceFrom(prices: ReadonlyMap<string, number>): Price {
  return (channel, country) => prices.get(`${channel}:${country ?? ''}`) ?? prices.get(channel) ?? DEFAULT_PRICE;
}
