/** The client address: forged headers give an attacker no second budget, and 1,000 addresses of one network count as one. */
import { expect, it } from 'vitest';
import { createStack, type StackOptions } from '../../support/backend-stack.js';
import { actor, sends, tally } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';

const number = (n: number) => `+4474${String(n * 1001).padStart(8, '0')}`;
const HEADERS = [
  'x-forwarded-for',
  'forwarded',
  'cf-connecting-ip',
  'x-real-ip',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'fastly-client-ip',
  'x-azure-clientip',
  'x-appengine-user-ip',
  'via',
];

/** How many of 100 requests for different numbers send something, if the n-th comes from that address with those headers. */
async function sent(
  options: StackOptions,
  from: (n: number) => { address?: string; headers?: Record<string, string> },
) {
  const stack = await createStack({
    ...options,
    limits: { sends: { prefix: false, total: { perDay: 9999 }, country: false } },
  });
  const answers = [];
  for (let n = 0; n < 100; n += 1) answers.push(await actor(stack, from(n)).contact({ to: number(n) }));
  const refused = tally(answers.map(({ problem }) => problem));
  return { sends: sends(stack), refused };
}

it.each(HEADERS)('%s is ignored from a peer that is not a configured proxy', async (header) => {
  const value = (n: number) => (header === 'forwarded' ? `for=203.0.113.${n}` : `203.0.113.${n}`);
  const result = await sent({}, (n) => ({ address: '198.51.100.7', headers: { [header]: value(n) } }));
  expect(result).toEqual({ sends: 20, refused: { null: 20, 'too-many-sends': 80 } });
});

it('all of these headers at once, with 100 forged addresses, share one budget', async () => {
  const result = await sent({}, (n) => ({
    headers: Object.fromEntries(HEADERS.map((header) => [header, `203.0.113.${n}`])),
  }));
  expect(result.sends).toBe(20);
  recordAttack({
    attack: '100 forged addresses in 11 headers',
    budget: 20,
    accepted: result.sends,
    sends: result.sends,
  });
});

it('behind a configured proxy, only the hop that it wrote counts', async () => {
  const clientAddress = { proxies: ['10.0.0.0/8'] };
  const forged = (n: number) => ({
    address: '10.1.2.3',
    headers: { 'x-forwarded-for': `203.0.113.${n}, 10.9.9.${n}, 198.51.100.7` },
  });
  expect((await sent({ clientAddress }, forged)).sends).toBe(20);
  const inside = (n: number) => ({
    address: '10.1.2.3',
    headers: { 'x-forwarded-for': `203.0.113.${n}, not an address` },
  });
  expect((await sent({ clientAddress }, inside)).sends).toBe(20);
  const honest = (n: number) => ({ address: '10.1.2.3', headers: { 'x-forwarded-for': `203.0.113.${n}` } });
  expect((await sent({ clientAddress }, honest)).sends).toBe(100);
});

it('1,000 addresses inside one /64 count as one; ::ffff:1.2.3.4 is 1.2.3.4', async () => {
  const stack = await createStack({ limits: { sends: { prefix: false, country: false } } });
  for (let n = 0; n < 1000; n += 1) {
    const address = `2001:db8:1:2:${(n * 7919).toString(16).slice(-4)}:${n.toString(16)}:0:${(n + 1).toString(16)}`;
    await actor(stack, { address }).contact({ to: number(n) });
  }
  expect(sends(stack)).toBe(20);
  recordAttack({ attack: '1,000 addresses inside one /64', budget: 20, accepted: sends(stack), sends: sends(stack) });
  const mapped = await sent({}, (n) => ({ address: n % 2 === 0 ? '::ffff:198.51.100.9' : '198.51.100.9' }));
  expect(mapped.sends).toBe(20);
});

it('all requests without an address share one budget', async () => {
  const result = await sent({}, (n) => ({ address: ['unknown', '', '999.1.1.1', 'localhost'][n % 4] ?? '' }));
  expect(result.sends).toBe(20);
});
