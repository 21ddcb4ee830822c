/** What the emulator has delivered, kept up to date by server-sent events. No view. */
import type { OutboxMessage } from '../../src/emulator/index.js';

export type { OutboxMessage };

const path = '/__emulator/outbox';

/** Calls back with all messages, the newest first, and with the one that has just come. */
export function watchOutbox(changed: (messages: readonly OutboxMessage[], fresh: OutboxMessage | null) => void): void {
  const refresh = async (fresh: OutboxMessage | null) => {
    const response = await fetch(path).catch(() => null);
    if (response?.ok) changed((await response.json()) as OutboxMessage[], fresh);
  };
  const events = new EventSource(`${path}/events`);
  // Fetched anew at each opening as well: what arrived while the stream was cut is in the list.
  events.addEventListener('open', () => void refresh(null));
  events.addEventListener('message', ({ data }) => void refresh(JSON.parse(String(data)) as OutboxMessage));
}
