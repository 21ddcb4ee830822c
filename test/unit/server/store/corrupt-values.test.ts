/** Values that no store wrote: damaged, tampered with or of another program. Each is refused on every store that can hold it; none counts as expired or as 0. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  memoryStore,
  redisStore,
  sqliteStore,
  StoreError,
  type Counter,
  type Store,
} from '../../../../src/server/index.js';
import { onRedis, redisIsHere, startRedis, type RedisServer } from '../../../support/redis.js';
import { kinds } from '../../../support/stores.js';

const noon = Date.UTC(2026, 0, 1, 12);
const counter: Counter = { key: 'five', limit: 5, window: 600 };
const other: Counter = { key: 'other', limit: 5, window: 600 };
/** What a number can be replaced by. Each is wrong as a time and as a count. */
const notANumber = [
  '1e999',
  '-1e999',
  '1e300',
  '8640000000000001',
  '9007199254740993',
  '-1',
  '1.5',
  'NaN',
  'Infinity',
  'null',
  'true',
  '""',
  '"1"',
  '[]',
  '{}',
  '',
];
/** Texts that are no log of events. */
const notALog = [
  '',
  ' ',
  'x',
  'null',
  '0',
  '"log"',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '[{}]',
  '{"1":[1,1,"",1]}',
  '[[1,1]]',
  '[[1,1,"",1,1]]',
  '[[1,1,1,1]]',
  '[[1,1',
  '[[1,1,""],',
  '\u0001\u0002',
  '\ufffd'.repeat(1000),
  '['.repeat(5000),
  'x'.repeat(1_000_000),
];
/** Times and counts of reservations. */
const notATime = ['', 'x', '1e999', '-1', '1.5', 'nan', 'inf', '0x10', '8640000000000001', '99999999999999999999'];

/** A store whose values can be damaged, and how one event is written there. */
interface Damageable {
  store: Store;
  event(at: string, count: string): string;
  write(key: string, value: string | Buffer): Promise<unknown>;
  read(key: string): Promise<unknown>;
  /** The value of a reservation with that time. */
  reservation(at: string): string;
}

/** Expects that every method that reads this counter is refused, and that nothing was changed. */
async function expectRefusals({ store, read, write }: Damageable, key: string, value: string | Buffer): Promise<void> {
  const { reservationId } = await store.reserve([other], noon);
  await write(key, value);
  const before = await read(key);
  const answers = await Promise.allSettled([
    store.reserve([counter], noon),
    store.reserve([other, counter], noon),
    store.reserve([{ ...counter, observed: 600 }], noon),
    store.reserve([{ ...counter, member: 'a' }], noon),
    store.peek([counter], noon),
    store.refund([counter, other], reservationId, noon),
    store.clear([{ ...counter, owner: 'somebody' }], noon),
    store.clear([counter], noon),
  ]);
  const reasons = answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as unknown) : answer.value));
  expect(reasons.filter((reason) => !(reason instanceof StoreError))).toEqual([]);
  expect(await read(key)).toEqual(before);
  expect(await store.peek([other], noon)).toMatchObject([{ count: 1 }]);
  await store.clear([other], noon);
}

function suite(open: () => Damageable): void {
  it.each(notANumber)('a counter with an event at %j is refused', async (at) => {
    const damaged = open();
    await expectRefusals(damaged, 'c:five', damaged.event(at, '1'));
    await expectRefusals(
      damaged,
      'c:five',
      `[${damaged.event(String(noon), '1').slice(1, -1)},${damaged.event(at, '1').slice(1)}`,
    );
  });

  it.each([...notANumber, '0'])('a counter with %j events is refused', async (count) => {
    const damaged = open();
    await expectRefusals(damaged, 'c:five', damaged.event(String(noon), count));
  });

  it('a counter that is no log of events is refused', async () => {
    const damaged = open();
    for (const text of notALog) await expectRefusals(damaged, 'c:five', text);
    await expectRefusals(damaged, 'c:five', Buffer.from([0, 255, 1, 128, 10]));
    await expectRefusals(damaged, 'c:five', damaged.event(String(noon), '1').slice(0, -2));
  });

  it('a reservation without a time is refused, and refunds nothing', async () => {
    const { store, write, reservation } = open();
    for (const at of notATime) {
      const { reservationId } = await store.reserve([other], noon);
      await write(`t:${reservationId}`, reservation(at));
      await expect(store.refund([other], reservationId, noon)).rejects.toBeInstanceOf(StoreError);
      expect(await store.peek([other], noon)).toMatchObject([{ count: 1 }]);
      await store.clear([other], noon);
    }
  });
}

/** Expects that a record cannot be read, and that nobody can take its place as if it were free. */
async function expectNoRecord(store: Store): Promise<void> {
  await expect(store.get('record', noon)).rejects.toBeInstanceOf(StoreError);
  await expect(store.setIfAbsent('record', 'mine', 60, noon)).rejects.toBeInstanceOf(StoreError);
  await expect(store.compareAndSet('record', '', 'mine', 60, noon)).rejects.toBeInstanceOf(StoreError);
}

describe('SQLite', () => {
  let folder: string;
  let db: Database.Database;
  let store: Store;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'verify-contact-corrupt-'));
    store = sqliteStore({ file: join(folder, 'store.db') });
    await store.ready();
    db = new Database(join(folder, 'store.db'));
  });
  afterAll(async () => {
    db.close();
    await store.close();
    await rm(folder, { recursive: true });
  });
  const read = async (key: string) => db.prepare('SELECT value FROM kept WHERE key = ?').get(key) as { value: unknown };

  suite(() => ({
    store,
    event: (at, count) => `[[${at},${count},""]]`,
    reservation: (at) => `[[${at},1,""]]`,
    write: async (key, value) =>
      db.prepare('INSERT OR REPLACE INTO kept VALUES (?, ?, ?)').run(key, value, noon + 600_000),
    read: async (key) => (await read(key)).value,
  }));

  it.each([...notANumber.filter((value) => /^[-\d]/.test(value)), '0', "'never'", "x'00'", "''"])(
    'a row that expires at %s is refused, and is not deleted as expired',
    async (expires) => {
      db.exec('DELETE FROM kept');
      await store.reserve([counter], noon);
      await store.set('record', 'value', 600, noon);
      db.exec(`UPDATE kept SET expires = ${expires} WHERE key IN ('c:five', 'r:record')`);
      for (let i = 0; i < 5; i += 1) await store.set(`${i}`, 'value', 60, noon);
      await expect(store.reserve([counter], noon)).rejects.toBeInstanceOf(StoreError);
      await expect(store.peek([counter], noon)).rejects.toBeInstanceOf(StoreError);
      await expectNoRecord(store);
    },
  );
});

describe.skipIf(!redisIsHere)(onRedis('Redis'), () => {
  let server: RedisServer;
  let store: Store;
  let vandal: ReturnType<typeof createClient>;
  beforeAll(async () => {
    server = await startRedis();
    store = redisStore({ url: server.url, prefix: '{corrupt}:', timeout: 5000 });
    vandal = createClient({ url: server.url });
    await vandal.connect();
  });
  afterAll(async () => {
    vandal.destroy();
    await store.close();
    await server.down();
  });

  const damageable = (): Damageable => ({
    store,
    event: (at, count) => `[[${at},${count},"",${noon}]]`,
    reservation: (at) => at,
    write: (key, value) => vandal.set(`{corrupt}:${key}`, value),
    read: (key) => vandal.get(`{corrupt}:${key}`),
  });
  suite(damageable);

  it.each(notANumber)('a counter with an event that was added at %j is refused', async (added) => {
    await expectRefusals(damageable(), 'c:five', `[[${noon},1,"",${added}]]`);
  });

  it('a counter or record under a key of another type is refused', async () => {
    const make = {
      list: (key: string) => vandal.lPush(key, 'value'),
      set: (key: string) => vandal.sAdd(key, 'value'),
      hash: (key: string) => vandal.hSet(key, 'field', 'value'),
      'sorted set': (key: string) => vandal.zAdd(key, { score: 1, value: 'value' }),
      stream: (key: string) => vandal.xAdd(key, '*', { field: 'value' }),
    };
    for (const key of ['{corrupt}:c:five', '{corrupt}:r:record']) {
      for (const [type, write] of Object.entries(make)) {
        await vandal.del(key);
        await write(key);
        if (key.endsWith('record')) await expectNoRecord(store);
        else await expect(store.reserve([other, counter], noon), type).rejects.toBeInstanceOf(StoreError);
      }
      await vandal.del(key);
    }
    expect(await store.peek([other], noon)).toMatchObject([{ count: 0 }]);
  });

  it.each([
    '',
    ':',
    'value',
    ':value',
    '-1:value',
    '0:value',
    '1.5:value',
    '1e999:value',
    'nan:value',
    'inf:value',
    `${'9'.repeat(400)}:value`,
    '8640000000000001:value',
    ' 1:value',
  ])('a record that reads %j is refused', async (text) => {
    await vandal.set('{corrupt}:r:record', text);
    await expectNoRecord(store);
    expect(await vandal.get('{corrupt}:r:record')).toBe(text);
  });
});

describe.each(kinds())('$name', (kind) => {
  beforeAll(() => (kind.skip ? undefined : kind.start()));
  afterAll(() => (kind.skip ? undefined : kind.stop()));
  const check = kind.skip ? it.skip : it;

  check('a clock that gives no number is refused, since every event would seem to have expired', async () => {
    const store = kind.open();
    for (const now of [NaN, Infinity, -Infinity, undefined as unknown as number, '1' as unknown as number]) {
      const answers = await Promise.allSettled([
        store.reserve([counter], now),
        store.peek([counter], now),
        store.refund([counter], 'reservation', now),
        store.clear([counter], now),
        store.get('record', now),
        store.set('record', 'value', 60, now),
        store.setIfAbsent('record', 'value', 60, now),
        store.compareAndSet('record', 'value', null, 60, now),
      ]);
      const reasons = answers.map((answer) => answer.status === 'rejected' && (answer.reason as unknown));
      expect(reasons.filter((reason) => reason instanceof StoreError)).toHaveLength(answers.length);
    }
    await store.close();
  });
});

it('the store in memory holds only what it wrote itself', async () => {
  const store = memoryStore();
  for (const text of notALog) {
    await store.set('five', text, 60, noon);
    await store.set('c:five', text, 60, noon);
  }
  expect(await store.reserve([counter], noon)).toMatchObject({ granted: true, statuses: [{ count: 1 }] });
});
