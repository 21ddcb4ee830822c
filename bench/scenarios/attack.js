/**
 * What does a wave of toll fraud cost the owner?
 *
 * Method: a simulated hour. The attacker has 1,000 or 100,000 client addresses and uses sequential numbers. The attempts are
 * spread over the hour and over the addresses. The same code of ours applies the limits: first the defaults, then only a limit
 * for each address. That limit is our own (20 an hour) or the default of Better Auth's phone plugin (10 a minute). A message
 * costs 0.05 USD. Nothing is sent.
 */
import { progress, short, table } from '../harness/measure.js';

export const title = 'Cost under attack';
const PRICE = 0.05;

/** @param {import('../run.js').Bench} bench */
export async function run({ dist, quick }) {
  const { createRateLimits } = await import(`${dist}/server/limits/rate-limits.js`);
  const { memoryStore } = await import(`${dist}/server/index.js`);
  const huge = { perHour: 1e9, perDay: 1e9 };
  // Every other limit that could refuse such a send is off.
  const addressOnly = {
    destination: 10,
    prefix: false,
    country: false,
    network: false,
    contactType: false,
    tries: 1e9,
    total: huge,
    addressDestinations: false,
  };
  const policies = {
    'ours, by default': {},
    'per address only, 20 an hour': { sends: { ...addressOnly, address: { perHour: 20, perDay: 60 } } },
    'per address only, 10 a minute': { sends: { ...addressOnly, address: { perHour: 600, perDay: 14_400 } } },
  };
  const waves = quick
    ? [{ addresses: 100, attempts: 2000 }]
    : [
        { addresses: 1000, attempts: 100_000 },
        { addresses: 100_000, attempts: 200_000 },
      ];
  const rows = [];
  let worst = Infinity;
  for (const { addresses, attempts } of waves) {
    /** @type {Record<string, number>} */
    const dollars = {};
    for (const [name, options] of Object.entries(policies)) {
      progress(`attack: ${addresses} addresses, ${name}`);
      const limits = createRateLimits(
        memoryStore({ keys: 20_000_000 }),
        (/** @type {string} */ text) => text,
        600,
        options,
      );
      const begun = Date.parse('2026-01-01T00:00:00Z');
      let sent = 0;
      for (let i = 0; i < attempts; i += 1) {
        const address = `10.${(i % addresses) >> 16}.${((i % addresses) >> 8) & 255}.${(i % addresses) & 255}`;
        const contact = { type: 'phone', value: `+1415${String(5_550_000 + i)}` };
        const { granted } = await limits.send(
          { purpose: 'contact', subject: null, address, contact, country: 'US' },
          begun + Math.floor((i * 3_600_000) / attempts),
        );
        if (granted) sent += 1;
      }
      dollars[name] = sent * PRICE;
      rows.push([
        `${addresses.toLocaleString('en')} addresses, ${attempts.toLocaleString('en')} attempts: ${name}`,
        sent.toLocaleString('en'),
        `$${dollars[name].toLocaleString('en')}`,
      ]);
    }
    const [ours, ...others] = Object.values(dollars);
    worst = Math.min(worst, Math.min(...others) / ours);
  }
  return {
    title,
    tables: [
      {
        title: 'One hour of toll fraud over sequential numbers',
        text: table(['wave and limits', 'messages', 'cost'], rows),
      },
    ],
    verdicts: [
      {
        what: 'toll-fraud wave, dollars in an hour: per-address limits beside ours',
        value: worst,
        unit: '×',
        bound: 'least',
        target: 100,
        aim: 1000,
        note: `the least of the waves, ${short(worst)}`,
      },
    ],
  };
}
