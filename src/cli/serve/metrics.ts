/** What is counted of the backend's events, for Prometheus, by prom-client. It listens on nothing. */
import type { BackendEvent } from '../../server/index.js';
import { missingPackageError } from '../../server/internals.js';
import { LastHour } from './rolling-hour.js';
import type { Price } from '../settings/operation-settings.js';

/** The counters of one instance. */
export interface Metrics {
  count(event: BackendEvent): void;
  /** All of them in Prometheus' text format, whose content type is `type`. */
  text(): Promise<string>;
  readonly type: string;
}

/** What the metrics are made of. */
export interface MetricsOptions {
  price: Price;
  /** How many processes answer now. */
  processes: () => number;
  /** Milliseconds since 1970; default `Date.now`. */
  now?: () => number;
}

/** Addresses of mail have no country. */
const NONE = 'none';
/** Seconds. Twilio's usual answer takes 0.1 to 0.5; ten is our time-out. */
const buckets = [0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10];

async function load() {
  try {
    return (await import('prom-client')).default;
  } catch (failure) {
    throw missingPackageError('prom-client', 'VERIFY_METRICS_PORT', failure);
  }
}

/** Loads prom-client and makes a registry of its own, so that nothing of the host's gets in. */
export async function createMetrics({ price, processes, now = Date.now }: MetricsOptions): Promise<Metrics> {
  const client = await load();
  const register = new client.Registry();
  const registers = [register];
  client.collectDefaultMetrics({ register });
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
    new client.Counter({ name: `verify_contact_${name}`, help, labelNames, registers });

  const sent = counter('codes_sent_total', 'Codes that Twilio took for sending.', [
    'purpose',
    'channel',
    'country',
    'resent',
  ]);
  const notSent = counter('codes_not_sent_total', 'Codes that were asked for and not sent, by the problem told.', [
    'purpose',
    'channel',
    'country',
    'problem',
  ]);
  const checked = counter('codes_checked_total', 'Codes that Twilio checked.', [
    'purpose',
    'channel',
    'country',
    'outcome',
  ]);
  const refused = counter('refused_total', 'Requests that were answered with a problem.', ['route', 'problem']);
  const unavailable = counter('unavailable_total', 'Parts that gave no answer.', ['part']);
  const misconfigured = counter('misconfigured_total', 'Errors that only the owner can mend.', ['twilio_code']);
  const spent = counter('spend_total', 'What the codes sent cost, at VERIFY_PRICES.', ['channel', 'country']);
  const twilio = new client.Histogram({
    name: 'verify_contact_twilio_seconds',
    help: 'How long Twilio took, by what it was asked for and how that ended.',
    labelNames: ['operation', 'outcome'],
    buckets,
    registers,
  });

  const begun = new LastHour();
  const done = new LastHour();
  const spending = new LastHour();
  new client.Gauge({
    name: 'verify_contact_conversion_ratio',
    help: 'Right codes for each verification begun in the last hour; a fall in one country is toll fraud, or a carrier that fails.',
    labelNames: ['country'],
    registers,
    collect() {
      this.reset();
      const right = done.sums(now());
      for (const [country, all] of begun.sums(now()))
        this.set({ country }, Math.min(1, (right.get(country) ?? 0) / all));
    },
  });
  new client.Gauge({
    name: 'verify_contact_spend_per_hour',
    help: 'What the codes of the last hour cost, at VERIFY_PRICES.',
    labelNames: ['country'],
    registers,
    collect() {
      this.reset();
      for (const [country, all] of spending.sums(now())) this.set({ country }, all);
    },
  });
  new client.Gauge({
    name: 'verify_contact_processes',
    help: 'Processes that answer requests.',
    registers,
    collect() {
      this.set(processes());
    },
  });

  return {
    type: register.contentType,
    text: () => register.metrics(),
    count(event) {
      switch (event.type) {
        case 'code-sent': {
          const { purpose, channel, country, resent } = event;
          const at = { channel, country: country ?? NONE };
          const cost = price(channel, country);
          sent.inc({ purpose, ...at, resent: String(resent) });
          spent.inc(at, cost);
          spending.add(at.country, cost, now());
          if (!resent) begun.add(at.country, 1, now());
          return;
        }
        case 'code-not-sent': {
          const { purpose, channel, country = NONE, problem } = event;
          return notSent.inc({ purpose, channel, country, problem });
        }
        case 'code-checked': {
          const { purpose, channel, country = NONE, approved } = event;
          if (approved) done.add(country, 1, now());
          return checked.inc({ purpose, channel, country, outcome: approved ? 'approved' : 'wrong' });
        }
        case 'refused':
          return refused.inc({ route: event.route, problem: event.problem });
        case 'unavailable':
          return unavailable.inc({ part: event.part });
        case 'misconfigured':
          return misconfigured.inc({ twilio_code: String(event.twilioCode ?? NONE) });
        case 'twilio-call':
          return twilio.observe({ operation: event.operation, outcome: event.outcome }, event.milliseconds / 1000);
        case 'warning':
      }
    },
  };
}
