/** A lock per destination: only one request at a time may send to it. */
import type { LimitSubject } from '../../limits/rate-limits.js';
import type { BackendContext } from '../../setup/context.js';
import { asStored, type DestinationRecord, type RecordEntry, type Versioned } from '../../store/records.js';
import { verifyServiceOf } from '../verify-service.js';
import { expiresAt } from './verification-state.js';

type LockContext = Pick<BackendContext, 'records' | 'now' | 'codeLifetimeMs' | 'callDeadlineMs'>;
type Lifetime = Pick<BackendContext, 'codeLifetimeMs'>;

/** What the record holds besides the lock. */
type Known = Omit<DestinationRecord, 'sending'>;

/** A lock that this request holds. Its release writes `known` and then `updates` into the record. */
export interface SendLock {
  id: string;
  /** What the record said when the lock was acquired. */
  known: Known;
  /** What the send has changed since. */
  updates: Known;
  entry: RecordEntry<DestinationRecord>;
  found: Versioned<DestinationRecord>;
}

/** A lock that another send holds. */
export interface LockedByOther {
  holderId: string;
  known: Known;
}

/** Acquires the lock, or says who holds it. Most destinations have no record yet: then this is one call to the store. */
export async function acquireSendLock(
  context: LockContext,
  limitSubject: Pick<LimitSubject, 'purpose' | 'contact' | 'longCode' | 'test'>,
): Promise<SendLock | LockedByOther> {
  const entry = context.records.destination(verifyServiceOf(limitSubject), limitSubject.contact);
  // 48 bits are enough to tell apart the few sends that meet at one destination.
  const id = crypto.randomUUID().slice(-12);
  for (;;) {
    const now = context.now();
    const sending = { id, until: now + 2 * context.callDeadlineMs };
    const there = await entry.setIfAbsent({ sending }, ttlOf(context, { sending }, now), now);
    if (there === null) return { id, known: {}, updates: {}, entry, found: asStored({ sending }) };
    const { sending: other, ...known } = withoutExpired(context, there.value, now);
    if (other) return { holderId: other.id, known };
    const own = { ...known, sending };
    if (await replace(context, entry, there, own, now)) return { id, known, updates: {}, entry, found: asStored(own) };
  }
}

/** Says who holds the lock, if anyone does, without acquiring it. */
export async function peekSendLock(
  context: Pick<LockContext, 'records' | 'now' | 'codeLifetimeMs'>,
  limitSubject: Pick<LimitSubject, 'purpose' | 'contact' | 'longCode' | 'test'>,
): Promise<{ holderId?: string; known: Known }> {
  const now = context.now();
  const there = await context.records.destination(verifyServiceOf(limitSubject), limitSubject.contact).get(now);
  const { sending, ...known } = withoutExpired(context, there?.value ?? {}, now);
  return { ...(sending ? { holderId: sending.id } : {}), known };
}

/** Writes down what the send has changed, and releases the lock. */
export async function releaseSendLock(
  context: Pick<LockContext, 'now' | 'codeLifetimeMs'>,
  { id, entry, found, known, updates }: SendLock,
): Promise<void> {
  const now = context.now();
  if (await replace(context, entry, found, withoutExpired(context, { ...known, ...updates }, now), now)) return;
  // The record has changed: this lock expired, and another send acquired it.
  for (;;) {
    const there = await entry.get(now);
    if (there === null) {
      if (isEmpty(updates) || (await entry.setIfAbsent(updates, ttlOf(context, updates, now), now)) === null) return;
    } else {
      const { sending, ...kept } = there.value;
      const others = sending && sending.id !== id ? { sending } : {};
      if (await replace(context, entry, there, { ...kept, ...others, ...updates }, now)) return;
    }
  }
}

function replace(
  lifetime: Lifetime,
  entry: RecordEntry<DestinationRecord>,
  there: Versioned<DestinationRecord>,
  next: DestinationRecord,
  now: number,
): Promise<boolean> {
  const empty = isEmpty(next) && next.sending === undefined;
  return entry.compareAndSet(there, empty ? null : next, ttlOf(lifetime, next, now), now);
}

function withoutExpired(
  lifetime: Lifetime,
  { active, unconfirmed, sending }: DestinationRecord,
  now: number,
): DestinationRecord {
  return {
    ...(active && expiresAt(lifetime, active) > now ? { active } : {}),
    ...(unconfirmed && unconfirmed.until > now ? { unconfirmed } : {}),
    ...(sending && sending.until > now ? { sending } : {}),
  };
}

/** Seconds until every part of the record has expired. */
function ttlOf(lifetime: Lifetime, { active, unconfirmed, sending }: DestinationRecord, now: number): number {
  const end = Math.max(active ? expiresAt(lifetime, active) : 0, unconfirmed?.until ?? 0, sending?.until ?? 0);
  return Math.max(1, Math.ceil((end - now) / 1000));
}

const isEmpty = (known: Known): boolean => known.active === undefined && known.unconfirmed === undefined;
