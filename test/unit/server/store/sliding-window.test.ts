/** One counter as a sliding window, to the millisecond: what the suite of all stores does not look at so closely. */
import { describe, expect, it } from 'vitest';
import { StoreError, type Counter } from '../../../../src/server/store/store.js';
import {
  add,
  expires,
  clear,
  parseLog,
  remove,
  statusOf,
  type EventLog,
} from '../../../../src/server/store/sliding-window.js';

const counter: Counter = { key: 'key', limit: 3, window: 100 };
const noon = Date.UTC(2026, 0, 1, 12);
const ago = (seconds: number): number => noon - seconds * 1000;
const log = (...times: number[]): EventLog => times.map((at) => [at, 1, '']);

describe('an event counts', () => {
  it.each([
    ['until it is as old as the window', [ago(99.999), ago(0)], 2],
    ['no longer than that', [ago(100), ago(0)], 1],
    ['where a clock was ahead by less than a window', [ago(0), ago(-99.999)], 2],
    ['not where a clock was ahead by more', [ago(0), ago(-100)], 1],
  ])('%s', (_, times, count) => {
    expect(statusOf(log(...times), counter, noon).count).toBe(count);
  });
});

describe('the next event is admitted', () => {
  it.each<[string, Partial<Counter>, EventLog, number]>([
    ['now, where there was none', { backoff: [30] }, [], 0],
    ['never where the limit is none: after a whole window one may ask again', { limit: 0 }, [], 100],
    ['when enough have left the window', { limit: 2 }, log(ago(90), ago(80), ago(70)), 20],
    ['when entries of several events have', { limit: 3 }, [...log(ago(90)), [ago(80), 3, '']], 20],
    ['after the wait that belongs to how many there are', { backoff: [10, 40] }, log(ago(20), ago(15)), 25],
    [
      'after the last wait, where there are more events than waits',
      { backoff: [10, 20] },
      log(ago(3), ago(2), ago(1)),
      97,
    ],
    ['after a shorter wait, when older events have left', { backoff: [10, 90] }, log(ago(80), ago(0)), 20],
    ['not when the oldest is just leaving and the wait grows by that', { backoff: [40, 10] }, log(ago(90), ago(0)), 40],
    ['at once, whatever a clock that was ahead has written, if nothing waits', {}, log(ago(-50)), 0],
  ])('%s', (_, rules, events, retryIn) => {
    expect(statusOf(events, { ...counter, ...rules }, noon).retryIn).toBe(retryIn);
  });

  it('now, for a member that is in already, however full it is', () => {
    const members: EventLog = [
      [ago(3), 1, 'a'],
      [ago(2), 1, 'b'],
      [ago(1), 1, 'a'],
    ];
    expect(statusOf(members, { ...counter, limit: 2, member: 'a' }, noon)).toEqual({ count: 2, retryIn: 0 });
    // The place of `b`, who was seen longest ago, is the first that is free again.
    expect(statusOf(members, { ...counter, limit: 2, member: 'c' }, noon)).toEqual({ count: 2, retryIn: 98 });
  });
});

describe('an event is written', () => {
  // 100 seconds in 24 slots: of 4,167 milliseconds each, rounded up.
  const slot = 4167;
  it.each<[string, Partial<Counter>, number]>([
    ['to the millisecond where up to twenty-four are admitted', { limit: 24 }, 1],
    ['at the end of a slot where more are', { limit: 25 }, slot],
    ['at the end of a slot where members are counted', { member: 'a' }, slot],
    ['to the millisecond where waits hang on it', { limit: 25, backoff: [1] }, 1],
    ['at the end of a slot where the list of waits is empty', { limit: 25, backoff: [] }, slot],
  ])('%s', (_, rules, at) => {
    expect(add([], { ...counter, ...rules }, 1)).toMatchObject([[at, 1, rules.member ?? '']]);
  });

  it('into one entry with others of that moment and name, and taken out of it again', () => {
    const [mine, theirs]: Counter[] = [
      { ...counter, owner: 'mine' },
      { ...counter, owner: 'theirs' },
    ];
    const one = add(add([], theirs!, noon), mine!, noon);
    const two = add(one, mine!, noon);
    expect(two).toEqual([
      [noon, 1, 'theirs'],
      [noon, 2, 'mine'],
    ]);
    expect(remove(two, mine!, noon)).toEqual(one);
    expect(remove(one, mine!, noon)).toEqual([[noon, 1, 'theirs']]);
    expect(remove(one, mine!, noon + 1)).toEqual(one);
    expect(add(log(noon), counter, noon)).toEqual([[noon, 2, '']]);
  });

  it('before those of a clock that was ahead, and without what has left the window', () => {
    expect(add(log(ago(100), ago(10), ago(-10)), counter, noon)).toEqual(log(ago(10), noon, ago(-10)));
  });
});

it('a log may be thrown away when its last event leaves the window', () => {
  expect(expires(log(ago(10), ago(5)), counter)).toBe(ago(-95));
});

describe('a log that was kept as text', () => {
  it('is read as it was written', () => {
    const kept: EventLog = [
      [noon, 2, 'mine'],
      [noon + 1, 1, ''],
    ];
    expect(parseLog(JSON.stringify(kept))).toEqual(kept);
  });

  it.each(['', 'x', '[[1,1,""]'])('is refused where it is no JSON: %s', (text) => {
    const reading = () => parseLog(text);
    expect(reading).toThrow(StoreError);
    expect(reading).toThrow(
      expect.objectContaining({
        name: 'StoreError',
        message: 'A counter in the store cannot be read.',
        cause: expect.any(SyntaxError) as unknown,
      }),
    );
  });

  it.each([
    'null',
    '"log"',
    '{}',
    '{"length":1}',
    '[]',
    '[null]',
    '["abc"]',
    '[{"0":1,"1":1,"2":"","length":3}]',
    '[[1,1]]',
    '[[1,1,"",1]]',
    '[["1",1,""]]',
    '[[1.5,1,""]]',
    '[[1,"1",""]]',
    '[[1,1.5,""]]',
    '[[1,0,""]]',
    '[[1,-1,""]]',
    '[[1,1,1]]',
    '[[1,1,""],[1,1]]',
  ])('is refused where it says what nobody wrote: %s', (text) => {
    const reading = () => parseLog(text);
    expect(reading).toThrow(StoreError);
    expect(reading).toThrow('A counter in the store is corrupt.');
  });
});

it('forgets all events of a counter without a mark, and with one those of that mark', () => {
  const log: EventLog = [
    [1, 1, ''],
    [2, 3, 'hers'],
  ];
  expect([clear(log, counter), clear(log, { ...counter, owner: 'hers' })]).toEqual([[], [[1, 1, '']]]);
});
