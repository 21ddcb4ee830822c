/** The cost of toll fraud under the default limits, in dollars, and an ordinary day without a refusal. */
import { expect, it } from 'vitest';
import { createRateLimits, type Limits } from '../../../../src/server/limits/rate-limits.js';
import { memoryStore } from '../../../../src/server/store/memory.js';

const price = 0.05;
const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);
const attackers = Array.from({ length: 1000 }, (_, i) => `10.${i >> 8}.${i & 255}.1`);

/** A day on which every address, each of another network, requests a code ten times in the first hour and then once an hour. Returns how many were sent. */
async function wave(
  limits: Limits,
  number: (n: number) => { value: string; country: string },
): Promise<{ hour: number; day: number }> {
  const sent = { hour: 0, day: 0 };
  let n = 0;
  for (let round = 0; round < 33; round++) {
    const now = start + (round < 10 ? (round * hour) / 10 : (round - 9) * hour);
    for (const [i, address] of attackers.entries()) {
      const { value, country } = number(n++);
      // Every other one is signed in, with an account made for the attack.
      const subject = i % 2 ? null : `bot ${i}`;
      const answer = await limits.send(
        { purpose: 'contact', subject, address, contact: { type: 'phone', value }, country },
        now,
      );
      if (!answer.granted) continue;
      sent.day++;
      if (round < 10) sent.hour++;
    }
  }
  return sent;
}

const money = (sends: number) => `${sends} codes, ${(sends * price).toFixed(2)} USD`;
const report = (name: string, sent: { hour: number; day: number }) =>
  console.info(`${name}: ${money(sent.hour)} in the first hour; ${money(sent.day)} in a day`);
const defaultLimits = () => createRateLimits(memoryStore(), (text) => text, 600);

it('a thousand addresses with consecutive numbers of one prefix cost no more than three dollars a day', async () => {
  const sent = await wave(defaultLimits(), (n) => ({
    value: `+3712123${String(n % 10_000).padStart(4, '0')}`,
    country: 'LV',
  }));
  report('1,000 addresses, numbers of one prefix', sent);
  expect(sent.hour).toBeLessThanOrEqual(20);
  expect(sent.day).toBeLessThanOrEqual(50);
});

it('a thousand addresses with numbers from all over one country cost no more than 200 dollars a day', async () => {
  const sent = await wave(defaultLimits(), (n) => ({
    value: `+44${7_000_000_000 + ((n * 7919) % 900_000) * 1000}`,
    country: 'GB',
  }));
  report('1,000 addresses, all prefixes of one country', sent);
  expect(sent.hour).toBeLessThanOrEqual(400);
  expect(sent.day).toBeLessThanOrEqual(4000);
});

it('a thousand addresses with numbers from all over the world cost no more than 250 dollars a day', async () => {
  const sent = await wave(defaultLimits(), (n) => ({
    value: `+${20 + (n % 70)}${7_000_000_000 + ((n * 7919) % 900_000) * 1000}`,
    country: `X${n % 70}`,
  }));
  report('1,000 addresses, all countries', sent);
  expect(sent.hour).toBeLessThanOrEqual(600);
  expect(sent.day).toBeLessThanOrEqual(5000);
});

it('three thousand sign-ups in one country and one day meet no refusal', async () => {
  const limits = defaultLimits();
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  let refused = 0;
  for (let i = 0; i < 3000; i++) {
    // Two thirds fall between 9 and 21 o'clock; one in three comes from one of 200 shared addresses, one in ten needs a second code.
    const now = start + (i % 3 ? 9 * hour + random(12 * hour) : random(24 * hour));
    const address = i % 3 ? `home ${i}` : `office ${random(200)}`;
    const value = `+4915${random(10)}${String(random(100)).padStart(2, '0')}${String(random(100_000)).padStart(6, '0')}`;
    const subject = {
      purpose: 'contact' as const,
      subject: null,
      address,
      contact: { type: 'phone' as const, value },
      country: 'DE',
    };
    const first = await limits.send(subject, now);
    const again = i % 10 === 0 ? await limits.send(subject, now + 45_000) : first;
    if (!first.granted || !again.granted) refused++;
  }
  expect(refused).toBe(0);
});
