/** The verifications that Twilio still finds, by sid or by contact, and a record of the newest of the others. Drops expired and approved ones. */
import { isRetained } from './verification.js';
import type { Verification } from './verification.js';

/** What became of a verification. `expired` is a pending one whose time is over. */
export interface VerificationSummary {
  sid: string;
  serviceSid: string;
  to: string;
  channel: string;
  status: 'pending' | 'approved' | 'canceled' | 'max_attempts_reached' | 'expired';
  code: string;
  /** ISO 8601, like the other times. */
  createdAt: string;
  updatedAt: string;
  expiresAt: string;
  /** How many messages were sent. */
  sends: number;
  wrongCodes: number;
}

/** Removes what is over each time the number doubles, so memory is bounded by the active ones and the limit. */
export class Verifications {
  readonly #bySid = new Map<string, Verification>();
  readonly #byContact = new Map<string, Verification>();
  readonly #key: (serviceSid: string, to: string) => string;
  /** Oldest first. */
  #recorded: Verification[] = [];
  readonly #limit: number;
  #sweepAt = 1000;

  /** `limit` is how many it lists of those that Twilio no longer finds. */
  constructor(emailCaseSensitive: boolean, limit: number) {
    this.#limit = limit;
    this.#key = (serviceSid, to) => `${serviceSid} ${emailCaseSensitive ? to : to.toLowerCase()}`;
  }

  add(verification: Verification, now: number): void {
    if (this.#recorded.length >= this.#sweepAt) this.#sweep(now);
    this.#bySid.set(verification.sid, verification);
    this.#recorded.push(verification);
    this.#byContact.set(this.#key(verification.serviceSid, verification.to), verification);
  }

  /** Finds one by its sid or, as Twilio allows everywhere, by its destination. */
  find(serviceSid: string, sidOrTo: string, now: number): Verification | undefined {
    const found = this.#bySid.get(sidOrTo) ?? this.#byContact.get(this.#key(serviceSid, sidOrTo));
    return found?.serviceSid === serviceSid && isRetained(found, now) ? found : undefined;
  }

  /** Newest first: all that Twilio still finds, and as many of the others as the limit says. */
  list(now: number): VerificationSummary[] {
    return this.#listed(now).map((one) => summary(one, now));
  }

  /** The destination of a verification, or undefined if it is not stored. */
  destination(sid: string): string | undefined {
    return this.#bySid.get(sid)?.to;
  }

  /** Removes one that is approved or expired. */
  drop(verification: Verification): void {
    this.#bySid.delete(verification.sid);
    const key = this.#key(verification.serviceSid, verification.to);
    if (this.#byContact.get(key) === verification) this.#byContact.delete(key);
  }

  clear(): void {
    this.#bySid.clear();
    this.#byContact.clear();
    this.#recorded.length = 0;
  }

  get size(): number {
    return this.#bySid.size;
  }

  #listed(now: number): Verification[] {
    let over = 0;
    return this.#recorded.toReversed().filter((one) => isRetained(one, now) || (over += 1) <= this.#limit);
  }

  #sweep(now: number): void {
    for (const verification of this.#bySid.values()) if (!isRetained(verification, now)) this.drop(verification);
    this.#recorded = this.#listed(now).reverse();
    this.#sweepAt = Math.max(1000, this.#recorded.length * 2);
  }
}

function summary(verification: Verification, now: number): VerificationSummary {
  const { sid, serviceSid, to, channel, code, status, attempts, wrongCodes } = verification;
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    sid,
    serviceSid,
    to,
    channel,
    status: status === 'pending' && now >= verification.expiresAt ? 'expired' : status,
    code,
    createdAt: iso(verification.createdAt),
    updatedAt: iso(verification.updatedAt),
    expiresAt: iso(verification.expiresAt),
    sends: attempts.length,
    wrongCodes,
  };
}
