/** Programmable rate limits: named keys of a service, each with buckets that count sends. */

/** Allows `max` sends in `interval` seconds. */
export interface Bucket {
  readonly sid: string;
  readonly createdAt: number;
  max: number;
  interval: number;
  updatedAt: number;
}

/** A key that an application names in its sends. */
export interface RateLimit {
  readonly sid: string;
  readonly serviceSid: string;
  readonly uniqueName: string;
  readonly createdAt: number;
  readonly buckets: Bucket[];
  description: string | null;
  updatedAt: number;
}

/** The defined limits and their counts, in fixed windows. */
export class RateLimits {
  readonly all = new Map<string, RateLimit>();
  readonly #windows = new Map<string, { count: number; endsAt: number }>();

  clear(): void {
    this.all.clear();
    this.#windows.clear();
  }

  find(serviceSid: string, sidOrName: string): RateLimit | undefined {
    for (const one of this.all.values()) {
      if (one.serviceSid === serviceSid && (one.sid === sidOrName || one.uniqueName === sidOrName)) return one;
    }
    return undefined;
  }

  /** Counts a send in every bucket of the limit for one value. Returns the seconds to wait if a bucket is full, else 0. */
  consume(limit: RateLimit, value: string, now: number): number {
    if (this.#windows.size > 10_000) {
      for (const [key, window] of this.#windows) if (window.endsAt <= now) this.#windows.delete(key);
    }
    let retryAfter = 0;
    for (const bucket of limit.buckets) {
      const key = `${bucket.sid} ${value}`;
      const current = this.#windows.get(key);
      const window = current && current.endsAt > now ? current : { count: 0, endsAt: now + bucket.interval * 1000 };
      window.count += 1;
      this.#windows.set(key, window);
      if (window.count > bucket.max) retryAfter = Math.max(retryAfter, Math.ceil((window.endsAt - now) / 1000));
    }
    return retryAfter;
  }
}
