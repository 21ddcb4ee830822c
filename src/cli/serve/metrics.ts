/** Counts the backend's events for Prometheus, with prom-client. It does not listen on a port. */
import type { BackendEvent, Component } from '../../server/index.js';
import { missingPackageError } from '../../server/internals.js';
import type { Price } from '../settings/operation-settings.js';

/** The metrics of one process. */
export interface Metrics {
  count(event: BackendEvent): void;
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>;
  /** The content type of that text. */
  readonly type: string;
}

/** The value of the label `country` for an e-mail address, which has no country. */
const NONE = 'none';
/** In seconds. Twilio usually answers after 0.1 to 0.5 s; a call times out after 10 s. */
const buckets = [0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10];
const components = {
  twilio: true,
  store: true,
  accounts: true,
  identify: true,
  beforeSend: true,
  backend: true,
} satisfies Record<Component, true>;

async function loadPromClient() {
  try {
    return (await import('prom-client')).default;
  } catch (failure) {
    throw missingPackageError('prom-client', 'VERIFY_METRICS_PORT', failure);
  }
}

/** Loads prom-client. The registry is a new one, so that it contains no metric of the host. */
export async function createMetrics({ price }: { price: Price }): Promise<Metrics> {
  const client = await loadPromClient();
  const register = new client.Registry();
  const registers = [register];
  client.collectDefaultMetrics({ register });
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
    new client.Counter({ name: `verify_contact_${name}`, help, labelNames, registers });

  const sent = counter('codes_sent_total', 'Codes that Twilio accepted for sending.', [
    'purpose',
    'channel',
    'country',
    'resent',
  ]);
  const notSent = counter('codes_not_sent_total', 'Codes that were requested and not sent, by problem.', [
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
  const testUses = counter(
    'test_contact_uses_total',
    'Uses of test contacts: a fixed code in place of one that is sent.',
    ['purpose', 'channel', 'use'],
  );
  const refused = counter('refused_total', 'Requests that were answered with a problem.', ['route', 'problem']);
  const unavailable = counter('unavailable_total', 'Failures of a component to answer.', ['component']);
  const misconfigured = counter('misconfigured_total', 'Errors that only the owner can correct.', ['twilio_code']);
  const spend = counter('spend_total', 'The cost of the codes sent, at VERIFY_PRICES.', ['channel', 'country']);
  const twilio = new client.Histogram({
    name: 'verify_contact_twilio_seconds',
    help: 'The duration of calls to Twilio, by operation and outcome.',
    labelNames: ['operation', 'outcome'],
    buckets,
    registers,
  });
  // Prometheus sees no increase when a series first appears. A zero makes the first failure visible.
  for (const component of Object.keys(components)) unavailable.inc({ component }, 0);
  misconfigured.inc({ twilio_code: NONE }, 0);

  return {
    type: register.contentType,
    text: () => register.metrics(),
    count(event) {
      switch (event.type) {
        case 'code-sent': {
          const { purpose, channel, country, resent } = event;
          const labels = { channel, country: country ?? NONE };
          sent.inc({ purpose, ...labels, resent: String(resent) });
          return spend.inc(labels, price(channel, country));
        }
        case 'code-not-sent': {
          const { purpose, channel, country = NONE, problem } = event;
          return notSent.inc({ purpose, channel, country, problem });
        }
        case 'code-checked': {
          const { purpose, channel, country = NONE, approved } = event;
          return checked.inc({ purpose, channel, country, outcome: approved ? 'approved' : 'wrong' });
        }
        case 'test-contact':
          return testUses.inc({ purpose: event.purpose, channel: event.channel, use: event.use });
        case 'refused':
          return refused.inc({ route: event.route, problem: event.problem });
        case 'unavailable':
          return unavailable.inc({ component: event.component });
        case 'misconfigured':
          return misconfigured.inc({ twilio_code: String(event.twilioCode ?? NONE) });
        case 'twilio-call':
          return twilio.observe({ operation: event.operation, outcome: event.outcome }, event.milliseconds / 1000);
        case 'warning':
      }
    },
  };
}
