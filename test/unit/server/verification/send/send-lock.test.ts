/** The lock of a destination, when two requests want to send to it. */
import { expect, it } from 'vitest';
import { memoryStore, type Store } from '../../../../../src/server/index.js';
import { createRecords, type ActiveVerification } from '../../../../../src/server/store/records.js';
import {
  releaseSendLock,
  peekSendLock,
  acquireSendLock,
  type SendLock,
} from '../../../../../src/server/verification/send/send-lock.js';

const contact = { type: 'phone', value: '+14155552671' } as const;
const destination = { purpose: 'contact', contact } as const;

function setUp() {
  const clock = { now: 1_790_000_000_000 };
  /** The calls to the store, with the time to live in seconds. */
  const calls: [string, number?][] = [];
  const store = memoryStore();
  const recording: Store = {
    ...store,
    get: (key, now) => (calls.push(['get']), store.get(key, now)),
    setIfAbsent: (key, value, ttl, now) => (calls.push(['setIfAbsent', ttl]), store.setIfAbsent(key, value, ttl, now)),
    compareAndSet: (key, expected, value, ttl, now) => (
      calls.push(['compareAndSet', ttl]),
      store.compareAndSet(key, expected, value, ttl, now)
    ),
  };
  const backend = {
    records: createRecords(recording, (text) => text),
    callDeadlineMs: 20_000,
    codeLifetimeMs: 600_000,
    now: () => clock.now,
  };
  const active = (verification: string): ActiveVerification => ({
    verification,
    firstSentAt: clock.now,
    channel: 'sms',
    sends: 1,
    sendId: 'somebody',
    starter: 'somebody',
  });
  const acquire = async (): Promise<SendLock> => {
    const lock = await acquireSendLock(backend, destination);
    if (!('entry' in lock)) throw new Error('Another send holds it.');
    return lock;
  };
  return { clock, calls, backend, active, acquire };
}

it('one request holds the lock until it releases it, and the next one knows what it wrote', async () => {
  const { backend, active, acquire } = setUp();
  const lock = await acquire();
  expect(await acquireSendLock(backend, destination)).toEqual({ holderId: lock.id, known: {} });
  lock.updates.active = active('VE1');
  await releaseSendLock(backend, lock);
  expect(await peekSendLock(backend, destination)).toEqual({ known: { active: active('VE1') } });
  const next = await acquire();
  expect(next.known).toEqual({ active: active('VE1') });
  expect(await acquireSendLock(backend, destination)).toEqual({ holderId: next.id, known: { active: active('VE1') } });
});

it('a send makes two calls to the store, and its record expires with what it says', async () => {
  const { calls, backend, active, acquire } = setUp();
  const lock = await acquire();
  expect(lock.id).toMatch(/^[0-9a-f]{12}$/);
  lock.updates.active = active('VE1');
  await releaseSendLock(backend, lock);
  expect(calls).toEqual([
    ['setIfAbsent', 40],
    ['compareAndSet', 600],
  ]);
});

it('a release without updates removes the record', async () => {
  const { backend, acquire } = setUp();
  await releaseSendLock(backend, await acquire());
  expect(await backend.records.destination('contact', contact).get(backend.now())).toBeNull();
});

it('a lock expires after the time of two calls to Twilio; a late release adds its updates, and the next holder keeps the lock', async () => {
  const { clock, backend, active, acquire } = setUp();
  const slow = await acquire();
  clock.now += 40_000;
  const quick = await acquire();
  slow.updates.active = active('VE1');
  await releaseSendLock(backend, slow);
  expect(await peekSendLock(backend, destination)).toEqual({ holderId: quick.id, known: { active: active('VE1') } });
  quick.updates.unconfirmed = { sends: 1, reservationId: 'r', channel: 'sms', until: clock.now + 600_000 };
  await releaseSendLock(backend, quick);
  expect(await peekSendLock(backend, destination)).toEqual({
    known: { active: active('VE1'), unconfirmed: quick.updates.unconfirmed },
  });
});

it('a late release writes its updates even if the record is gone', async () => {
  const { clock, calls, backend, active, acquire } = setUp();
  const slow = await acquire();
  clock.now += 40_000;
  slow.updates.active = active('VE1');
  await releaseSendLock(backend, slow);
  expect(calls.slice(1)).toEqual([['compareAndSet', 600], ['get'], ['setIfAbsent', 600]]);
  expect(await peekSendLock(backend, destination)).toEqual({ known: { active: active('VE1') } });
});

it('the lock of a dead process expires, and what the record said before stays', async () => {
  const { clock, backend, active, acquire } = setUp();
  const first = await acquire();
  first.updates.active = active('VE1');
  first.updates.unconfirmed = { sends: 1, reservationId: 'r', channel: 'sms', until: clock.now + 39_999 };
  await releaseSendLock(backend, first);
  const dead = await acquire();
  expect(dead.known.unconfirmed).toEqual(first.updates.unconfirmed);
  clock.now += 39_999;
  expect(await peekSendLock(backend, destination)).toEqual({
    holderId: dead.id,
    known: { active: first.updates.active },
  });
  clock.now += 1;
  expect(await peekSendLock(backend, destination)).toEqual({ known: { active: first.updates.active } });
  expect((await acquire()).known).toEqual({ active: first.updates.active });
});

it('an expired verification and an expired unconfirmed send are not known', async () => {
  const { clock, backend, active, acquire } = setUp();
  const lock = await acquire();
  lock.updates.active = active('VE1');
  lock.updates.unconfirmed = { sends: 0, reservationId: 'r', channel: 'sms', until: clock.now + 700_000 };
  await releaseSendLock(backend, lock);
  clock.now += 600_000;
  expect((await acquire()).known).toEqual({ unconfirmed: lock.updates.unconfirmed });
});
