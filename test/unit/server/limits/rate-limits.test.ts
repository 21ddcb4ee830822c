/** The limits as people and attackers meet them, on a store in memory and a clock that the test sets. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createRateLimits,
  type LimitSubject,
  type AttemptReservation,
  type Limits,
  type LimitExceeded,
} from '../../../../src/server/limits/rate-limits.js';
import { memoryStore } from '../../../../src/server/store/memory.js';
import { StoreError, type Store } from '../../../../src/server/store/store.js';

const second = 1000;
const hour = 3600 * second;
const day = 24 * hour;
const plain = (text: string) => text;

let now: number;
let limits: Limits;
beforeEach(() => {
  now = Date.UTC(2026, 0, 1, 12);
  limits = createRateLimits(memoryStore(), plain, 600);
});

const subjectOf = (change: Partial<LimitSubject> = {}): LimitSubject => ({
  purpose: 'contact',
  subject: 'ada',
  address: '192.0.2.1',
  contact: { type: 'phone', value: '+14155552671' },
  country: 'US',
  ...change,
});
const phone = (value: string) => ({ contact: { type: 'phone' as const, value } });
const email = (value: string) => ({ contact: { type: 'email' as const, value }, country: undefined });

describe('a send', () => {
  it('may be followed by another after 30, 40, 60, 90, 120 and then 260 seconds, and not a moment sooner', async () => {
    const waits = [];
    for (let i = 0; i < 8; i++) {
      const reservation = await limits.send(subjectOf(), now);
      if (!reservation.granted) throw new Error('refused');
      waits.push(reservation.resendIn);
      const early = await limits.send(subjectOf(), now + reservation.resendIn * second - 1);
      expect(early).toEqual({ granted: false, code: 'resend-too-soon', retryIn: 1, refusedBy: ['destination'] });
      now += reservation.resendIn * second;
    }
    expect(waits).toEqual([30, 40, 60, 90, 120, 260, 260, 260]);
  });

  it('has the same countdown when it looks as in a refusal', async () => {
    await limits.send(subjectOf(), now);
    expect((await limits.peek(subjectOf(), now + 12.5 * second)).resendIn).toBe(18);
    expect(await limits.send(subjectOf(), now + 12.5 * second)).toMatchObject({ retryIn: 18 });
  });

  it('makes only its own destination wait: an e-mail goes at once, but once for all spellings of an address', async () => {
    await limits.send(subjectOf(), now);
    expect(await limits.send(subjectOf(email('Ada@example.com')), now)).toMatchObject({ granted: true, resendIn: 30 });
    expect(await limits.send(subjectOf(email('ada@example.com')), now)).toMatchObject({ code: 'resend-too-soon' });
  });

  it('makes its destination wait for every requester', async () => {
    await limits.send(subjectOf(), now);
    const other = subjectOf({ subject: 'eve', address: '198.51.100.7' });
    expect(await limits.send(other, now)).toMatchObject({ code: 'resend-too-soon', retryIn: 30 });
  });

  it('to one destination is refused after ten in a day, until the first is a day old', async () => {
    for (let i = 0; i < 10; i++)
      expect(await limits.send(subjectOf(), now + i * 300 * second)).toMatchObject({ granted: true });
    const refused = await limits.send(subjectOf(), now + 3000 * second);
    expect(refused).toMatchObject({ code: 'too-many-sends', retryIn: 86_400 - 3000, refusedBy: ['destination'] });
    expect(await limits.send(subjectOf(), now + day)).toMatchObject({ granted: true });
  });

  it('goes to five different numbers of a user in a day, and to a sixth on the next day', async () => {
    for (let i = 0; i < 5; i++)
      expect(await limits.send(subjectOf(phone(`+1415555260${i}`)), now)).toMatchObject({ granted: true });
    expect(await limits.send(subjectOf(phone('+14155552609')), now)).toMatchObject({ code: 'too-many-sends' });
    expect(await limits.send(subjectOf(phone('+14155552600')), now + 60 * second)).toMatchObject({ granted: true });
    expect(await limits.send(subjectOf(phone('+14155552609')), now + 26 * hour)).toMatchObject({ granted: true });
  });

  it('that Twilio did not make is refunded without a trace', async () => {
    const reservation = await limits.send(subjectOf(), now);
    if (reservation.granted) await reservation.refund(true);
    expect(await limits.send(subjectOf(), now)).toMatchObject({ granted: true, resendIn: 30 });
  });

  it('can be refunded later by its reservation id, and by no other', async () => {
    const reservation = await limits.send(subjectOf(), now);
    await limits.refundSend(subjectOf(), 'another', now + second);
    expect((await limits.peek(subjectOf(), now + second)).resendIn).toBe(29);
    if (reservation.granted) await limits.refundSend(subjectOf(), reservation.reservationId, now + second);
    expect((await limits.peek(subjectOf(), now + second)).resendIn).toBe(0);
  });

  it('on the sign-up page leaves the limits of signing in alone', async () => {
    for (let i = 0; i < 10; i++) await limits.send(subjectOf(), now + i * 300 * second);
    expect(await limits.send(subjectOf({ purpose: 'two-factor' }), now + 3000 * second)).toMatchObject({
      granted: true,
    });
  });

  it('without a client address shares one quota with all others that have none', async () => {
    const nobody = (i: number) => subjectOf({ subject: null, address: null, ...phone(`+1${212 + i}5552671`) });
    for (let i = 0; i < 20; i++) expect(await limits.send(nobody(i), now)).toMatchObject({ granted: true });
    expect(await limits.send(nobody(20), now)).toMatchObject({ code: 'too-many-sends', retryIn: 3600 });
    expect(await limits.send(subjectOf(phone('+13125552671')), now)).toMatchObject({ granted: true });
  });

  it('that is refused changes no counter', async () => {
    await limits.send(subjectOf(), now);
    for (let i = 0; i < 100; i++) await limits.send(subjectOf(), now);
    expect(await limits.send(subjectOf(phone('+13125552671')), now)).toMatchObject({ granted: true });
  });
});

describe('a check', () => {
  const check = (change: Partial<LimitSubject> = {}, verification = 'VE1') =>
    limits.check(subjectOf(change), verification, now);
  const granted = (answer: AttemptReservation | LimitExceeded): AttemptReservation => {
    if (!answer.granted) throw new Error(`refused for ${answer.retryIn} s`);
    return answer;
  };
  /** Enters a wrong code `times` times, each with a verification of its own and as soon as the backoff allows. */
  async function fail(times: number, change: Partial<LimitSubject> = {}): Promise<void> {
    for (let i = 0; i < times; i++) {
      const verification = `VE${crypto.randomUUID()}`;
      const answer = await check(change, verification);
      if (answer.granted) continue;
      expect(answer.retryIn).toBeLessThanOrEqual(900);
      now += answer.retryIn * second;
      granted(await check(change, verification));
    }
  }
  const unlock = () => void (now += hour);

  it('is refused after four wrong codes in one verification, within its ten minutes', async () => {
    const began = now;
    const left = [];
    for (let i = 0; i < 4; i++) {
      const reservation = granted(await check());
      left.push(reservation.attemptsLeft);
      if (i < 3) now += reservation.retryIn * second;
    }
    expect(left).toEqual([3, 2, 1, 0]);
    expect(now - began).toBeLessThan(120 * second);
    expect(await check()).toMatchObject({ granted: false, code: 'too-many-attempts' });
  });

  it('has growing waits from the third wrong code on', async () => {
    const waits = [];
    for (let i = 0; i < 9; i++) {
      const { retryIn } = granted(await check({}, `VE${i}`));
      waits.push(retryIn);
      if (retryIn > 0)
        expect(await limits.check(subjectOf(), `VE${i}b`, now + retryIn * second - 1)).toMatchObject({ retryIn: 1 });
      now += retryIn * second;
    }
    expect(waits).toEqual([0, 0, 30, 60, 120, 300, 900, 900, 900]);
  });

  // CVE-2025-64102, CVE-2026-8760: a new code reset the counter.
  it('is refused for the day after ten wrong codes for a destination, over any number of verifications, users and addresses', async () => {
    const began = now;
    for (let i = 0; i < 10; i++) await fail(1, { subject: `user ${i}`, address: `192.0.2.${i}` });
    unlock();
    const refused = await check({ subject: 'new', address: '192.0.2.99' }, 'VE new');
    expect(refused).toMatchObject({ granted: false, code: 'too-many-attempts' });
    if (!refused.granted) expect(now + refused.retryIn * second).toBe(began + day);
  });

  it('is refused for the day after ten wrong codes of a user, over any number of destinations', async () => {
    for (let i = 0; i < 10; i++) await fail(1, phone(`+1415555260${i}`));
    unlock();
    expect(await check(phone('+13125552671'), 'VE new')).toMatchObject({ code: 'too-many-attempts' });
    expect(await check({ subject: 'other', ...phone('+13125552671') }, 'VE new')).toMatchObject({ granted: true });
  });

  it('is allowed at sign-in when the same number failed on the sign-up page', async () => {
    await fail(10);
    expect(await check({ purpose: 'two-factor' }, 'VE new')).toMatchObject({ granted: true, attemptsLeft: 3 });
  });

  it('that succeeds clears the failures of the person', async () => {
    await fail(4);
    unlock();
    await granted(await check()).resetFailures();
    expect(granted(await check({}, 'VE next'))).toMatchObject({ attemptsLeft: 3, retryIn: 0 });
  });

  it('that succeeds leaves the failures of others, whose budget is not renewed', async () => {
    await fail(6, { subject: 'eve', address: '198.51.100.7' });
    unlock();
    await granted(await check({}, 'VE of ada')).resetFailures();
    await fail(4, { subject: 'mallory', address: '198.51.100.8' });
    unlock();
    expect(await check({ subject: 'trudy', address: '198.51.100.9' }, 'VE new')).toMatchObject({ granted: false });
  });

  it('that succeeds at an own number gives no guesses at others', async () => {
    for (let i = 0; i < 9; i++) await fail(1, phone(`+1415555260${i}`));
    unlock();
    await granted(await check(phone('+13125552671'), 'VE own')).resetFailures();
    await fail(1, phone('+14155552609'));
    unlock();
    expect(await check(phone('+14155552699'), 'VE new')).toMatchObject({ granted: false });
  });

  it('that Twilio never saw is refunded', async () => {
    await granted(await check()).refund();
    expect(granted(await check()).attemptsLeft).toBe(3);
  });

  it('without a signed-in user is counted by address', async () => {
    for (let i = 0; i < 10; i++) await fail(1, { subject: null, ...phone(`+1415555260${i}`) });
    expect(await check({ subject: null, ...phone('+13125552671') }, 'VE new')).toMatchObject({ granted: false });
    expect(await check({ subject: null, address: '192.0.2.2', ...phone('+13125552671') }, 'VE new')).toMatchObject({
      granted: true,
    });
  });

  // CVE-2026-110861
  it('is granted no more often than the budget when 500 arrive at once', async () => {
    const answers = await Promise.all(Array.from({ length: 500 }, (_, i) => check({}, `VE${i % 100}`)));
    expect(answers.filter((answer) => answer.granted).length).toBeLessThanOrEqual(5);
  });
});

it('a store out of reach refuses everything', async () => {
  const broken: Store = { ...memoryStore(), reserve: () => Promise.reject(new StoreError('down')) };
  limits = createRateLimits(broken, plain, 600);
  await expect(limits.send(subjectOf(), now)).rejects.toBeInstanceOf(StoreError);
  await expect(limits.check(subjectOf(), 'VE1', now)).rejects.toBeInstanceOf(StoreError);
});

it('contacts, users and addresses reach the store only as hashes', async () => {
  const seen: string[] = [];
  const memory = memoryStore();
  const store: Store = {
    ...memory,
    reserve: (counters, at) => (seen.push(JSON.stringify(counters)), memory.reserve(counters, at)),
  };
  limits = createRateLimits(store, () => 'hashed', 600);
  await limits.send(subjectOf(), now);
  await limits.send(subjectOf(email('ada@example.com')), now);
  await limits.check(subjectOf(), 'VE1', now);
  expect(seen.join()).not.toMatch(/415555|ada|192\.0|US|VE1/);
});
