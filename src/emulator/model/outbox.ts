/** The messages that the emulator would have delivered. Twilio has no such thing; codes are readable here alone. */

/** A delivered message. */
export interface OutboxMessage {
  to: string;
  channel: string;
  code: string;
  text: string;
  /** ISO 8601. */
  at: string;
}

/** Keeps the newest messages, and finds the latest to a destination without a search. */
export class Outbox {
  readonly #limit: number;
  readonly #messages: OutboxMessage[] = [];
  readonly #latest = new Map<string, OutboxMessage>();
  readonly #listeners = new Set<(message: OutboxMessage) => void>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  deliver(message: OutboxMessage): void {
    this.#messages.push(message);
    this.#latest.set(message.to, message);
    if (this.#messages.length > this.#limit) {
      const oldest = this.#messages.shift();
      if (oldest && this.#latest.get(oldest.to) === oldest) this.#latest.delete(oldest.to);
    }
    for (const listener of this.#listeners) listener(message);
  }

  list(): OutboxMessage[] {
    return this.#messages.toReversed();
  }

  latest(to: string): OutboxMessage | undefined {
    return this.#latest.get(to);
  }

  clear(): void {
    this.#messages.length = 0;
    this.#latest.clear();
  }

  subscribe(listener: (message: OutboxMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
