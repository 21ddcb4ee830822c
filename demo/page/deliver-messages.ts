/** Brings messages to the devices on a page: draws them anew when something arrives, and a banner where none of them is in sight. */
import { render, type TemplateResult } from 'lit';
import { banner, isDeviceInSight } from './devices.js';
import { watchOutbox, type OutboxMessage } from './outbox.js';
import { place } from './element-by-id.js';
import { watchElements } from './use-code.js';

/** What stands in each place, by its id, for the messages so far. */
export type Places = Readonly<Record<string, (messages: readonly OutboxMessage[]) => TemplateResult>>;

/** Starts it. */
export function deliver(places: Places): void {
  let messages: readonly OutboxMessage[] = [];
  let shown: OutboxMessage | null = null;
  const draw = () => {
    for (const [id, view] of Object.entries(places)) render(view(messages), place(id));
    render(banner(shown, dismiss), place('notice'));
    for (const list of document.querySelectorAll('.texts')) list.scrollTop = list.scrollHeight;
  };
  const dismiss = () => {
    shown = null;
    draw();
  };
  draw();
  watchElements(draw);
  watchOutbox((all, fresh) => {
    messages = all;
    if (fresh) shown = isDeviceInSight(fresh) ? null : fresh;
    draw();
  });
}
