/** The verifications that Twilio still finds, by sid or by contact. Drops expired and approved ones. */
import { isRetained } from './verification.js';
import type { Verification } from './verification.js';

/** Removes expired verifications each time their number doubles, so memory is bounded by the active ones. */
export class Verifications {
  readonly #bySid = new Map<string, Verification>();
  readonly #byContact = new Map<string, Verification>();
  readonly #key: (serviceSid: string, to: string) => string;
  #sweepAt = 1000;

  constructor(emailCaseSensitive: boolean) {
    this.#key = (serviceSid, to) => `${serviceSid} ${emailCaseSensitive ? to : to.toLowerCase()}`;
  }

  add(verification: Verification, now: number): void {
    if (this.#bySid.size >= this.#sweepAt) this.#sweep(now);
    this.#bySid.set(verification.sid, verification);
    this.#byContact.set(this.#key(verification.serviceSid, verification.to), verification);
  }

  /** Finds one by its sid or, as Twilio allows everywhere, by its destination. */
  find(serviceSid: string, sidOrTo: string, now: number): Verification | undefined {
    const found = this.#bySid.get(sidOrTo) ?? this.#byContact.get(this.#key(serviceSid, sidOrTo));
    return found?.serviceSid === serviceSid && isRetained(found, now) ? found : undefined;
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
  }

  get size(): number {
    return this.#bySid.size;
  }

  #sweep(now: number): void {
    for (const verification of this.#bySid.values()) if (!isRetained(verification, now)) this.drop(verification);
    this.#sweepAt = Math.max(1000, this.#bySid.size * 2);
  }
}
