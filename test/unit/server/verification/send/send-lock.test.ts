/** Whose turn it is to send to a destination, where two requests meet at its record. */
import { expect, it } from 'vitest';
import { memoryStore, type Store } from '../../../../../src/server/index.js';
import type { Order } from '../../../../../src/server/verification/send/verification-state.js';
import type { Parts } from '../../../../../src/server/setup/context.js';
import { recordsOver, type Living } from '../../../../../src/server/store/records.js';
import {
  endTurn,
  forgetLiving,
  seeTurn,
  takeTurn,
  type Turn,
} from '../../../../../src/server/verification/send/send-lock.js';

const contact = { type: 'phone', value: '+14155552671' } as const;
const order = { purpose: 'contact', to: { contact, landline: false } } as unknown as Order;

function meeting() {
  const clock = { now: 1_790_000_000_000 };
  /** What the store was asked, with the seconds that a record was to live. */
  const asked: [string, number?][] = [];
  const store = memoryStore();
  const noting: Store = {
    ...store,
    get: (key, now) => (asked.push(['get']), store.get(key, now)),
    claim: (key, value, ttl, now) => (asked.push(['claim', ttl]), store.claim(key, value, ttl, now)),
    swap: (key, expected, value, ttl, now) => (asked.push(['swap', ttl]), store.swap(key, expected, value, ttl, now)),
  };
  const parts = {
    records: recordsOver(noting, (text) => text),
    callTime: 20_000,
    lifetime: 600_000,
    now: () => clock.now,
  } as unknown as Parts;
  const living = (verification: string): Living => ({
    verification,
    firstSentAt: clock.now,
    channel: 'sms',
    sends: 1,
    by: 'somebody',
  });
  const take = async (): Promise<Turn> => {
    const turn = await takeTurn(parts, order);
    if (!('slot' in turn)) throw new Error('Another has it.');
    return turn;
  };
  return { clock, asked, parts, living, take };
}

it('is one request’s until it ends it, and what was learnt is known to the next', async () => {
  const { parts, living, take } = meeting();
  const turn = await take();
  expect(await takeTurn(parts, order)).toEqual({ other: turn.id, known: {} });
  turn.learnt.living = living('VE1');
  await endTurn(parts, turn);
  expect(await seeTurn(parts, order)).toEqual({ known: { living: living('VE1') } });
  const next = await take();
  expect(next.known).toEqual({ living: living('VE1') });
  expect(await takeTurn(parts, order)).toEqual({ other: next.id, known: { living: living('VE1') } });
});

it('costs two questions to the store, and its record lives no longer than it is of use', async () => {
  const { asked, parts, living, take } = meeting();
  const turn = await take();
  expect(turn.id).toMatch(/^[0-9a-f]{12}$/);
  turn.learnt.living = living('VE1');
  await endTurn(parts, turn);
  expect(asked).toEqual([
    ['claim', 40],
    ['swap', 600],
  ]);
});

it('leaves nothing behind where nothing was learnt', async () => {
  const { parts, take } = meeting();
  await endTurn(parts, await take());
  expect(await parts.records.destination('contact', contact).get(parts.now())).toBeNull();
});

it('is over after two calls to Twilio; what comes back later is added, and the other keeps the turn', async () => {
  const { clock, parts, living, take } = meeting();
  const slow = await take();
  clock.now += 40_000;
  const quick = await take();
  slow.learnt.living = living('VE1');
  await endTurn(parts, slow);
  expect(await seeTurn(parts, order)).toEqual({ other: quick.id, known: { living: living('VE1') } });
  quick.learnt.unsure = { sends: 1, receipt: 'r', channel: 'sms', until: clock.now + 600_000 };
  await endTurn(parts, quick);
  expect(await seeTurn(parts, order)).toEqual({ known: { living: living('VE1'), unsure: quick.learnt.unsure } });
});

it('that comes back later to an empty place is written down as well', async () => {
  const { clock, asked, parts, living, take } = meeting();
  const slow = await take();
  clock.now += 40_000;
  slow.learnt.living = living('VE1');
  await endTurn(parts, slow);
  expect(asked.slice(1)).toEqual([['swap', 600], ['get'], ['claim', 600]]);
  expect(await seeTurn(parts, order)).toEqual({ known: { living: living('VE1') } });
});

it('of a process that died is over after as long, while what was known lives on', async () => {
  const { clock, parts, living, take } = meeting();
  const first = await take();
  first.learnt.living = living('VE1');
  first.learnt.unsure = { sends: 1, receipt: 'r', channel: 'sms', until: clock.now + 39_999 };
  await endTurn(parts, first);
  const dead = await take();
  expect(dead.known.unsure).toEqual(first.learnt.unsure);
  clock.now += 39_999;
  expect(await seeTurn(parts, order)).toEqual({ other: dead.id, known: { living: first.learnt.living } });
  clock.now += 1;
  expect(await seeTurn(parts, order)).toEqual({ known: { living: first.learnt.living } });
  expect((await take()).known).toEqual({ living: first.learnt.living });
});

it('ends where a check was approved meanwhile, and does not bring the spent verification back', async () => {
  const { parts, living, take } = meeting();
  const first = await take();
  first.learnt.living = living('VE1');
  await endTurn(parts, first);
  const second = await take();
  await forgetLiving(parts, 'contact', contact, 'VE1');
  expect(await seeTurn(parts, order)).toEqual({ other: second.id, known: {} });
  await endTurn(parts, second);
  expect(await parts.records.destination('contact', contact).get(parts.now())).toBeNull();
});

it('forgets a verification only if it is the one that lives there', async () => {
  const { clock, parts, living, take } = meeting();
  await forgetLiving(parts, 'contact', contact, 'VE1');
  const unsure = await take();
  unsure.learnt.unsure = { sends: 1, receipt: 'r', channel: 'sms', until: clock.now + 10_000 };
  await endTurn(parts, unsure);
  await forgetLiving(parts, 'contact', contact, 'VE1');
  expect((await seeTurn(parts, order)).known).toEqual(unsure.learnt);
  clock.now += 10_000;
  const turn = await take();
  turn.learnt.living = living('VE2');
  await endTurn(parts, turn);
  await forgetLiving(parts, 'contact', contact, 'VE1');
  expect((await seeTurn(parts, order)).known).toEqual({ living: living('VE2') });
});

it('knows nothing of what is over: a verification, a send without an answer', async () => {
  const { clock, parts, living, take } = meeting();
  const turn = await take();
  turn.learnt.living = living('VE1');
  turn.learnt.unsure = { sends: 0, receipt: 'r', channel: 'sms', until: clock.now + 700_000 };
  await endTurn(parts, turn);
  clock.now += 600_000;
  expect((await take()).known).toEqual({ unsure: turn.learnt.unsure });
});
