/** Watches the emulator's outbox by server-sent events. No views. */
import type { OutboxMessage } from '../../src/emulator/index.js';

export type { OutboxMessage };

const path = '/__emulator/outbox';

/** Calls back with all messages, newest first, and with the one that has just arrived. */
export function watchOutbox(
  changed: (messages: readonly OutboxMessage[], arrived: OutboxMessage | null) => void,
): void {
  const refresh = async (arrived: OutboxMessage | null) => {
    const response = await fetch(path).catch(() => null);
    if (response?.ok) changed((await response.json()) as OutboxMessage[], arrived);
  };
  const events = new EventSource(`${path}/events`);
  // Each time the stream opens, the list is fetched too: it has the messages that arrived while the stream was cut.
  events.addEventListener('open', () => void refresh(null));
  events.addEventListener('message', ({ data }) => void refresh(JSON.parse(String(data)) as OutboxMessage));
}
