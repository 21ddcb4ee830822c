/** The messages that the emulator would have delivered. Twilio has no such thing; codes are readable here alone. */

/** A delivered message. What the send did not have is null. */
export interface OutboxMessage {
  to: string;
  /** How it was delivered: `rcs` for an SMS that was upgraded. */
  channel: string;
  code: string;
  text: string;
  /** ISO 8601. */
  at: string;
  /** The service that sent it: two services may send to one number. */
  serviceSid: string;
  /** The service's name, or the send's `CustomFriendlyName`. */
  friendlyName: string;
  verificationSid: string;
  /** The sid of its Attempt (`VL…`). */
  attemptSid: string;
  locale: string;
  /** The template of an SMS or call (`HJ…`), or of an e-mail (`d-…`). */
  templateSid: string | null;
  tags: Record<string, unknown> | null;
  /** What the send wants filled into the template: `TemplateCustomSubstitutions`, or those of `ChannelConfiguration`. */
  substitutions: Record<string, unknown> | null;
  /** The send's `CustomMessage`. */
  customMessage: string | null;
  /** The link in an e-mail, with the code filled in, if the service has a `magicLink`. */
  magicLink: string | null;
}

/** Which messages to list. A message must match all that is given. */
export interface OutboxFilter {
  to?: string;
  channel?: string;
  serviceSid?: string;
  verificationSid?: string;
  /** Milliseconds since 1970: messages from then on. */
  since?: number;
  /** At most so many, the newest. */
  limit?: number;
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

  list(filter: OutboxFilter = {}): OutboxMessage[] {
    return this.#messages
      .filter((message) => matchesFilter(message, filter))
      .toReversed()
      .slice(0, filter.limit);
  }

  latest(to: string, serviceSid?: string): OutboxMessage | undefined {
    const latest = this.#latest.get(to);
    if (serviceSid === undefined || latest?.serviceSid === serviceSid) return latest;
    return this.#messages.findLast((message) => message.to === to && message.serviceSid === serviceSid);
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

/** Whether the message is one of those that the filter selects, but for its `limit`. */
function matchesFilter(message: OutboxMessage, { since, limit: _, ...same }: OutboxFilter): boolean {
  if (since !== undefined && Date.parse(message.at) < since) return false;
  return Object.entries(same).every(
    ([name, value]) => value === undefined || message[name as keyof OutboxMessage] === value,
  );
}
