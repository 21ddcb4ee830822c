/** Whose turn it is to send to a destination, where two requests meet at its record. */
import { expect, it } from 'vitest';
import { memoryStore, type Store } from '../../../../../src/server/index.js';
import type { SendRequest } from '../../../../../src/server/verification/send/verification-state.js';
import type { BackendContext } from '../../../../../src/server/setup/context.js';
import { createRecords, type ActiveVerification } from '../../../../../src/server/store/records.js';
import {
  releaseSendLock,
  clearActiveVerification,
  peekSendLock,
  acquireSendLock,
  type SendLock,
} from '../../../../../src/server/verification/send/send-lock.js';

const contact = { type: 'phone', value: '+14155552671' } as const;
const order = { purpose: 'contact', to: { contact, landline: false } } as unknown as SendRequest;

function meeting() {
  const clock = { now: 1_790_000_000_000 };
  /** What the store was asked, with the seconds that a record was to live. */
  const asked: [string, number?][] = [];
  const store = memoryStore();
  const noting: Store = {
    ...store,
    get: (key, now) => (asked.push(['get']), store.get(key, now)),
    setIfAbsent: (key, value, ttl, now) => (asked.push(['setIfAbsent', ttl]), store.setIfAbsent(key, value, ttl, now)),
    compareAndSet: (key, expected, value, ttl, now) => (
      asked.push(['compareAndSet', ttl]),
      store.compareAndSet(key, expected, value, ttl, now)
    ),
  };
  const backend = {
    records: createRecords(noting, (text) => text),
    callDeadlineMs: 20_000,
    codeLifetimeMs: 600_000,
    now: () => clock.now,
  } as unknown as BackendContext;
  const active = (verification: string): ActiveVerification => ({
    verification,
    firstSentAt: clock.now,
    channel: 'sms',
    sends: 1,
    sendId: 'somebody',
  });
  const take = async (): Promise<SendLock> => {
    const turn = await acquireSendLock(backend, order);
    if (!('entry' in turn)) throw new Error('Another has it.');
    return turn;
  };
  return { clock, asked, backend, active, take };
}

it('is one request’s until it ends it, and what was learnt is known to the next', async () => {
  const { backend, active, take } = meeting();
  const turn = await take();
  expect(await acquireSendLock(backend, order)).toEqual({ holderId: turn.id, known: {} });
  turn.updates.active = active('VE1');
  await releaseSendLock(backend, turn);
  expect(await peekSendLock(backend, order)).toEqual({ known: { active: active('VE1') } });
  const next = await take();
  expect(next.known).toEqual({ active: active('VE1') });
  expect(await acquireSendLock(backend, order)).toEqual({ holderId: next.id, known: { active: active('VE1') } });
});

it('costs two questions to the store, and its record lives no longer than it is of use', async () => {
  const { asked, backend, active, take } = meeting();
  const turn = await take();
  expect(turn.id).toMatch(/^[0-9a-f]{12}$/);
  turn.updates.active = active('VE1');
  await releaseSendLock(backend, turn);
  expect(asked).toEqual([
    ['setIfAbsent', 40],
    ['compareAndSet', 600],
  ]);
});

it('leaves nothing behind where nothing was learnt', async () => {
  const { backend, take } = meeting();
  await releaseSendLock(backend, await take());
  expect(await backend.records.destination('contact', contact).get(backend.now())).toBeNull();
});

it('is over after two calls to Twilio; what comes back later is added, and the other keeps the turn', async () => {
  const { clock, backend, active, take } = meeting();
  const slow = await take();
  clock.now += 40_000;
  const quick = await take();
  slow.updates.active = active('VE1');
  await releaseSendLock(backend, slow);
  expect(await peekSendLock(backend, order)).toEqual({ holderId: quick.id, known: { active: active('VE1') } });
  quick.updates.unconfirmed = { sends: 1, reservationId: 'r', channel: 'sms', until: clock.now + 600_000 };
  await releaseSendLock(backend, quick);
  expect(await peekSendLock(backend, order)).toEqual({
    known: { active: active('VE1'), unconfirmed: quick.updates.unconfirmed },
  });
});

it('that comes back later to an empty place is written down as well', async () => {
  const { clock, asked, backend, active, take } = meeting();
  const slow = await take();
  clock.now += 40_000;
  slow.updates.active = active('VE1');
  await releaseSendLock(backend, slow);
  expect(asked.slice(1)).toEqual([['compareAndSet', 600], ['get'], ['setIfAbsent', 600]]);
  expect(await peekSendLock(backend, order)).toEqual({ known: { active: active('VE1') } });
});

it('of a process that died is over after as long, while what was known lives on', async () => {
  const { clock, backend, active, take } = meeting();
  const first = await take();
  first.updates.active = active('VE1');
  first.updates.unconfirmed = { sends: 1, reservationId: 'r', channel: 'sms', until: clock.now + 39_999 };
  await releaseSendLock(backend, first);
  const dead = await take();
  expect(dead.known.unconfirmed).toEqual(first.updates.unconfirmed);
  clock.now += 39_999;
  expect(await peekSendLock(backend, order)).toEqual({ holderId: dead.id, known: { active: first.updates.active } });
  clock.now += 1;
  expect(await peekSendLock(backend, order)).toEqual({ known: { active: first.updates.active } });
  expect((await take()).known).toEqual({ active: first.updates.active });
});

it('ends where a check was approved meanwhile, and does not bring the spent verification back', async () => {
  const { backend, active, take } = meeting();
  const first = await take();
  first.updates.active = active('VE1');
  await releaseSendLock(backend, first);
  const second = await take();
  await clearActiveVerification(backend, 'contact', contact, 'VE1');
  expect(await peekSendLock(backend, order)).toEqual({ holderId: second.id, known: {} });
  await releaseSendLock(backend, second);
  expect(await backend.records.destination('contact', contact).get(backend.now())).toBeNull();
});

it('forgets a verification only if it is the one that lives there', async () => {
  const { clock, backend, active, take } = meeting();
  await clearActiveVerification(backend, 'contact', contact, 'VE1');
  const unconfirmed = await take();
  unconfirmed.updates.unconfirmed = { sends: 1, reservationId: 'r', channel: 'sms', until: clock.now + 10_000 };
  await releaseSendLock(backend, unconfirmed);
  await clearActiveVerification(backend, 'contact', contact, 'VE1');
  expect((await peekSendLock(backend, order)).known).toEqual(unconfirmed.updates);
  clock.now += 10_000;
  const turn = await take();
  turn.updates.active = active('VE2');
  await releaseSendLock(backend, turn);
  await clearActiveVerification(backend, 'contact', contact, 'VE1');
  expect((await peekSendLock(backend, order)).known).toEqual({ active: active('VE2') });
});

it('knows nothing of what is over: a verification, a send without an answer', async () => {
  const { clock, backend, active, take } = meeting();
  const turn = await take();
  turn.updates.active = active('VE1');
  turn.updates.unconfirmed = { sends: 0, reservationId: 'r', channel: 'sms', until: clock.now + 700_000 };
  await releaseSendLock(backend, turn);
  clock.now += 600_000;
  expect((await take()).known).toEqual({ unconfirmed: turn.updates.unconfirmed });
});
