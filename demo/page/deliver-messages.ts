/** Renders the page's devices when a message arrives, and a banner if no device that shows it is in view. */
import { render, type TemplateResult } from 'lit';
import { banner, isDeviceInView } from './devices.js';
import { watchOutbox, type OutboxMessage } from './outbox.js';
import { elementById } from './element-by-id.js';
import { watchElements } from './use-code.js';

/** Renders the messages so far, by the id of the element that shows them. */
export type Views = Readonly<Record<string, (messages: readonly OutboxMessage[]) => TemplateResult>>;

/** Starts to watch the outbox. */
export function deliverMessages(views: Views): void {
  let messages: readonly OutboxMessage[] = [];
  let shown: OutboxMessage | null = null;
  const draw = () => {
    for (const [id, view] of Object.entries(views)) render(view(messages), elementById(id));
    render(banner(shown, dismiss), elementById('notice'));
    for (const list of document.querySelectorAll('.message-list')) list.scrollTop = list.scrollHeight;
  };
  const dismiss = () => {
    shown = null;
    draw();
  };
  draw();
  watchElements(draw);
  watchOutbox((all, arrived) => {
    messages = all;
    if (arrived) shown = isDeviceInView(arrived) ? null : arrived;
    draw();
  });
}
