/** The rules that every store follows, run on memory, a SQLite file and a real Redis. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Counter, Store } from '../../../../src/server/store/store.js';
import { kinds } from '../../../support/stores.js';

const noon = Date.UTC(2026, 0, 1, 12);
const second = 1000;
const day = 86_400;
const five: Counter = { key: 'five', limit: 5, window: 600 };

describe.each(kinds())('$name', (kind) => {
  let store: Store;
  beforeAll(() => (kind.skip ? undefined : kind.start()));
  afterAll(() => (kind.skip ? undefined : kind.stop()));
  beforeEach(() => void (kind.skip || (store = kind.open())));
  afterEach(() => (kind.skip ? undefined : store.close()));

  const check = kind.skip ? it.skip : it;
  const reserveMany = async (times: number, counter: Counter, now: number) => {
    const answers = await Promise.all(Array.from({ length: times }, () => store.reserve([counter], now)));
    return answers.filter(({ granted }) => granted).length;
  };

  describe('counters', () => {
    // CVE-2026-110861, CVE-2026-107276
    check('a concurrent burst cannot exceed the budget', async () => {
      expect(await reserveMany(500, five, noon)).toBe(5);
      expect(await reserveMany(500, { key: 'large', limit: 200, window: day }, noon)).toBe(200);
    });

    check('the edge of a window does not double the budget', async () => {
      expect(await reserveMany(10, five, noon + 599 * second)).toBe(5);
      for (const later of [600, 601, 900, 1198]) expect(await reserveMany(10, five, noon + later * second)).toBe(0);
      expect(await store.peek([five], noon + 1199 * second)).toEqual([{ count: 0, retryIn: 0 }]);
      expect(await reserveMany(10, five, noon + 1199 * second)).toBe(5);
    });

    check('events leave the window one after another', async () => {
      for (let i = 0; i < 5; i++) await store.reserve([five], noon + i * 100 * second);
      const full = await store.reserve([five], noon + 500 * second);
      expect(full).toMatchObject({ granted: false, statuses: [{ count: 5, retryIn: 100 }] });
      expect(await reserveMany(10, five, noon + 600 * second)).toBe(1);
      expect(await reserveMany(10, five, noon + 700 * second)).toBe(1);
    });

    check('all counters are reserved or none', async () => {
      const other: Counter = { key: 'other', limit: 2, window: 600 };
      const answers = [];
      for (let i = 0; i < 4; i++) answers.push(await store.reserve([five, other], noon));
      expect(answers.map(({ granted }) => granted)).toEqual([true, true, false, false]);
      expect(answers.map(({ reservationId }) => reservationId === '')).toEqual([false, false, true, true]);
      // A refused reservation has nothing to refund.
      await store.refund([five, other], answers[3]?.reservationId ?? '', noon);
      expect(await store.peek([five, other], noon)).toEqual([
        { count: 2, retryIn: 0 },
        { count: 2, retryIn: 600 },
      ]);
      expect(answers[3]?.statuses).toEqual([
        { count: 2, retryIn: 0 },
        { count: 2, retryIn: 600 },
      ]);
    });

    check('a key that is listed twice counts twice', async () => {
      const pair = [five, five];
      expect((await store.reserve(pair, noon)).granted).toBe(true);
      expect((await store.reserve(pair, noon)).granted).toBe(true);
      expect((await store.reserve(pair, noon)).granted).toBe(false);
      expect((await store.peek([five], noon))[0]?.count).toBe(4);
    });

    check('a peek changes nothing', async () => {
      for (let i = 0; i < 20; i++) await store.peek([five], noon);
      expect(await store.peek([five], noon)).toEqual([{ count: 0, retryIn: 0 }]);
    });

    check('the backoff grows from event to event, and its last value repeats', async () => {
      const counter: Counter = { key: 'waits', limit: 100, window: day, backoff: [30, 40, 60] };
      let now = noon;
      const waits = [];
      for (let i = 0; i < 5; i++) {
        const { granted, statuses } = await store.reserve([counter], now);
        expect(granted).toBe(true);
        const retryIn = statuses[0]?.retryIn ?? 0;
        expect((await store.reserve([counter], now + retryIn * second - 1)).granted).toBe(false);
        waits.push(retryIn);
        now += retryIn * second;
      }
      expect(waits).toEqual([30, 40, 60, 60, 60]);
    });

    check('fifty parallel resends are one send', async () => {
      expect(await reserveMany(50, { key: 'resend', limit: 10, window: day, backoff: [30] }, noon)).toBe(1);
    });

    check('distinct members count once, and a counted one may come again', async () => {
      const member = (name: string): Counter => ({ key: 'numbers', limit: 2, window: 600, member: name });
      expect((await store.reserve([member('a')], noon)).granted).toBe(true);
      expect((await store.reserve([member('b')], noon)).granted).toBe(true);
      expect((await store.reserve([member('c')], noon)).granted).toBe(false);
      const again = await store.reserve([member('a')], noon + 100 * second);
      expect(again).toMatchObject({ granted: true, statuses: [{ count: 2, retryIn: 0 }] });
    });

    check('a member that was seen again stays in the window from then on', async () => {
      const member = (name: string): Counter => ({ key: 'numbers', limit: 1, window: 240, member: name });
      await store.reserve([member('a')], noon);
      await store.reserve([member('a')], noon + 200 * second);
      expect((await store.reserve([member('b')], noon + 300 * second)).granted).toBe(false);
      expect((await store.reserve([member('b')], noon + 440 * second)).granted).toBe(true);
    });

    check('a refunded event leaves no trace', async () => {
      const counters: Counter[] = [
        five,
        { ...five, key: 'members', member: 'a' },
        { key: 'large', limit: 1000, window: day },
      ];
      await store.reserve([five], noon);
      const before = await store.peek(counters, noon);
      const { reservationId } = await store.reserve(counters, noon);
      await store.refund(counters, reservationId, noon + second);
      expect(await store.peek(counters, noon)).toEqual(before);
    });

    check('a second refund and an unknown id change nothing', async () => {
      await store.reserve([five], noon);
      const { reservationId } = await store.reserve([five], noon);
      await store.refund([five], reservationId, noon);
      await store.refund([five], reservationId, noon);
      await store.refund([five], 'made-up', noon);
      await store.refund([five], '', noon);
      expect((await store.peek([five], noon))[0]?.count).toBe(1);
    });

    check('clearing removes all events, or only those of the owner', async () => {
      const of = (owner: string): Counter => ({ ...five, owner });
      await store.clear([of('mine')], noon);
      for (const owner of ['mine', 'theirs', 'mine']) await store.reserve([of(owner)], noon);
      await store.clear([of('mine')], noon);
      expect((await store.peek([five], noon))[0]?.count).toBe(1);
      await store.clear([five], noon);
      expect((await store.peek([five], noon))[0]?.count).toBe(0);
    });

    check('an observed counter is not counted, and refuses whoever would wait longer than observed', async () => {
      const paid: Counter = { key: 'paid', limit: 10, window: 600 };
      const observed: Counter = { ...five, observed: 60 };
      for (let i = 0; i < 3; i++) await store.reserve([five], noon);
      const looking = await store.reserve([paid, observed], noon);
      expect(looking).toMatchObject({
        granted: true,
        statuses: [
          { count: 1, retryIn: 0 },
          { count: 3, retryIn: 0 },
        ],
      });
      for (let i = 0; i < 2; i++) await store.reserve([five], noon);
      const refused = { granted: false, reservationId: '', statuses: [{ count: 1 }, { count: 5, retryIn: 61 }] };
      expect(await store.reserve([paid, observed], noon + 539 * second)).toMatchObject(refused);
      expect(await store.peek([observed], noon + 539 * second)).toEqual([{ count: 5, retryIn: 61 }]);
      const waiting = { granted: true, statuses: [{ count: 2 }, { count: 5, retryIn: 60 }] };
      expect(await store.reserve([paid, observed], noon + 540 * second)).toMatchObject(waiting);
      expect((await store.reserve([{ ...five, observed: 0 }], noon + 599 * second)).granted).toBe(false);
    });

    check('a refund and clearing leave an observed counter as it is', async () => {
      const observed: Counter = { ...five, observed: 600 };
      await store.reserve([five], noon);
      const { reservationId } = await store.reserve([{ key: 'paid', limit: 10, window: 600 }, observed], noon);
      await store.refund([observed], reservationId, noon);
      await store.clear([observed], noon);
      expect(await store.peek([five], noon)).toEqual([{ count: 1, retryIn: 0 }]);
    });

    check('a key that is counted and observed in one call counts once', async () => {
      const both: Counter[] = [five, { ...five, observed: 0 }];
      for (let i = 0; i < 4; i++) expect((await store.reserve(both, noon)).granted).toBe(true);
      // The fifth event would leave no room for a sixth, so the observer refuses it.
      expect((await store.reserve(both, noon)).granted).toBe(false);
      expect((await store.peek([five], noon))[0]?.count).toBe(4);
      expect((await store.reserve([{ ...five, observed: 0 }, five], noon)).granted).toBe(true);
      expect((await store.peek([five], noon))[0]?.count).toBe(5);
    });

    check('a clock that was a year ahead blocks nobody once it is right again', async () => {
      await reserveMany(5, five, noon + 365 * day * second);
      expect((await store.reserve([five], noon)).granted).toBe(true);
    });
  });

  describe('records', () => {
    check('expire', async () => {
      await store.set('record', 'value', 600, noon);
      expect(await store.get('record', noon + 599_999)).toBe('value');
      expect(await store.get('record', noon + 600_000)).toBeNull();
      expect(await store.setIfAbsent('record', 'next', 600, noon + 600_000)).toBeNull();
    });

    check('are written by one of fifty concurrent callers, and the others get its value', async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) => store.setIfAbsent('lock', `${i}`, 60, noon)),
      );
      const winner = await store.get('lock', noon);
      expect(answers.filter((answer) => answer === null)).toHaveLength(1);
      expect(answers.filter((answer) => answer === winner)).toHaveLength(49);
    });

    check('change only from the expected value', async () => {
      await store.set('record', 'one', 60, noon);
      expect(await store.compareAndSet('record', 'zero', 'two', 60, noon)).toBe(false);
      expect(await store.compareAndSet('record', 'one', 'two', 120, noon)).toBe(true);
      expect(await store.get('record', noon + 100 * second)).toBe('two');
      expect(await store.compareAndSet('record', 'two', null, 60, noon)).toBe(true);
      expect(await store.get('record', noon)).toBeNull();
      expect(await store.compareAndSet('nothing', '', 'new', 60, noon)).toBe(false);
    });

    check('come back as they were written, whatever they contain', async () => {
      const odd = '{"a":"ü\n:12:\\"}😀 ';
      await store.set('odd', odd, 60, noon);
      await store.set('empty', '', 60, noon);
      expect(await store.get('odd', noon)).toBe(odd);
      expect(await store.get('empty', noon)).toBe('');
      expect(await store.setIfAbsent('empty', 'x', 60, noon)).toBe('');
    });

    check('share no keys with counters', async () => {
      await store.set('five', 'record', 60, noon);
      expect((await store.reserve([five], noon)).granted).toBe(true);
      expect(await store.get('five', noon)).toBe('record');
    });
  });

  check('an open store is ready, and a closed one rejects', async () => {
    await store.reserve([five], noon);
    await expect(store.ready()).resolves.toBeUndefined();
    await store.close();
    if (kind.name !== 'memory')
      await expect(store.reserve([five], noon)).rejects.toMatchObject({ code: 'store-unavailable' });
    else expect((await store.peek([five], noon))[0]?.count).toBe(0);
  });
});
