/** One counter as a sliding window over a log of events. Pure: no clock, no store. The Redis script says the same in Lua. */
import { StoreError, type Counter, type CounterStatus } from './store.js';

/** When, how many, and whose: the member or the mark, '' for nobody's. */
export type LoggedEvent = [at: number, events: number, who: string];

/** The events of one counter, oldest first; times in milliseconds. */
export type EventLog = readonly LoggedEvent[];

/** Counters with a higher limit round times up to this many slots a window, so that no log grows much longer than this. */
export const SLOTS = 24;

const span = (counter: Counter): number => Math.ceil(counter.window * 1000);
const who = (counter: Counter): string => counter.member ?? counter.owner ?? '';
const hasWaits = ({ backoff }: Counter): boolean => backoff !== undefined && backoff.length > 0;

/**
 * The time under which an event at `now` is written. Small counters and those with waits are exact; in the others events share
 * slots and count until the slot's end has left the window: longer by 1/24 of it at most (an hour of a day), and never shorter.
 */
function slotTime(counter: Counter, now: number): number {
  if (hasWaits(counter) || (counter.limit <= SLOTS && counter.member === undefined)) return now;
  const slot = Math.ceil(span(counter) / SLOTS);
  return Math.ceil(now / slot) * slot;
}

/** What still counts. An event further ahead than a whole window comes from a broken clock, and must not lock a door for years. */
function withinWindow(log: EventLog, counter: Counter, now: number): EventLog {
  const length = span(counter);
  const counts = (entry: LoggedEvent): boolean => Math.abs(now - entry[0]) < length;
  // Mostly all of them do, and a log that nobody changes need not be made again.
  return log.every(counts) ? log : log.filter(counts);
}

/** Of several events of one member only the last counts. */
function distinct(log: EventLog): EventLog {
  if (log.length < 2) return log.map(([at, , member]) => [at, 1, member]);
  const last = new Map<string, LoggedEvent>();
  for (const [at, , member] of log) {
    // Taken out first, so that it stands behind the others.
    last.delete(member);
    last.set(member, [at, 1, member]);
  }
  return [...last.values()];
}

/** How a counter stands. It admits an event now exactly when `retryIn` is 0. */
export function statusOf(log: EventLog, counter: Counter, now: number): CounterStatus {
  if (log.length === 0 && counter.limit > 0) return { count: 0, retryIn: 0 };
  const alive = withinWindow(log, counter, now);
  const entries = counter.member === undefined ? alive : distinct(alive);
  let count = 0;
  for (const entry of entries) count += entry[1];
  const admits = (count < counter.limit && !hasWaits(counter)) || entries.some((entry) => entry[2] === counter.member);
  return { count, retryIn: admits ? 0 : Math.ceil((opensAt(entries, count, counter, now) - now) / 1000) };
}

/** The first moment that admits one more, while the oldest entries leave one after another and the waits shrink with them. */
function opensAt(entries: EventLog, count: number, { limit, backoff, window }: Counter, now: number): number {
  const length = Math.ceil(window * 1000);
  const newest = entries.at(-1)?.[0] ?? now;
  let left = count;
  let from = now;
  for (let i = 0; i <= entries.length; i++) {
    // No destructuring: it would walk through an iterator, for each counter of each request.
    const entry = entries[i];
    const leaves = entry === undefined ? Infinity : entry[0] + length;
    if (left < limit) {
      const wait = backoff?.[Math.min(left, backoff.length) - 1] ?? 0;
      const opens = wait > 0 ? Math.max(from, newest + wait * 1000) : from;
      if (opens < leaves) return opens;
    }
    if (entry === undefined) break;
    left -= entry[1];
    from = leaves;
  }
  return now + length;
}

/** The log with one more event. */
export function add(log: EventLog, counter: Counter, now: number): EventLog {
  const at = slotTime(counter, now);
  const whose = who(counter);
  const rest = withinWindow(log, counter, now);
  if (rest.length === 0) return [[at, 1, whose]];
  const same = rest.find((entry) => entry[0] === at && entry[2] === whose);
  if (same) return rest.map((entry) => (entry === same ? [at, same[1] + 1, whose] : entry));
  const longer: LoggedEvent[] = [...rest, [at, 1, whose]];
  return longer.sort((one, other) => one[0] - other[0]);
}

/** The log without one event that was taken at `takenAt`; unchanged if it is not there. */
export function remove(log: EventLog, counter: Counter, takenAt: number): EventLog {
  const at = slotTime(counter, takenAt);
  return log.flatMap((entry): EventLog => {
    if (entry[0] !== at || entry[2] !== who(counter)) return [entry];
    return entry[1] > 1 ? [[at, entry[1] - 1, entry[2]]] : [];
  });
}

/** The log without the events that `clear` forgets. */
export function clear(log: EventLog, counter: Counter): EventLog {
  return counter.owner === undefined ? [] : log.filter((entry) => entry[2] !== counter.owner);
}

/** When the last event leaves the window, in milliseconds: the log may be thrown away then. */
export function expires(log: EventLog, counter: Counter): number {
  return (log.at(-1)?.[0] ?? 0) + span(counter);
}

/** Reads a log as it was written by `JSON.stringify`; anything else is a {@link StoreError}, never an empty log. */
export function parseLog(text: string): EventLog {
  let log: unknown;
  try {
    log = JSON.parse(text);
  } catch (cause) {
    throw new StoreError('A counter in the store cannot be read.', { cause });
  }
  if (!Array.isArray(log) || log.length === 0 || !log.every(isEntry))
    throw new StoreError('A counter in the store is corrupt.');
  return log;
}

function isEntry(value: unknown): value is LoggedEvent {
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    Number.isSafeInteger(value[0]) &&
    Number.isSafeInteger(value[1]) &&
    value[1] > 0 &&
    typeof value[2] === 'string'
  );
}
