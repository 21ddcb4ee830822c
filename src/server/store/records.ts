/**
 * The short records of the backend, typed, over a store of strings. Keys are a kind and an HMAC; no value holds a contact, a code or a proof.
 * Times to live: a destination as long as the longest of what it holds, which is a verification or a send without an answer, as
 * long as Twilio's verification, and a send in flight, as long as two calls to Twilio may take; how that ended 30 s; a check whose
 * end is unknown, and a used verification, until the challenges have expired; the claim of a check two minutes once it is answered, a day while an approval waits to be told to the accounts; the
 * line type of a number a day. docs/data-retention.md says the same to those who run it.
 */
import { z } from 'zod';
import { Channel, type Contact, type Purpose } from '../../protocol/schemas.js';
import { problems, type ProblemCode } from '../../protocol/problems.js';
import { StoreError, type Store } from './store.js';

const code = z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]);

/** The verification that lives at a destination; times in milliseconds. `by` names the send that wrote it. */
const ActiveVerification = z.strictObject({
  verification: z.string(),
  firstSentAt: z.number(),
  channel: Channel,
  sends: z.int(),
  sendId: z.string(),
});
export type ActiveVerification = z.infer<typeof ActiveVerification>;

/** A send that got no answer. `sends` is how many Twilio had made before it, and `receipt` names what the limits counted. */
const UnconfirmedSend = z.strictObject({
  sends: z.int(),
  reservationId: z.string(),
  channel: Channel,
  until: z.number(),
});
export type UnconfirmedSend = z.infer<typeof UnconfirmedSend>;

/** All that is known of a destination, in one record: a start asks the store for it once, and writes it once. `sending` is the send under way. */
const DestinationRecord = z.strictObject({
  active: ActiveVerification.optional(),
  unconfirmed: UnconfirmedSend.optional(),
  sending: z.strictObject({ id: z.string(), until: z.number() }).optional(),
});
export type DestinationRecord = z.infer<typeof DestinationRecord>;

/** A problem as others get to see it who waited for the same send. */
const FailedSendRecord = z.strictObject({ problem: code, retryIn: z.int().optional() });
export type FailedSendRecord = z.infer<typeof FailedSendRecord>;

/** What a look-up said of a number, in Lookup's word; `invalid` for a number that does not exist. */
const LineTypeRecord = z.strictObject({ type: z.string() });
export type LineTypeRecord = z.infer<typeof LineTypeRecord>;

/** What a check was answered: a proof is signed again from `iat` and `jti`, a problem told again. `until` (ms) is where its `retryIn` ends. */
const CheckOutcome = z.union([
  z.strictObject({ iat: z.number(), jti: z.string(), notified: z.boolean() }),
  z.strictObject({ problem: code, attemptsLeft: z.int().optional(), until: z.number().optional() }),
]);
export type CheckOutcome = z.infer<typeof CheckOutcome>;

/**
 * The claim of a check by its idempotency key. `code` and `subject` are HMACs of what came with it; `at` (ms) is when it
 * last went to Twilio; `lost` says that Twilio, or the accounts, gave no answer then.
 */
const AttemptRecord = z.strictObject({
  code: z.string(),
  subject: z.string(),
  at: z.number(),
  indeterminate: z.boolean(),
  outcome: CheckOutcome.optional(),
});
export type AttemptRecord = z.infer<typeof AttemptRecord>;

/**
 * Who spent a verification, or whose check of it is under way: the claim's key and the challenge's id. `lost`: that check
 * got no answer. `sole`: no other check before it got none either, so that an approval found out later can be this one's.
 */
const CheckLockRecord = z.strictObject({
  attempt: z.string(),
  challenge: z.string(),
  at: z.number(),
  indeterminate: z.boolean(),
  uncontended: z.boolean(),
});
export type CheckLockRecord = z.infer<typeof CheckLockRecord>;

/** One record: its parsed value, with the text that `swap` compares. */
export interface Versioned<T> {
  value: T;
  text: string;
}

/** A record as it reads after it was written. */
export function asStored<T>(value: T): Versioned<T> {
  return { value, text: JSON.stringify(value) };
}

/** One kind of record under one key. */
export interface RecordEntry<T> {
  readonly key: string;
  get(now: number): Promise<Versioned<T> | null>;
  set(value: T, ttl: number, now: number): Promise<void>;
  /** Null if it was free and is ours now; else what is there. */
  setIfAbsent(value: T, ttl: number, now: number): Promise<Versioned<T> | null>;
  /** Writes or (null) removes it, while it still reads as it was found. */
  compareAndSet(found: Versioned<T>, value: T | null, ttl: number, now: number): Promise<boolean>;
}

/** All kinds of records, each by what names it. */
export interface Records {
  destination(purpose: Purpose, contact: Contact): RecordEntry<DestinationRecord>;
  failedSend(send: string): RecordEntry<FailedSendRecord>;
  lineType(contact: Contact): RecordEntry<LineTypeRecord>;
  attempt(challenge: string, key: string): RecordEntry<AttemptRecord>;
  /** The claim that a holder names. */
  attemptOf(holder: CheckLockRecord): RecordEntry<AttemptRecord>;
  checkLock(verification: string): RecordEntry<CheckLockRecord>;
  consumed(verification: string): RecordEntry<CheckLockRecord>;
}

/** Seconds. */
export const ttl = { failedSend: 30, outcome: 120, attempt: 86_400, lineType: 86_400 };

/** Makes the records of a store; `hash` is the key ring's. A value that cannot be read rejects with {@link StoreError}, as a store out of reach does. */
export function createRecords(store: Store, hash: (text: string) => string): Records {
  const entry = <T>(schema: z.ZodType<T>, key: string): RecordEntry<T> => new StoredRecord(store, schema, key);
  const named = (kind: string, ...name: string[]): string => `${kind}.${hash(JSON.stringify([kind, ...name]))}`;
  return {
    destination: (purpose, { type, value }) => entry(DestinationRecord, named('destination', purpose, type, value)),
    failedSend: (send) => entry(FailedSendRecord, named('failed-send', 'send', send)),
    lineType: ({ type, value }) => entry(LineTypeRecord, named('line-type', 'contact', type, value)),
    attempt: (challenge, key) => entry(AttemptRecord, named('attempt', 'attempt', challenge, key)),
    attemptOf: (holder) => entry(AttemptRecord, holder.attempt),
    checkLock: (verification) => entry(CheckLockRecord, named('check-lock', 'verification', verification)),
    consumed: (verification) => entry(CheckLockRecord, named('consumed', 'verification', verification)),
  };
}

class StoredRecord<T> implements RecordEntry<T> {
  readonly key: string;
  readonly #store: Store;
  readonly #schema: z.ZodType<T>;

  constructor(store: Store, schema: z.ZodType<T>, key: string) {
    this.#store = store;
    this.#schema = schema;
    this.key = key;
  }

  async get(now: number): Promise<Versioned<T> | null> {
    return this.#read(await this.#store.get(this.key, now));
  }

  set(value: T, seconds: number, now: number): Promise<void> {
    return this.#store.set(this.key, JSON.stringify(value), seconds, now);
  }

  async setIfAbsent(value: T, seconds: number, now: number): Promise<Versioned<T> | null> {
    return this.#read(await this.#store.setIfAbsent(this.key, JSON.stringify(value), seconds, now));
  }

  compareAndSet(found: Versioned<T>, value: T | null, seconds: number, now: number): Promise<boolean> {
    return this.#store.compareAndSet(this.key, found.text, value === null ? null : JSON.stringify(value), seconds, now);
  }

  #read(text: string | null): Versioned<T> | null {
    return text === null ? null : { value: parse(this.#schema, text), text };
  }
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new StoreError('A record cannot be read.');
  }
}
