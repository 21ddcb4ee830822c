/** Sums over the last hour, to the minute. Pure: the time is handed in. */

const MINUTE = 60_000;
const MINUTES = 60;

/** Sums by label; what is older than an hour is forgotten. */
export class LastHour {
  readonly #minutes = new Map<number, Map<string, number>>();

  /** `now` in milliseconds. */
  add(label: string, amount: number, now: number): void {
    const minute = Math.floor(now / MINUTE);
    const sums = this.#minutes.get(minute) ?? new Map<string, number>();
    sums.set(label, (sums.get(label) ?? 0) + amount);
    this.#minutes.set(minute, sums);
    this.#forget(minute);
  }

  /** Every label of the last hour with its sum. */
  sums(now: number): Map<string, number> {
    this.#forget(Math.floor(now / MINUTE));
    const all = new Map<string, number>();
    for (const sums of this.#minutes.values()) {
      for (const [label, amount] of sums) all.set(label, (all.get(label) ?? 0) + amount);
    }
    return all;
  }

  #forget(minute: number): void {
    for (const old of this.#minutes.keys()) if (old <= minute - MINUTES) this.#minutes.delete(old);
  }
}
