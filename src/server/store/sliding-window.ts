/** One counter as a sliding window over a log of events. Pure: no clock, no store. The Redis scripts implement the same in Lua. */
import { StoreError, type Counter, type CounterStatus } from './store.js';

/** Events of one time: milliseconds, how many, and the member or owner ('' for none). */
type LoggedEvent = [at: number, events: number, who: string];

/** The events of one counter, oldest first. */
export type EventLog = readonly LoggedEvent[];

/** Buckets in a window. Counters with a higher limit round times up to the end of a bucket, so that no log grows much longer. */
export const BUCKETS = 24;

/** The latest time that a `Date` can have. A stored time or count beyond it is corrupt. */
export const MAX_TIME = 8.64e15;

const windowMs = (counter: Counter): number => Math.ceil(counter.window * 1000);
const who = (counter: Counter): string => counter.member ?? counter.owner ?? '';
const hasBackoff = ({ backoff }: Counter): boolean => backoff !== undefined && backoff.length > 0;

/**
 * The time under which an event is logged. It is exact for counters with a small limit or a backoff. In the others it is the
 * end of a bucket: the event counts for up to 1/24 of the window too long (an hour of a day), and never too short.
 */
function loggedTime(counter: Counter, now: number): number {
  if (hasBackoff(counter) || (counter.limit <= BUCKETS && counter.member === undefined)) return now;
  const bucket = Math.ceil(windowMs(counter) / BUCKETS);
  return Math.ceil(now / bucket) * bucket;
}

/** The events that still count. One that is more than a window in the future comes from a broken clock, and must not block anybody for years. */
function withinWindow(log: EventLog, counter: Counter, now: number): EventLog {
  const length = windowMs(counter);
  const counts = (event: LoggedEvent): boolean => Math.abs(now - event[0]) < length;
  // Usually all of them count, and the log need not be copied.
  return log.every(counts) ? log : log.filter(counts);
}

/** Keeps only the last event of each member. */
function distinct(log: EventLog): EventLog {
  if (log.length < 2) return log.map(([at, , member]) => [at, 1, member]);
  const last = new Map<string, LoggedEvent>();
  for (const [at, , member] of log) {
    // Deleted first, so that the new entry comes after the others.
    last.delete(member);
    last.set(member, [at, 1, member]);
  }
  return [...last.values()];
}

/** The status of a counter. It allows an event now exactly if `retryIn` is 0. */
export function statusOf(log: EventLog, counter: Counter, now: number): CounterStatus {
  if (log.length === 0 && counter.limit > 0) return { count: 0, retryIn: 0 };
  const current = withinWindow(log, counter, now);
  const entries = counter.member === undefined ? current : distinct(current);
  let count = 0;
  for (const entry of entries) count += entry[1];
  const isAllowed =
    (count < counter.limit && !hasBackoff(counter)) || entries.some((entry) => entry[2] === counter.member);
  return { count, retryIn: isAllowed ? 0 : Math.ceil((allowedAt(entries, count, counter, now) - now) / 1000) };
}

/** The first moment that allows one more event. The oldest entries leave one after another, and the backoff shrinks with them. */
function allowedAt(entries: EventLog, count: number, { limit, backoff, window }: Counter, now: number): number {
  const length = Math.ceil(window * 1000);
  const newest = entries.at(-1)?.[0] ?? now;
  let remaining = count;
  let from = now;
  for (let i = 0; i <= entries.length; i++) {
    // No destructuring, which would run an iterator for each counter of each request.
    const entry = entries[i];
    const leaves = entry === undefined ? Infinity : entry[0] + length;
    if (remaining < limit) {
      const wait = backoff?.[Math.min(remaining, backoff.length) - 1] ?? 0;
      const opens = wait > 0 ? Math.max(from, newest + wait * 1000) : from;
      if (opens < leaves) return opens;
    }
    if (entry === undefined) break;
    remaining -= entry[1];
    from = leaves;
  }
  return now + length;
}

/** Adds an event at `now`. Events from the future stay in the log: if this clock is the broken one, they count for all others. */
export function add(log: EventLog, counter: Counter, now: number): EventLog {
  const at = loggedTime(counter, now);
  const owner = who(counter);
  const begins = now - windowMs(counter);
  const rest = log.every((event) => event[0] > begins) ? log : log.filter((event) => event[0] > begins);
  if (rest.length === 0) return [[at, 1, owner]];
  const same = rest.find((entry) => entry[0] === at && entry[2] === owner);
  if (same) return rest.map((entry) => (entry === same ? [at, same[1] + 1, owner] : entry));
  const longer: LoggedEvent[] = [...rest, [at, 1, owner]];
  return longer.sort((one, other) => one[0] - other[0]);
}

/** Removes one event that was added at `addedAt`. Returns an equal log if there is none. */
export function remove(log: EventLog, counter: Counter, addedAt: number): EventLog {
  const at = loggedTime(counter, addedAt);
  return log.flatMap((entry): EventLog => {
    if (entry[0] !== at || entry[2] !== who(counter)) return [entry];
    return entry[1] > 1 ? [[at, entry[1] - 1, entry[2]]] : [];
  });
}

/** Removes all events, or those of the counter's owner if it has one. */
export function clear(log: EventLog, counter: Counter): EventLog {
  return counter.owner === undefined ? [] : log.filter((entry) => entry[2] !== counter.owner);
}

/** When the last event leaves the window, in milliseconds. The log may be deleted then. */
export function expires(log: EventLog, counter: Counter): number {
  return (log.at(-1)?.[0] ?? 0) + windowMs(counter);
}

/** Parses a log that `JSON.stringify` wrote. Throws a {@link StoreError} for anything else: an empty log would lift a limit. */
export function parseLog(text: string): EventLog {
  let log: unknown;
  try {
    log = JSON.parse(text);
  } catch (cause) {
    throw new StoreError('A counter in the store cannot be read.', { cause });
  }
  if (!Array.isArray(log) || log.length === 0 || !log.every(isLoggedEvent))
    throw new StoreError('A counter in the store is corrupt.');
  return log;
}

/** Whether a stored value can be a time: whole milliseconds since 1970. */
export function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MAX_TIME;
}

function isLoggedEvent(value: unknown): value is LoggedEvent {
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    isTime(value[0]) &&
    isTime(value[1]) &&
    value[1] > 0 &&
    typeof value[2] === 'string'
  );
}

/** Throws a {@link StoreError} if a clock gives no number. Every event would seem to have expired: all comparisons with NaN are false. */
export function assertClock(now: number): void {
  if (!Number.isFinite(now) || Math.abs(now) > MAX_TIME)
    throw new StoreError('The clock (`now`) does not give a number of milliseconds.');
}
