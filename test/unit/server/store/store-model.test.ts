/** Any order of operations, on all three stores at once, against a model that keeps every event and looks at all of them. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Counter, CounterStatus, Store } from '../../../../src/server/store/store.js';
import { kinds } from '../../../support/stores.js';

interface Event {
  key: string;
  at: number;
  who: string;
  receipt: number;
}

/** The reference: a list of events. It finds `retryIn` by trying every second. */
class Model {
  events: Event[] = [];

  count(c: Counter, now: number): number {
    const alive = this.#alive(c, now);
    return c.member === undefined ? alive.length : new Set(alive.map(({ who }) => who)).size;
  }

  admits(c: Counter, now: number): boolean {
    const alive = this.#alive(c, now);
    if (c.member !== undefined && alive.some(({ who }) => who === c.member)) return true;
    const count = this.count(c, now);
    const wait = count > 0 && c.backoff ? (c.backoff[Math.min(count, c.backoff.length) - 1] ?? 0) : 0;
    return count < c.limit && (wait === 0 || alive.every(({ at }) => now >= at + wait * 1000));
  }

  standing(c: Counter, now: number): CounterStatus {
    for (let retryIn = 0; ; retryIn++)
      if (this.admits(c, now + retryIn * 1000)) return { count: this.count(c, now), retryIn };
  }

  take(counters: readonly Counter[], now: number, receipt: number): boolean {
    if (!counters.every((c) => this.admits(c, now))) return false;
    for (const c of counters) this.events.push({ ...this.#event(c, now), receipt });
    return true;
  }

  /** One event of each counter: the taking's own, or where that was cleared since another of the same moment and name. */
  giveBack(counters: readonly Counter[], takenAt: number, receipt: number): void {
    for (const c of counters) {
      const { key, at, who } = this.#event(c, takenAt);
      const alike = this.events.filter((one) => one.key === key && one.at === at && one.who === who);
      const gone = alike.find((one) => one.receipt === receipt) ?? alike[0];
      this.events = this.events.filter((one) => one !== gone);
    }
  }

  clear(c: Counter): void {
    this.events = this.events.filter(({ key, who }) => key !== c.key || (c.owner !== undefined && who !== c.owner));
  }

  #alive(c: Counter, now: number): Event[] {
    return this.events.filter(({ key, at }) => key === c.key && at > now - c.window * 1000);
  }

  #event(c: Counter, now: number): Omit<Event, 'receipt'> {
    const slot = c.member === undefined && (c.backoff || c.limit <= 24) ? 1 : Math.ceil((c.window * 1000) / 24);
    return { key: c.key, at: Math.ceil(now / slot) * slot, who: c.member ?? c.owner ?? '' };
  }
}

const shapes: Counter[] = [
  { key: 'exact', limit: 3, window: 100 },
  { key: 'waits', limit: 6, window: 300, backoff: [0, 10, 40] },
  { key: 'members', limit: 2, window: 200 },
  { key: 'marks', limit: 4, window: 150 },
  { key: 'slots', limit: 40, window: 64 },
];

type Step =
  | { kind: 'take' | 'peek' | 'clear'; counters: Counter[]; pass: number }
  | { kind: 'giveBack'; which: number; pass: number };

const counter = fc.tuple(fc.constantFrom(...shapes), fc.constantFrom('a', 'b', 'c')).map(([shape, name]): Counter => {
  if (shape.key === 'members') return { ...shape, member: name };
  return shape.key === 'marks' ? { ...shape, owner: name } : shape;
});
const counters = fc.uniqueArray(counter, { minLength: 1, maxLength: 4, selector: ({ key }) => key });
const pass = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 90_000 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('take' as const), counters, pass }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('peek' as const), counters, pass }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const), counters, pass }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('giveBack' as const), which: fc.nat(5), pass }) },
);

/** Walks one store and the model side by side; the receipts of the last takings can be given back. */
async function walk(store: Store, steps: readonly Step[]): Promise<void> {
  const model = new Model();
  const takings: { counters: Counter[]; receipt: string; id: number; at: number }[] = [];
  let now = Date.UTC(2026, 0, 1);
  for (const [id, one] of steps.entries()) {
    now += one.pass;
    if (one.kind === 'giveBack') {
      const taking = takings[one.which];
      if (!taking || now >= taking.at + 300_000) continue;
      await store.refund(taking.counters, taking.receipt, now);
      model.giveBack(taking.counters, taking.at, taking.id);
      takings.splice(one.which, 1);
    } else if (one.kind === 'take') {
      const { granted, statuses, reservationId } = await store.reserve(one.counters, now);
      expect(granted).toBe(model.take(one.counters, now, id));
      expect(statuses).toEqual(one.counters.map((c) => model.standing(c, now)));
      if (granted) takings.unshift({ counters: one.counters, receipt: reservationId, id, at: now });
    } else if (one.kind === 'peek') {
      expect(await store.peek(one.counters, now)).toEqual(one.counters.map((c) => model.standing(c, now)));
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
