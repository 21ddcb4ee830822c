/**
 * The short records of the backend, typed, over a store of strings.
 *
 * | record | time to live |
 * | --- | --- |
 * | destination | until its verification, its unconfirmed send and its send in flight are all over |
 * | failed send | 30 seconds |
 * | line type | a day |
 * | delivery | until its verification is over |
 * | attempt | a day; two minutes once its outcome is final |
 * | check lock | until two minutes after the code expires; removed after a wrong code, unless a check before it went unanswered |
 *
 * A key is a kind and an HMAC. No value holds a contact, a code or a proof. docs/data-retention.md describes the records for
 * operators.
 */
import { z } from 'zod';
import { Channel, DeliveryResult, type Contact } from '../../protocol/schemas.js';
import { problems, type ProblemCode } from '../../protocol/problems.js';
import type { CodeService } from '../options/verify-services.js';
import { StoreError, type Store } from './store.js';

const code = z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]);

/**
 * The active verification of a destination. `firstSentAt` is in milliseconds; `sendId` names the send that wrote it; `starter` is
 * an HMAC of who started it, so that nobody else learns when.
 */
const ActiveVerification = z.strictObject({
  verification: z.string(),
  firstSentAt: z.number(),
  channel: Channel,
  sends: z.int(),
  sendId: z.string(),
  starter: z.string(),
});
export type ActiveVerification = z.infer<typeof ActiveVerification>;

/** A send that Twilio did not answer. `sends` is how many sends Twilio counted before it; `reservationId` is that of the limits. */
const UnconfirmedSend = z.strictObject({
  sends: z.int(),
  reservationId: z.string(),
  channel: Channel,
  until: z.number(),
});
export type UnconfirmedSend = z.infer<typeof UnconfirmedSend>;

/** Everything known of a destination, in one record, so that a start reads it once and writes it once. `sending` is the send in flight. */
const DestinationRecord = z.strictObject({
  active: ActiveVerification.optional(),
  unconfirmed: UnconfirmedSend.optional(),
  sending: z.strictObject({ id: z.string(), until: z.number() }).optional(),
});
export type DestinationRecord = z.infer<typeof DestinationRecord>;

/** The problem of a failed send, for the requests that waited for it. */
const FailedSendRecord = z.strictObject({ problem: code, retryIn: z.int().optional() });
type FailedSendRecord = z.infer<typeof FailedSendRecord>;

/** The line type of a number, in Lookup's word; `invalid` for a number that does not exist. */
const LineTypeRecord = z.strictObject({ type: z.string() });
type LineTypeRecord = z.infer<typeof LineTypeRecord>;

/** What Twilio said of a message, when it was last asked (ms), and how often. */
const DeliveryRecord = z.strictObject({ delivery: DeliveryResult.shape.delivery, at: z.number(), questions: z.int() });
export type DeliveryRecord = z.infer<typeof DeliveryRecord>;

/** An approval. The proof is signed again from `iat` and `jti`. `notified`: the accounts know, or there are none to notify. */
const Approval = z.strictObject({ iat: z.number(), jti: z.string(), notified: z.boolean() });
export type Approval = z.infer<typeof Approval>;

/** A problem, repeated to the same request. Its `retryIn` ends at `until` (ms). */
const Rejection = z.strictObject({ problem: code, attemptsLeft: z.int().optional(), until: z.number().optional() });
export type Rejection = z.infer<typeof Rejection>;

const CheckOutcome = z.union([Approval, Rejection]);
export type CheckOutcome = z.infer<typeof CheckOutcome>;

/**
 * An attempt at a code, by challenge and idempotency key. `code` and `subject` are HMACs of what came with it. `at` (ms) is
 * when a request last began it. `indeterminate`: Twilio or the accounts did not answer that request.
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
 * Which attempt is checking a verification, or has consumed it: the attempt's key and the challenge's id. `indeterminate`:
 * Twilio did not answer that check. `uncontended`: no other attempt before it went unanswered, so that an approval found out
 * later can be this one's.
 */
const CheckLockRecord = z.strictObject({
  attempt: z.string(),
  challenge: z.string(),
  at: z.number(),
  state: z.enum(['checking', 'indeterminate', 'consumed']),
  uncontended: z.boolean(),
});
export type CheckLockRecord = z.infer<typeof CheckLockRecord>;

/** A record as it was read: its parsed value, and the text that `compareAndSet` compares. */
export interface Versioned<T> {
  value: T;
  text: string;
}

/** What reading a record gives after this value was written. */
export function asStored<T>(value: T): Versioned<T> {
  return { value, text: JSON.stringify(value) };
}

/** One kind of record under one key. */
export interface RecordEntry<T> {
  readonly key: string;
  get(now: number): Promise<Versioned<T> | null>;
  set(value: T, ttl: number, now: number): Promise<void>;
  /** Null if there was no record and this one was written; else the record that is there. */
  setIfAbsent(value: T, ttl: number, now: number): Promise<Versioned<T> | null>;
  /** Replaces or (null) removes the record if it still reads as found. */
  compareAndSet(found: Versioned<T>, value: T | null, ttl: number, now: number): Promise<boolean>;
}

/** All kinds of records, each under its name. */
export interface Records {
  /** Twilio's code belongs to a Verify service and a contact. */
  destination(service: CodeService, contact: Contact): RecordEntry<DestinationRecord>;
  failedSend(send: string): RecordEntry<FailedSendRecord>;
  lineType(contact: Contact): RecordEntry<LineTypeRecord>;
  /** What became of a message, by its SID (VL…). */
  delivery(message: string): RecordEntry<DeliveryRecord>;
  attempt(challenge: string, key: string): RecordEntry<AttemptRecord>;
  /** The attempt that a check lock names. */
  attemptOf(lock: CheckLockRecord): RecordEntry<AttemptRecord>;
  checkLock(verification: string): RecordEntry<CheckLockRecord>;
  /** Whether a code of this verification has been approved. */
  isConsumed(verification: string, now: number): Promise<boolean>;
}

/** Times to live in seconds, where they are fixed. */
export const ttl = { failedSend: 30, outcome: 120, attempt: 86_400, lineType: 86_400 };

/** Makes the records of a store. `hash` is the key ring's HMAC. A value that cannot be read rejects with {@link StoreError}, as an unreachable store does. */
export function createRecords(store: Store, hash: (text: string) => string): Records {
  const entry = <T>(schema: z.ZodType<T>, key: string): RecordEntry<T> => new StoredRecord(store, schema, key);
  const named = (kind: string, ...name: string[]): string => `${kind}.${hash(JSON.stringify([kind, ...name]))}`;
  const checkLock = (verification: string) => entry(CheckLockRecord, named('check-lock', 'verification', verification));
  return {
    destination: (service, { type, value }) => entry(DestinationRecord, named('destination', service, type, value)),
    failedSend: (send) => entry(FailedSendRecord, named('failed-send', 'send', send)),
    lineType: ({ type, value }) => entry(LineTypeRecord, named('line-type', 'contact', type, value)),
    delivery: (message) => entry(DeliveryRecord, named('delivery', 'message', message)),
    attempt: (challenge, key) => entry(AttemptRecord, named('attempt', 'attempt', challenge, key)),
    attemptOf: (lock) => entry(AttemptRecord, lock.attempt),
    checkLock,
    async isConsumed(verification, now) {
      return (await checkLock(verification).get(now))?.value.state === 'consumed';
    },
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
