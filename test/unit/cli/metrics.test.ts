/** The gauges of the last hour: what is older counts no more, and an address of mail has no country. */
import { expect, it } from 'vitest';
import { LastHour } from '../../../src/cli/serve/rolling-hour.js';
import { createMetrics } from '../../../src/cli/serve/metrics.js';

const MINUTE = 60_000;

it('what is an hour old counts no more', () => {
  const hour = new LastHour();
  hour.add('DE', 2, 0);
  hour.add('DE', 3, 59 * MINUTE);
  hour.add('AT', 1, 59 * MINUTE);
  expect(hour.sums(59 * MINUTE)).toEqual(
    new Map([
      ['DE', 5],
      ['AT', 1],
    ]),
  );
  expect(hour.sums(60 * MINUTE)).toEqual(
    new Map([
      ['DE', 3],
      ['AT', 1],
    ]),
  );
  expect(hour.sums(200 * MINUTE)).toEqual(new Map());
});

it('conversion counts verifications and not messages, and no country is left standing when its hour is over', async () => {
  let now = 0;
  const metrics = await createMetrics({ price: () => 0.5, processes: () => 1, now: () => now });
  const sent = { type: 'code-sent', purpose: 'contact', channel: 'sms', to: '•••• 71', country: 'DE' } as const;
  metrics.count({ ...sent, resent: false });
  metrics.count({ ...sent, resent: true });
  metrics.count({
    type: 'code-checked',
    purpose: 'contact',
    channel: 'sms',
    to: '•••• 71',
    country: 'DE',
    approved: true,
  });
  metrics.count({ type: 'code-sent', purpose: 'contact', channel: 'email', to: 'a•••@e•••', resent: false });
  const text = await metrics.text();
  expect(text).toContain('verify_contact_conversion_ratio{country="DE"} 1');
  expect(text).toContain('verify_contact_conversion_ratio{country="none"} 0');
  expect(text).toContain('verify_contact_spend_per_hour{country="DE"} 1\n');
  now = 61 * MINUTE;
  expect(await metrics.text()).not.toMatch(/(conversion_ratio|spend_per_hour)\{/);
  expect(await metrics.text()).toContain('verify_contact_spend_total{channel="sms",country="DE"} 1\n');
});
