/** Random operations on every store, compared with a simple model that keeps a list of all events. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Counter, CounterStatus, Store } from '../../../../src/server/store/store.js';
import { kinds } from '../../../support/stores.js';

interface Event {
  key: string;
  at: number;
  who: string;
  reservation: number;
}

/** The reference model: a list of events. It finds `retryIn` by trying every second. */
class Model {
  events: Event[] = [];

  count(c: Counter, now: number): number {
    const current = this.#inWindow(c, now);
    return c.member === undefined ? current.length : new Set(current.map(({ who }) => who)).size;
  }

  allows(c: Counter, now: number): boolean {
    const current = this.#inWindow(c, now);
    if (c.member !== undefined && current.some(({ who }) => who === c.member)) return true;
    const count = this.count(c, now);
    const wait = count > 0 && c.backoff ? (c.backoff[Math.min(count, c.backoff.length) - 1] ?? 0) : 0;
    return count < c.limit && (wait === 0 || current.every(({ at }) => now >= at + wait * 1000));
  }

  statusOf(c: Counter, now: number): CounterStatus {
    for (let retryIn = 0; ; retryIn++)
      if (this.allows(c, now + retryIn * 1000)) return { count: this.count(c, now), retryIn };
  }

  reserve(counters: readonly Counter[], now: number, reservation: number): boolean {
    if (!counters.every((c) => this.statusOf(c, now).retryIn <= (c.observed ?? 0))) return false;
    for (const c of counters) if (c.observed === undefined) this.events.push({ ...this.#event(c, now), reservation });
    return true;
  }

  /** Removes one event per counter: the reservation's own or, if that was cleared, another of the same time and owner. */
  refund(counters: readonly Counter[], reservedAt: number, reservation: number): void {
    for (const c of counters) {
      if (c.observed !== undefined) continue;
      const { key, at, who } = this.#event(c, reservedAt);
      const alike = this.events.filter((one) => one.key === key && one.at === at && one.who === who);
      const gone = alike.find((one) => one.reservation === reservation) ?? alike[0];
      this.events = this.events.filter((one) => one !== gone);
    }
  }

  clear(c: Counter): void {
    if (c.observed !== undefined) return;
    this.events = this.events.filter(({ key, who }) => key !== c.key || (c.owner !== undefined && who !== c.owner));
  }

  #inWindow(c: Counter, now: number): Event[] {
    return this.events.filter(({ key, at }) => key === c.key && at > now - c.window * 1000);
  }

  #event(c: Counter, now: number): Omit<Event, 'reservation'> {
    const bucket = c.member === undefined && (c.backoff || c.limit <= 24) ? 1 : Math.ceil((c.window * 1000) / 24);
    return { key: c.key, at: Math.ceil(now / bucket) * bucket, who: c.member ?? c.owner ?? '' };
  }
}

const shapes: Counter[] = [
  { key: 'exact', limit: 3, window: 100 },
  { key: 'backoff', limit: 6, window: 300, backoff: [0, 10, 40] },
  { key: 'members', limit: 2, window: 200 },
  { key: 'owners', limit: 4, window: 150 },
  { key: 'buckets', limit: 40, window: 64 },
];

type Step =
  | { kind: 'reserve' | 'peek' | 'clear'; counters: Counter[]; pass: number }
  | { kind: 'refund'; which: number; pass: number };

const whose = fc.constantFrom('a', 'b', 'c');
const observed = fc.option(fc.constantFrom(0, 5, 100), { nil: undefined, freq: 4 });
const counter = fc.tuple(fc.constantFrom(...shapes), whose, observed).map(([shape, name, seconds]): Counter => {
  const plain = seconds === undefined ? shape : { ...shape, observed: seconds };
  if (shape.key === 'members') return { ...plain, member: name };
  return shape.key === 'owners' ? { ...plain, owner: name } : plain;
});
const counters = fc.uniqueArray(counter, { minLength: 1, maxLength: 4, selector: ({ key }) => key });
const pass = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 90_000 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('reserve' as const), counters, pass }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('peek' as const), counters, pass }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const), counters, pass }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('refund' as const), which: fc.nat(5), pass }) },
);

/** Runs the steps on a store and on the model. The latest reservations can be refunded. */
async function walk(store: Store, steps: readonly Step[]): Promise<void> {
  const model = new Model();
  const reservations: { counters: Counter[]; reservationId: string; id: number; at: number }[] = [];
  let now = Date.UTC(2026, 0, 1);
  for (const [id, one] of steps.entries()) {
    now += one.pass;
    if (one.kind === 'refund') {
      const reserved = reservations[one.which];
      if (!reserved || now >= reserved.at + 300_000) continue;
      await store.refund(reserved.counters, reserved.reservationId, now);
      model.refund(reserved.counters, reserved.at, reserved.id);
      reservations.splice(one.which, 1);
    } else if (one.kind === 'reserve') {
      const { granted, statuses, reservationId } = await store.reserve(one.counters, now);
      expect(granted).toBe(model.reserve(one.counters, now, id));
      expect(statuses).toEqual(one.counters.map((c) => model.statusOf(c, now)));
      if (granted) reservations.unshift({ counters: one.counters, reservationId, id, at: now });
    } else if (one.kind === 'peek') {
      expect(await store.peek(one.counters, now)).toEqual(one.counters.map((c) => model.statusOf(c, now)));
    } else {
      await store.clear(one.counters, now);
      one.counters.forEach((c) => model.clear(c));
    }
  }
}

describe.each(kinds())('$name', (kind) => {
  beforeAll(() => (kind.skip ? undefined : kind.start()));
  afterAll(() => (kind.skip ? undefined : kind.stop()));
  const check = kind.skip ? it.skip : it;

  check('does what a list of all events would do, in any order of operations', async () => {
    const walks = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const store = kind.open();
      await walk(store, steps).finally(() => store.close());
    });
    await fc.assert(walks, { numRuns: kind.name === 'memory' ? 300 : 100 });
  });

  check('admits no more than the limit in any window, however large and however the events fall', async () => {
    const limit = 60;
    const window = 100;
    const falls = fc.asyncProperty(fc.array(fc.nat(3000), { minLength: 100, maxLength: 300 }), async (gaps) => {
      const store = kind.open();
      let now = Date.UTC(2026, 0, 1);
      const times = gaps.map((gap) => (now += gap));
      const answers = await Promise.all(times.map((at) => store.reserve([{ key: 'all', limit, window }], at)));
      await store.close();
      const admitted = times.filter((_, i) => answers[i]?.granted);
      const most = Math.max(
        ...admitted.map((at) => admitted.filter((one) => one > at - window * 1000 && one <= at).length),
      );
      expect(most).toBeLessThanOrEqual(limit);
    });
    await fc.assert(falls, { numRuns: 20 });
  });
});
