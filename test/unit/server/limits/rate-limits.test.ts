/** What people and attackers meet at the limits: the policy on a store in memory, with a clock that the test turns. */
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
  limits = createRateLimits(memoryStore(), plain);
});

const asked = (change: Partial<LimitSubject> = {}): LimitSubject => ({
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
      const grant = await limits.send(asked(), now);
      if (!grant.granted) throw new Error('refused');
      waits.push(grant.resendIn);
      const early = await limits.send(asked(), now + grant.resendIn * second - 1);
      expect(early).toEqual({ granted: false, code: 'resend-too-soon', retryIn: 1 });
      now += grant.resendIn * second;
    }
    expect(waits).toEqual([30, 40, 60, 90, 120, 260, 260, 260]);
  });

  it('leaves the same countdown in resendIn as in a refusal', async () => {
    await limits.send(asked(), now);
    expect(await limits.resendIn(asked(), now + 12.5 * second)).toBe(18);
    expect(await limits.send(asked(), now + 12.5 * second)).toMatchObject({ retryIn: 18 });
  });

  it('makes only its own destination wait: the mail goes at once, in any spelling of the address only once', async () => {
    await limits.send(asked(), now);
    expect(await limits.send(asked(email('Ada@example.com')), now)).toMatchObject({ granted: true, resendIn: 30 });
    expect(await limits.send(asked(email('ada@example.com')), now)).toMatchObject({ code: 'resend-too-soon' });
  });

  it('makes a destination wait whoever asks', async () => {
    await limits.send(asked(), now);
    const other = asked({ subject: 'eve', address: '198.51.100.7' });
    expect(await limits.send(other, now)).toMatchObject({ code: 'resend-too-soon', retryIn: 30 });
  });

  it('to one destination ends after ten in a day, and says when the first of them is a day old', async () => {
    for (let i = 0; i < 10; i++)
      expect(await limits.send(asked(), now + i * 300 * second)).toMatchObject({ granted: true });
    const refused = await limits.send(asked(), now + 3000 * second);
    expect(refused).toEqual({ granted: false, code: 'too-many-sends', retryIn: 86_400 - 3000 });
    expect(await limits.send(asked(), now + day)).toMatchObject({ granted: true });
  });

  it('goes to five different numbers of a user in a day, and to a sixth on the next', async () => {
    for (let i = 0; i < 5; i++)
      expect(await limits.send(asked(phone(`+1415555260${i}`)), now)).toMatchObject({ granted: true });
    expect(await limits.send(asked(phone('+14155552609')), now)).toMatchObject({ code: 'too-many-sends' });
    expect(await limits.send(asked(phone('+14155552600')), now + 60 * second)).toMatchObject({ granted: true });
    expect(await limits.send(asked(phone('+14155552609')), now + 26 * hour)).toMatchObject({ granted: true });
  });

  it('that Twilio did not make is given back without a trace', async () => {
    const grant = await limits.send(asked(), now);
    if (grant.granted) await grant.refund();
    expect(await limits.send(asked(), now)).toMatchObject({ granted: true, resendIn: 30 });
  });

  it('that turns out later not to have been made is given back by its receipt, and by no other', async () => {
    const grant = await limits.send(asked(), now);
    await limits.refundSend(asked(), 'another', now + second);
    expect(await limits.resendIn(asked(), now + second)).toBe(29);
    if (grant.granted) await limits.refundSend(asked(), grant.reservationId, now + second);
    expect(await limits.resendIn(asked(), now + second)).toBe(0);
  });

  it('on the sign-up page uses up nothing of signing in', async () => {
    for (let i = 0; i < 10; i++) await limits.send(asked(), now + i * 300 * second);
    expect(await limits.send(asked({ purpose: 'two-factor' }), now + 3000 * second)).toMatchObject({ granted: true });
  });

  it('without an address shares one bucket with all others that have none', async () => {
    const nobody = (i: number) => asked({ subject: null, address: null, ...phone(`+1${212 + i}5552671`) });
    for (let i = 0; i < 20; i++) expect(await limits.send(nobody(i), now)).toMatchObject({ granted: true });
    expect(await limits.send(nobody(20), now)).toMatchObject({ code: 'too-many-sends', retryIn: 3600 });
    expect(await limits.send(asked(phone('+13125552671')), now)).toMatchObject({ granted: true });
  });

  it('that is refused costs no counter anything', async () => {
    await limits.send(asked(), now);
    for (let i = 0; i < 100; i++) await limits.send(asked(), now);
    expect(await limits.send(asked(phone('+13125552671')), now)).toMatchObject({ granted: true });
  });
});

describe('a check', () => {
  const check = (change: Partial<LimitSubject> = {}, verification = 'VE1') =>
    limits.check(asked(change), verification, now);
  const granted = (answer: AttemptReservation | LimitExceeded): AttemptReservation => {
    if (!answer.granted) throw new Error(`refused for ${answer.retryIn} s`);
    return answer;
  };
  /** Enters a wrong code `times` times, each with a verification of its own and as soon as the lock allows. */
  async function fail(times: number, change: Partial<LimitSubject> = {}): Promise<void> {
    for (let i = 0; i < times; i++) {
      const verification = `VE of ${now}, ${i}`;
      const answer = await check(change, verification);
      if (answer.granted) continue;
      expect(answer.retryIn).toBeLessThanOrEqual(900);
      now += answer.retryIn * second;
      granted(await check(change, verification));
    }
  }
  const unlock = () => void (now += hour);

  it('five wrong codes end a verification, inside its ten minutes', async () => {
    const began = now;
    const left = [];
    for (let i = 0; i < 5; i++) {
      const grant = granted(await check());
      left.push(grant.attemptsLeft);
      if (i < 4) now += grant.retryIn * second;
    }
    expect(left).toEqual([4, 3, 2, 1, 0]);
    expect(now - began).toBeLessThan(120 * second);
    expect(await check()).toMatchObject({ granted: false, code: 'too-many-attempts' });
  });

  it('locks grow from the third wrong code on', async () => {
    const waits = [];
    for (let i = 0; i < 9; i++) {
      const { retryIn } = granted(await check({}, `VE${i}`));
      waits.push(retryIn);
      if (retryIn > 0)
        expect(await limits.check(asked(), `VE${i}b`, now + retryIn * second - 1)).toMatchObject({ retryIn: 1 });
      now += retryIn * second;
    }
    expect(waits).toEqual([0, 0, 30, 60, 120, 300, 900, 900, 900]);
  });

  // CVE-2025-64102, CVE-2026-8760: a new code reset the counter.
  it('ten wrong codes close a destination for the day, over any number of verifications, users and addresses', async () => {
    const began = now;
    for (let i = 0; i < 10; i++) await fail(1, { subject: `user ${i}`, address: `192.0.2.${i}` });
    unlock();
    const refused = await check({ subject: 'new', address: '192.0.2.99' }, 'VE new');
    expect(refused).toMatchObject({ granted: false, code: 'too-many-attempts' });
    if (!refused.granted) expect(now + refused.retryIn * second).toBe(began + day);
  });

  it('ten wrong codes close a user for the day, over any number of destinations', async () => {
    for (let i = 0; i < 10; i++) await fail(1, phone(`+1415555260${i}`));
    unlock();
    expect(await check(phone('+13125552671'), 'VE new')).toMatchObject({ code: 'too-many-attempts' });
    expect(await check({ subject: 'other', ...phone('+13125552671') }, 'VE new')).toMatchObject({ granted: true });
  });

  it('leaves signing in open when the same number failed on the sign-up page', async () => {
    await fail(10);
    expect(await check({ purpose: 'two-factor' }, 'VE new')).toMatchObject({ granted: true, attemptsLeft: 4 });
  });

  it('that succeeds gives the person a clean sheet', async () => {
    await fail(4);
    unlock();
    await granted(await check()).resetFailures();
    expect(granted(await check({}, 'VE next'))).toMatchObject({ attemptsLeft: 4, retryIn: 0 });
  });

  it('that succeeds leaves the failures of others: their budget is not renewed', async () => {
    await fail(6, { subject: 'eve', address: '198.51.100.7' });
    unlock();
    await granted(await check({}, 'VE of ada')).resetFailures();
    await fail(4, { subject: 'mallory', address: '198.51.100.8' });
    unlock();
    expect(await check({ subject: 'trudy', address: '198.51.100.9' }, 'VE new')).toMatchObject({ granted: false });
  });

  it('at an own number buys no guesses at others', async () => {
    for (let i = 0; i < 9; i++) await fail(1, phone(`+1415555260${i}`));
    unlock();
    await granted(await check(phone('+13125552671'), 'VE own')).resetFailures();
    await fail(1, phone('+14155552609'));
    unlock();
    expect(await check(phone('+14155552699'), 'VE new')).toMatchObject({ granted: false });
  });

  it('that Twilio never saw is given back', async () => {
    await granted(await check()).refund();
    expect(granted(await check()).attemptsLeft).toBe(4);
  });

  it('where nobody is signed in is counted by address', async () => {
    for (let i = 0; i < 10; i++) await fail(1, { subject: null, ...phone(`+1415555260${i}`) });
    expect(await check({ subject: null, ...phone('+13125552671') }, 'VE new')).toMatchObject({ granted: false });
    expect(await check({ subject: null, address: '192.0.2.2', ...phone('+13125552671') }, 'VE new')).toMatchObject({
      granted: true,
    });
  });

  // CVE-2026-110861
  it('is granted no more often than the budget when 500 come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 500 }, (_, i) => check({}, `VE${i % 100}`)));
    expect(answers.filter((answer) => answer.granted).length).toBeLessThanOrEqual(5);
  });
});

it('a store that cannot be asked refuses everything', async () => {
  const broken: Store = { ...memoryStore(), reserve: () => Promise.reject(new StoreError('down')) };
  limits = createRateLimits(broken, plain);
  await expect(limits.send(asked(), now)).rejects.toBeInstanceOf(StoreError);
  await expect(limits.check(asked(), 'VE1', now)).rejects.toBeInstanceOf(StoreError);
});

it('no contact, user or address reaches the store but through the hash', async () => {
  const seen: string[] = [];
  const memory = memoryStore();
  const store: Store = {
    ...memory,
    reserve: (counters, at) => (seen.push(JSON.stringify(counters)), memory.reserve(counters, at)),
  };
  limits = createRateLimits(store, () => 'hashed');
  await limits.send(asked(), now);
  await limits.send(asked(email('ada@example.com')), now);
  await limits.check(asked(), 'VE1', now);
  expect(seen.join()).not.toMatch(/415555|ada|192\.0|US|VE1/);
});
