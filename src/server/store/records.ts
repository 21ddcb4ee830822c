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
const Living = z.strictObject({
  verification: z.string(),
  firstSentAt: z.number(),
  channel: Channel,
  sends: z.int(),
  by: z.string(),
});
export type Living = z.infer<typeof Living>;

/** A send that got no answer. `sends` is how many Twilio had made before it, and `receipt` names what the limits counted. */
const Unsure = z.strictObject({ sends: z.int(), receipt: z.string(), channel: Channel, until: z.number() });
export type Unsure = z.infer<typeof Unsure>;

/** All that is known of a destination, in one record: a start asks the store for it once, and writes it once. `sending` is the send under way. */
const Destination = z.strictObject({
  living: Living.optional(),
  unsure: Unsure.optional(),
  sending: z.strictObject({ id: z.string(), until: z.number() }).optional(),
});
export type Destination = z.infer<typeof Destination>;

/** A problem as others get to see it who waited for the same send. */
const Ended = z.strictObject({ problem: code, retryIn: z.int().optional() });
export type Ended = z.infer<typeof Ended>;

/** What a look-up said of a number, in Lookup's word; `invalid` for a number that does not exist. */
const Line = z.strictObject({ type: z.string() });
export type Line = z.infer<typeof Line>;

/** What a check was answered: a proof is signed again from `iat` and `jti`, a problem told again. `until` (ms) is where its `retryIn` ends. */
const CheckAnswer = z.union([
  z.strictObject({ iat: z.number(), jti: z.string(), told: z.boolean() }),
  z.strictObject({ problem: code, attemptsLeft: z.int().optional(), until: z.number().optional() }),
]);
export type CheckAnswer = z.infer<typeof CheckAnswer>;

/**
 * The claim of a check by its idempotency key. `code` and `subject` are HMACs of what came with it; `at` (ms) is when it
 * last went to Twilio; `lost` says that Twilio, or the accounts, gave no answer then.
 */
const Claim = z.strictObject({
  code: z.string(),
  subject: z.string(),
  at: z.number(),
  lost: z.boolean(),
  answer: CheckAnswer.optional(),
});
export type Claim = z.infer<typeof Claim>;

/**
 * Who spent a verification, or whose check of it is under way: the claim's key and the challenge's id. `lost`: that check
 * got no answer. `sole`: no other check before it got none either, so that an approval found out later can be this one's.
 */
const Holder = z.strictObject({
  claim: z.string(),
  challenge: z.string(),
  at: z.number(),
  lost: z.boolean(),
  sole: z.boolean(),
});
export type Holder = z.infer<typeof Holder>;

/** One record: its parsed value, with the text that `swap` compares. */
export interface Found<T> {
  value: T;
  text: string;
}

/** A record as it reads after it was written. */
export function written<T>(value: T): Found<T> {
  return { value, text: JSON.stringify(value) };
}

/** One kind of record under one key. */
export interface Slot<T> {
  readonly key: string;
  get(now: number): Promise<Found<T> | null>;
  put(value: T, ttl: number, now: number): Promise<void>;
  /** Null if it was free and is ours now; else what is there. */
  claim(value: T, ttl: number, now: number): Promise<Found<T> | null>;
  /** Writes or (null) removes it, while it still reads as it was found. */
  swap(found: Found<T>, value: T | null, ttl: number, now: number): Promise<boolean>;
}

/** All kinds of records, each by what names it. */
export interface Records {
  destination(purpose: Purpose, contact: Contact): Slot<Destination>;
  ended(send: string): Slot<Ended>;
  line(contact: Contact): Slot<Line>;
  claim(challenge: string, key: string): Slot<Claim>;
  /** The claim that a holder names. */
  claimOf(holder: Holder): Slot<Claim>;
  checking(verification: string): Slot<Holder>;
  used(verification: string): Slot<Holder>;
}

/** Seconds. */
export const ttl = { ended: 30, answer: 120, claim: 86_400, line: 86_400 };

/** Makes the records of a store; `hash` is the key ring's. A value that cannot be read rejects with {@link StoreError}, as a store out of reach does. */
export function recordsOver(store: Store, hash: (text: string) => string): Records {
  const slot = <T>(schema: z.ZodType<T>, key: string): Slot<T> => new RecordSlot(store, schema, key);
  const named = (kind: string, ...name: string[]): string => `${kind}.${hash(JSON.stringify([kind, ...name]))}`;
  return {
    destination: (purpose, { type, value }) => slot(Destination, named('destination', purpose, type, value)),
    ended: (send) => slot(Ended, named('ended', 'send', send)),
    line: ({ type, value }) => slot(Line, named('line', 'contact', type, value)),
    claim: (challenge, key) => slot(Claim, named('claim', 'claim', challenge, key)),
    claimOf: (holder) => slot(Claim, holder.claim),
    checking: (verification) => slot(Holder, named('checking', 'verification', verification)),
    used: (verification) => slot(Holder, named('used', 'verification', verification)),
  };
}

class RecordSlot<T> implements Slot<T> {
  readonly key: string;
  readonly #store: Store;
  readonly #schema: z.ZodType<T>;

  constructor(store: Store, schema: z.ZodType<T>, key: string) {
    this.#store = store;
    this.#schema = schema;
    this.key = key;
  }

  async get(now: number): Promise<Found<T> | null> {
    return this.#read(await this.#store.get(this.key, now));
  }

  put(value: T, seconds: number, now: number): Promise<void> {
    return this.#store.put(this.key, JSON.stringify(value), seconds, now);
  }

  async claim(value: T, seconds: number, now: number): Promise<Found<T> | null> {
    return this.#read(await this.#store.claim(this.key, JSON.stringify(value), seconds, now));
  }

  swap(found: Found<T>, value: T | null, seconds: number, now: number): Promise<boolean> {
    return this.#store.swap(this.key, found.text, value === null ? null : JSON.stringify(value), seconds, now);
  }

  #read(text: string | null): Found<T> | null {
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
