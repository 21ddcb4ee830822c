/** Wakes at deadlines, and every second on the way to a deadline that is shown. Has no timers of its own: the clock is passed in. */
import type { Clock } from './options.js';

/** Timers stop while a machine sleeps, so a distant deadline is checked this often. It also keeps `setTimeout` from overflowing. */
const MAX_TIMER_MS = 30_000;

export class Countdown {
  readonly #clock: Clock;
  readonly #wake: () => void;
  #timer: unknown;
  #latest = 0;
  #setBack = 0;

  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** `Date.now()`, but it never goes back. If someone set the clock back an hour, a wait of thirty seconds would last an hour. */
  now(): number {
    const now = this.#clock.now() + this.#setBack;
    this.#setBack += Math.max(0, this.#latest - now);
    return (this.#latest = Math.max(now, this.#latest));
  }

  /** Whole seconds until `at`, never negative. */
  secondsUntil(at = 0): number {
    return Math.max(0, Math.ceil((at - this.now()) / 1000));
  }

  /** Wakes once: at the next whole second before any of `shown`, or at `deadline`. Does not wake if all of them are past. */
  scheduleWake(shown: readonly (number | undefined)[], deadline = 0): void {
    this.stop();
    const now = this.now();
    const waits = shown.map((at = 0) => (at > now ? (at - now) % 1000 || 1000 : Infinity));
    const wait = Math.min(...waits, deadline > now ? Math.min(deadline - now, MAX_TIMER_MS) : Infinity);
    if (wait < Infinity) this.#timer = this.#clock.setTimeout(this.#wake, wait);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
  }
}
