/** The metrics of `serve`: what each event counts, and at which price. */
import { expect, it } from 'vitest';
import { createMetrics } from '../../../src/cli/serve/metrics.js';

const verification = { purpose: 'contact', channel: 'sms', to: '•••• 71', country: 'DE' } as const;

it('a verification that was sent twice counts once as a start, and costs two codes', async () => {
  const metrics = await createMetrics({ price: () => 0.5 });
  metrics.count({ type: 'code-sent', ...verification, resent: false });
  metrics.count({ type: 'code-sent', ...verification, resent: true });
  metrics.count({ type: 'code-checked', ...verification, approved: true });
  const text = await metrics.text();
  for (const line of [
    'codes_sent_total{purpose="contact",channel="sms",country="DE",resent="false"} 1',
    'codes_sent_total{purpose="contact",channel="sms",country="DE",resent="true"} 1',
    'codes_checked_total{purpose="contact",channel="sms",country="DE",outcome="approved"} 1',
    'spend_total{channel="sms",country="DE"} 1',
  ]) {
    expect(text).toContain(`verify_contact_${line}\n`);
  }
});

it('a test contact counts in a metric of its own, and costs nothing', async () => {
  const metrics = await createMetrics({ price: () => 0.5 });
  for (const use of ['sent', 'wrong', 'approved'] as const)
    metrics.count({ type: 'test-contact', use, ...verification });
  const text = await metrics.text();
  for (const use of ['sent', 'wrong', 'approved'])
    expect(text).toContain(`test_contact_uses_total{purpose="contact",channel="sms",use="${use}"} 1\n`);
  expect(text).not.toMatch(/^verify_contact_(codes|spend)_\w+\{/m);
});

it('an e-mail address has no country', async () => {
  const metrics = await createMetrics({ price: (channel, country) => (channel === 'email' && !country ? 0.25 : 9) });
  metrics.count({ type: 'code-sent', purpose: 'contact', channel: 'email', to: 'a•••@e•••', resent: false });
  expect(await metrics.text()).toContain('verify_contact_spend_total{channel="email",country="none"} 0.25\n');
});

it('failures of a component are counted from zero, so that Prometheus sees the first one', async () => {
  const metrics = await createMetrics({ price: () => 0 });
  expect(await metrics.text()).toContain('verify_contact_unavailable_total{component="store"} 0\n');
  metrics.count({ type: 'unavailable', component: 'store', reason: 'silent' });
  expect(await metrics.text()).toContain('verify_contact_unavailable_total{component="store"} 1\n');
});
