/** Whose turn it is to send to a destination: of all requests that want to, one has the destination's record in its hands. */
import type { Contact, Purpose } from '../../../protocol/schemas.js';
import { endOf, type Order } from './verification-state.js';
import type { Parts } from '../../setup/context.js';
import { written, type Destination, type Found, type Slot } from '../../store/records.js';

/** What outlives a turn. */
type Known = Omit<Destination, 'sending'>;

/** The turn of the send `id`: what was `known` of the destination when it began, and what was `learnt` since. Both are written down at its end. */
export interface Turn {
  id: string;
  known: Known;
  learnt: Known;
  slot: Slot<Destination>;
  found: Found<Destination>;
}

/** Somebody else's turn: the name of the send under way, and what is known of the destination meanwhile. */
export interface OthersTurn {
  other: string;
  known: Known;
}

/** Takes the turn, or says who has it. Mostly nothing is known of the destination, and that is one question to the store. */
export async function takeTurn(parts: Parts, { purpose, to }: Order): Promise<Turn | OthersTurn> {
  const slot = parts.records.destination(purpose, to.contact);
  // 48 bits tell apart the few that meet at one destination.
  const id = crypto.randomUUID().slice(-12);
  for (;;) {
    const now = parts.now();
    const sending = { id, until: now + 2 * parts.callTime };
    const there = await slot.claim({ sending }, secondsOf(parts, { sending }, now), now);
    if (there === null) return { id, known: {}, learnt: {}, slot, found: written({ sending }) };
    const { sending: other, ...known } = alive(parts, there.value, now);
    if (other) return { other: other.id, known };
    const mine = { ...known, sending };
    if (await replace(parts, slot, there, mine, now)) return { id, known, learnt: {}, slot, found: written(mine) };
  }
}

/** Whose turn it is now, if there is one; takes nothing. */
export async function seeTurn(
  parts: Parts,
  { purpose, to }: Order,
): Promise<Pick<OthersTurn, 'known'> & Partial<OthersTurn>> {
  const now = parts.now();
  const there = await parts.records.destination(purpose, to.contact).get(now);
  const { sending, ...known } = alive(parts, there?.value ?? {}, now);
  return { ...(sending ? { other: sending.id } : {}), known };
}

/** Writes down what is known now, and lets the next one have the turn. */
export async function endTurn(parts: Parts, { id, slot, found, known, learnt }: Turn): Promise<void> {
  const now = parts.now();
  if (await replace(parts, slot, found, alive(parts, { ...known, ...learnt }, now), now)) return;
  // Another has written since: a check that was approved, or the next sender, where this turn was over before its send was.
  for (;;) {
    const there = await slot.get(now);
    if (there === null) {
      if (isEmpty(learnt) || (await slot.claim(learnt, secondsOf(parts, learnt, now), now)) === null) return;
    } else {
      const { sending, ...kept } = there.value;
      const others = sending && sending.id !== id ? { sending } : {};
      if (await replace(parts, slot, there, { ...kept, ...others, ...learnt }, now)) return;
    }
  }
}

/** Forgets a verification that is spent. */
export async function forgetLiving(
  parts: Parts,
  purpose: Purpose,
  contact: Contact,
  verification: string,
): Promise<void> {
  const slot = parts.records.destination(purpose, contact);
  const now = parts.now();
  const there = await slot.get(now);
  if (there?.value.living?.verification !== verification) return;
  const { living: _spent, ...rest } = there.value;
  await replace(parts, slot, there, rest, now);
}

function replace(
  parts: Parts,
  slot: Slot<Destination>,
  there: Found<Destination>,
  next: Destination,
  now: number,
): Promise<boolean> {
  const empty = isEmpty(next) && next.sending === undefined;
  return slot.swap(there, empty ? null : next, secondsOf(parts, next, now), now);
}

/** Without what is over. */
function alive(parts: Parts, { living, unsure, sending }: Destination, now: number): Destination {
  return {
    ...(living && endOf(parts, living) > now ? { living } : {}),
    ...(unsure && unsure.until > now ? { unsure } : {}),
    ...(sending && sending.until > now ? { sending } : {}),
  };
}

/** Seconds until nothing of it is of use. */
function secondsOf(parts: Parts, { living, unsure, sending }: Destination, now: number): number {
  const end = Math.max(living ? endOf(parts, living) : 0, unsure?.until ?? 0, sending?.until ?? 0);
  return Math.max(1, Math.ceil((end - now) / 1000));
}

const isEmpty = (known: Known): boolean => known.living === undefined && known.unsure === undefined;
