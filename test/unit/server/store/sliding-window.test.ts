/** One counter as a sliding window, to the millisecond. */
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
    ['and no longer', [ago(100), ago(0)], 1],
    ['if a clock was ahead by less than a window', [ago(0), ago(-99.999)], 2],
    ['not if a clock was ahead by more', [ago(0), ago(-100)], 1],
  ])('%s', (_, times, count) => {
    expect(statusOf(log(...times), counter, noon).count).toBe(count);
  });
});

describe('the next event is allowed', () => {
  it.each<[string, Partial<Counter>, EventLog, number]>([
    ['now, if there was none', { backoff: [30] }, [], 0],
    ['never if the limit is 0, though a client may ask again after a window', { limit: 0 }, [], 100],
    ['when enough have left the window', { limit: 2 }, log(ago(90), ago(80), ago(70)), 20],
    ['when entries with several events have', { limit: 3 }, [...log(ago(90)), [ago(80), 3, '']], 20],
    ['after the backoff for the number of events', { backoff: [10, 40] }, log(ago(20), ago(15)), 25],
    [
      'after the last value, if there are more events than values',
      { backoff: [10, 20] },
      log(ago(3), ago(2), ago(1)),
      97,
    ],
    ['after a shorter backoff, when older events have left', { backoff: [10, 90] }, log(ago(80), ago(0)), 20],
    ['not when the oldest event leaves and the backoff grows by that', { backoff: [40, 10] }, log(ago(90), ago(0)), 40],
    ['at once without a backoff, whatever a clock that was ahead has written', {}, log(ago(-50)), 0],
  ])('%s', (_, rules, events, retryIn) => {
    expect(statusOf(events, { ...counter, ...rules }, noon).retryIn).toBe(retryIn);
  });

  it('now for a member that is already counted, however full the counter is', () => {
    const members: EventLog = [
      [ago(3), 1, 'a'],
      [ago(2), 1, 'b'],
      [ago(1), 1, 'a'],
    ];
    expect(statusOf(members, { ...counter, limit: 2, member: 'a' }, noon)).toEqual({ count: 2, retryIn: 0 });
    // The entry of `b`, which is the oldest, leaves first.
    expect(statusOf(members, { ...counter, limit: 2, member: 'c' }, noon)).toEqual({ count: 2, retryIn: 98 });
  });
});

describe('an event is logged', () => {
  // 100 seconds in 24 buckets: 4,167 milliseconds each, rounded up.
  const bucket = 4167;
  it.each<[string, Partial<Counter>, number]>([
    ['to the millisecond if the limit is at most 24', { limit: 24 }, 1],
    ['at the end of a bucket if the limit is higher', { limit: 25 }, bucket],
    ['at the end of a bucket if members are counted', { member: 'a' }, bucket],
    ['to the millisecond if there is a backoff', { limit: 25, backoff: [1] }, 1],
    ['at the end of a bucket if the backoff is empty', { limit: 25, backoff: [] }, bucket],
  ])('%s', (_, rules, at) => {
    expect(add([], { ...counter, ...rules }, 1)).toMatchObject([[at, 1, rules.member ?? '']]);
  });

  it('in one entry with others of that time and owner, and removed from it again', () => {
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

  it('before those of a clock that was ahead, and without those that have left the window', () => {
    expect(add(log(ago(100), ago(10), ago(-10)), counter, noon)).toEqual(log(ago(10), noon, ago(-10)));
  });
});

it('a log expires when its last event leaves the window', () => {
  expect(expires(log(ago(10), ago(5)), counter)).toBe(ago(-95));
});

describe('a log that was stored as text', () => {
  it('is parsed as it was written', () => {
    const kept: EventLog = [
      [noon, 2, 'mine'],
      [noon + 1, 1, ''],
    ];
    expect(parseLog(JSON.stringify(kept))).toEqual(kept);
  });

  it.each(['', 'x', '[[1,1,""]'])('is refused if it is not JSON: %s', (text) => {
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
  ])('is refused if it has another shape: %s', (text) => {
    const reading = () => parseLog(text);
    expect(reading).toThrow(StoreError);
    expect(reading).toThrow('A counter in the store is corrupt.');
  });
});

it('clear removes all events of a counter without an owner, and otherwise those of the owner', () => {
  const log: EventLog = [
    [1, 1, ''],
    [2, 3, 'hers'],
  ];
  expect([clear(log, counter), clear(log, { ...counter, owner: 'hers' })]).toEqual([[], [[1, 1, '']]]);
});
