/** What every store keeps to, tested alike on memory, an SQLite file and a real Redis. */
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
  const takeMany = async (times: number, counter: Counter, now: number) => {
    const answers = await Promise.all(Array.from({ length: times }, () => store.take([counter], now)));
    return answers.filter(({ taken }) => taken).length;
  };

  describe('counters', () => {
    // CVE-2026-110861, CVE-2026-107276
    check('a concurrent burst cannot exceed the budget', async () => {
      expect(await takeMany(500, five, noon)).toBe(5);
      expect(await takeMany(500, { key: 'large', limit: 200, window: day }, noon)).toBe(200);
    });

    check('there is no double budget just before and just after the edge of a window', async () => {
      expect(await takeMany(10, five, noon + 599 * second)).toBe(5);
      for (const later of [600, 601, 900, 1198]) expect(await takeMany(10, five, noon + later * second)).toBe(0);
      expect(await store.peek([five], noon + 1199 * second)).toEqual([{ count: 0, retryIn: 0 }]);
      expect(await takeMany(10, five, noon + 1199 * second)).toBe(5);
    });

    check('events leave the window one after another, as they came', async () => {
      for (let i = 0; i < 5; i++) await store.take([five], noon + i * 100 * second);
      const full = await store.take([five], noon + 500 * second);
      expect(full).toMatchObject({ taken: false, standings: [{ count: 5, retryIn: 100 }] });
      expect(await takeMany(10, five, noon + 600 * second)).toBe(1);
      expect(await takeMany(10, five, noon + 700 * second)).toBe(1);
    });

    check('all are taken or none', async () => {
      const other: Counter = { key: 'other', limit: 2, window: 600 };
      const answers = [];
      for (let i = 0; i < 4; i++) answers.push(await store.take([five, other], noon));
      expect(answers.map(({ taken }) => taken)).toEqual([true, true, false, false]);
      expect(answers.map(({ receipt }) => receipt === '')).toEqual([false, false, true, true]);
      // Who was refused has nothing to give back.
      await store.giveBack([five, other], answers[3]?.receipt ?? '', noon);
      expect(await store.peek([five, other], noon)).toEqual([
        { count: 2, retryIn: 0 },
        { count: 2, retryIn: 600 },
      ]);
      expect(answers[3]?.standings).toEqual([
        { count: 2, retryIn: 0 },
        { count: 2, retryIn: 600 },
      ]);
    });

    check('a key that is named twice counts twice', async () => {
      const pair = [five, five];
      expect((await store.take(pair, noon)).taken).toBe(true);
      expect((await store.take(pair, noon)).taken).toBe(true);
      expect((await store.take(pair, noon)).taken).toBe(false);
      expect((await store.peek([five], noon))[0]?.count).toBe(4);
    });

    check('a peek touches nothing', async () => {
      for (let i = 0; i < 20; i++) await store.peek([five], noon);
      expect(await store.peek([five], noon)).toEqual([{ count: 0, retryIn: 0 }]);
    });

    check('waits grow from event to event, and the last one repeats', async () => {
      const counter: Counter = { key: 'waits', limit: 100, window: day, waits: [30, 40, 60] };
      let now = noon;
      const waits = [];
      for (let i = 0; i < 5; i++) {
        const { taken, standings } = await store.take([counter], now);
        expect(taken).toBe(true);
        const retryIn = standings[0]?.retryIn ?? 0;
        expect((await store.take([counter], now + retryIn * second - 1)).taken).toBe(false);
        waits.push(retryIn);
        now += retryIn * second;
      }
      expect(waits).toEqual([30, 40, 60, 60, 60]);
    });

    check('fifty parallel resends are one send', async () => {
      expect(await takeMany(50, { key: 'resend', limit: 10, window: day, waits: [30] }, noon)).toBe(1);
    });

    check('distinct members count once, and one that is in already is free', async () => {
      const member = (name: string): Counter => ({ key: 'numbers', limit: 2, window: 600, member: name });
      expect((await store.take([member('a')], noon)).taken).toBe(true);
      expect((await store.take([member('b')], noon)).taken).toBe(true);
      expect((await store.take([member('c')], noon)).taken).toBe(false);
      const again = await store.take([member('a')], noon + 100 * second);
      expect(again).toMatchObject({ taken: true, standings: [{ count: 2, retryIn: 0 }] });
    });

    check('a member that was seen again stays in the window from then on', async () => {
      const member = (name: string): Counter => ({ key: 'numbers', limit: 1, window: 240, member: name });
      await store.take([member('a')], noon);
      await store.take([member('a')], noon + 200 * second);
      expect((await store.take([member('b')], noon + 300 * second)).taken).toBe(false);
      expect((await store.take([member('b')], noon + 440 * second)).taken).toBe(true);
    });

    check('a given-back event leaves no trace', async () => {
      const counters: Counter[] = [
        five,
        { ...five, key: 'members', member: 'a' },
        { key: 'large', limit: 1000, window: day },
      ];
      await store.take([five], noon);
      const before = await store.peek(counters, noon);
      const { receipt } = await store.take(counters, noon);
      await store.giveBack(counters, receipt, noon + second);
      expect(await store.peek(counters, noon)).toEqual(before);
    });

    check('what is given back twice counts back once, and an unknown receipt changes nothing', async () => {
      await store.take([five], noon);
      const { receipt } = await store.take([five], noon);
      await store.giveBack([five], receipt, noon);
      await store.giveBack([five], receipt, noon);
      await store.giveBack([five], 'made-up', noon);
      await store.giveBack([five], '', noon);
      expect((await store.peek([five], noon))[0]?.count).toBe(1);
    });

    check('clearing forgets a counter, or only the events with the same mark', async () => {
      const by = (mark: string): Counter => ({ ...five, by: mark });
      await store.clear([by('mine')], noon);
      for (const mark of ['mine', 'theirs', 'mine']) await store.take([by(mark)], noon);
      await store.clear([by('mine')], noon);
      expect((await store.peek([five], noon))[0]?.count).toBe(1);
      await store.clear([five], noon);
      expect((await store.peek([five], noon))[0]?.count).toBe(0);
    });

    check('a clock that was a year ahead locks nobody out once it is right again', async () => {
      await takeMany(5, five, noon + 365 * day * second);
      expect((await store.take([five], noon)).taken).toBe(true);
    });
  });

  describe('records', () => {
    check('die in time', async () => {
      await store.put('record', 'value', 600, noon);
      expect(await store.get('record', noon + 599_999)).toBe('value');
      expect(await store.get('record', noon + 600_000)).toBeNull();
      expect(await store.claim('record', 'next', 600, noon + 600_000)).toBeNull();
    });

    check('one of fifty concurrent claims wins, and all others learn its value', async () => {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => store.claim('claim', `${i}`, 60, noon)));
      const winner = await store.get('claim', noon);
      expect(answers.filter((answer) => answer === null)).toHaveLength(1);
      expect(answers.filter((answer) => answer === winner)).toHaveLength(49);
    });

    check('change only from what the caller has seen', async () => {
      await store.put('record', 'one', 60, noon);
      expect(await store.swap('record', 'zero', 'two', 60, noon)).toBe(false);
      expect(await store.swap('record', 'one', 'two', 120, noon)).toBe(true);
      expect(await store.get('record', noon + 100 * second)).toBe('two');
      expect(await store.swap('record', 'two', null, 60, noon)).toBe(true);
      expect(await store.get('record', noon)).toBeNull();
      expect(await store.swap('nothing', '', 'new', 60, noon)).toBe(false);
    });

    check('come back as they were written, whatever is in them', async () => {
      const odd = '{"a":"ü\n:12:\\"}😀 ';
      await store.put('odd', odd, 60, noon);
      await store.put('empty', '', 60, noon);
      expect(await store.get('odd', noon)).toBe(odd);
      expect(await store.get('empty', noon)).toBe('');
      expect(await store.claim('empty', 'x', 60, noon)).toBe('');
    });

    check('share no keys with counters', async () => {
      await store.put('five', 'record', 60, noon);
      expect((await store.take([five], noon)).taken).toBe(true);
      expect(await store.get('five', noon)).toBe('record');
    });
  });

  check('an open store says that it is ready, a closed one refuses', async () => {
    await store.take([five], noon);
    await expect(store.ready()).resolves.toBeUndefined();
    await store.close();
    if (kind.name !== 'memory')
      await expect(store.take([five], noon)).rejects.toMatchObject({ code: 'store-unavailable' });
    else expect((await store.peek([five], noon))[0]?.count).toBe(0);
  });
});
