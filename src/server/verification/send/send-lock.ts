/** Whose turn it is to send to a destination: of all requests that want to, one has the destination's record in its hands. */
import type { Contact, Purpose } from '../../../protocol/schemas.js';
import { expiresAt, type SendRequest } from './verification-state.js';
import type { BackendContext } from '../../setup/context.js';
import { asStored, type DestinationRecord, type Versioned, type RecordEntry } from '../../store/records.js';

/** What outlives a turn. */
type Known = Omit<DestinationRecord, 'sending'>;

/** The turn of the send `id`: what was `known` of the destination when it began, and what was `learnt` since. Both are written down at its end. */
export interface SendLock {
  id: string;
  known: Known;
  updates: Known;
  entry: RecordEntry<DestinationRecord>;
  found: Versioned<DestinationRecord>;
}

/** Somebody else's turn: the name of the send under way, and what is known of the destination meanwhile. */
export interface HeldByOther {
  holderId: string;
  known: Known;
}

/** Takes the turn, or says who has it. Mostly nothing is known of the destination, and that is one question to the store. */
export async function acquireSendLock(
  backend: BackendContext,
  { purpose, to }: SendRequest,
): Promise<SendLock | HeldByOther> {
  const entry = backend.records.destination(purpose, to.contact);
  // 48 bits tell apart the few that meet at one destination.
  const id = crypto.randomUUID().slice(-12);
  for (;;) {
    const now = backend.now();
    const sending = { id, until: now + 2 * backend.callDeadlineMs };
    const there = await entry.setIfAbsent({ sending }, secondsOf(backend, { sending }, now), now);
    if (there === null) return { id, known: {}, updates: {}, entry, found: asStored({ sending }) };
    const { sending: other, ...known } = withoutExpired(backend, there.value, now);
    if (other) return { holderId: other.id, known };
    const mine = { ...known, sending };
    if (await replace(backend, entry, there, mine, now))
      return { id, known, updates: {}, entry, found: asStored(mine) };
  }
}

/** Whose turn it is now, if there is one; takes nothing. */
export async function peekSendLock(
  backend: BackendContext,
  { purpose, to }: SendRequest,
): Promise<Pick<HeldByOther, 'known'> & Partial<HeldByOther>> {
  const now = backend.now();
  const there = await backend.records.destination(purpose, to.contact).get(now);
  const { sending, ...known } = withoutExpired(backend, there?.value ?? {}, now);
  return { ...(sending ? { holderId: sending.id } : {}), known };
}

/** Writes down what is known now, and lets the next one have the turn. */
export async function releaseSendLock(
  backend: BackendContext,
  { id, entry, found, known, updates }: SendLock,
): Promise<void> {
  const now = backend.now();
  if (await replace(backend, entry, found, withoutExpired(backend, { ...known, ...updates }, now), now)) return;
  // Another has written since: a check that was approved, or the next sender, where this turn was over before its send was.
  for (;;) {
    const there = await entry.get(now);
    if (there === null) {
      if (isEmpty(updates) || (await entry.setIfAbsent(updates, secondsOf(backend, updates, now), now)) === null)
        return;
    } else {
      const { sending, ...kept } = there.value;
      const others = sending && sending.id !== id ? { sending } : {};
      if (await replace(backend, entry, there, { ...kept, ...others, ...updates }, now)) return;
    }
  }
}

/** Forgets a verification that is spent. */
export async function clearActiveVerification(
  backend: BackendContext,
  purpose: Purpose,
  contact: Contact,
  verification: string,
): Promise<void> {
  const entry = backend.records.destination(purpose, contact);
  const now = backend.now();
  const there = await entry.get(now);
  if (there?.value.active?.verification !== verification) return;
  const { active: _spent, ...rest } = there.value;
  await replace(backend, entry, there, rest, now);
}

function replace(
  backend: BackendContext,
  entry: RecordEntry<DestinationRecord>,
  there: Versioned<DestinationRecord>,
  next: DestinationRecord,
  now: number,
): Promise<boolean> {
  const empty = isEmpty(next) && next.sending === undefined;
  return entry.compareAndSet(there, empty ? null : next, secondsOf(backend, next, now), now);
}

/** Without what is over. */
function withoutExpired(
  backend: BackendContext,
  { active, unconfirmed, sending }: DestinationRecord,
  now: number,
): DestinationRecord {
  return {
    ...(active && expiresAt(backend, active) > now ? { active } : {}),
    ...(unconfirmed && unconfirmed.until > now ? { unconfirmed } : {}),
    ...(sending && sending.until > now ? { sending } : {}),
  };
}

/** Seconds until nothing of it is of use. */
function secondsOf(backend: BackendContext, { active, unconfirmed, sending }: DestinationRecord, now: number): number {
  const end = Math.max(active ? expiresAt(backend, active) : 0, unconfirmed?.until ?? 0, sending?.until ?? 0);
  return Math.max(1, Math.ceil((end - now) / 1000));
}

const isEmpty = (known: Known): boolean => known.active === undefined && known.unconfirmed === undefined;
