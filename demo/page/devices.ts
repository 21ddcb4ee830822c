/** A phone and a mailbox that show each message of the emulator and offer its code. Views only. */
import { html, nothing, type TemplateResult } from 'lit';
import type { OutboxMessage } from './outbox.js';
import { isCodeAwaited, useCode } from './use-code.js';

const channelNames: Record<string, string> = {
  sms: 'Text message',
  call: 'Call',
  whatsapp: 'WhatsApp',
  email: 'E-mail',
};

/** The phone, with the newest message at the bottom. `id` distinguishes two phones on one page. */
export function phone(id: string, messages: readonly OutboxMessage[]): TemplateResult {
  const phoneMessages = messages.filter(({ channel }) => channel !== 'email').slice(0, 6);
  const newest = phoneMessages[0];
  return html`
    <div class="phone" role="group" data-device="phone" aria-labelledby=${id}>
      <div class="island" aria-hidden="true"></div>
      <p class="title" id=${id}>Messages</p>
      <div class="message-list" role="log" aria-labelledby=${id} tabindex="0">
        <ol>
          ${phoneMessages.toReversed().map(
            (message) => html`
              <li class=${message.channel} data-at=${message.at}>
                <small><span>${channelNames[message.channel] ?? message.channel}</span> ${timeOf(message)}</small>
                <p>${withCodeMarked(message)}</p>
              </li>
            `,
          )}
        </ol>
      </div>
      ${newest ? nothing : html`<p class="empty">The code will arrive here.</p>`}
      <div class="suggestion">${suggestion(newest)}</div>
    </div>
  `;
}

/** The mailbox, with the newest mail at the top. */
export function mailbox(id: string, messages: readonly OutboxMessage[]): TemplateResult {
  const mails = messages.filter(({ channel }) => channel === 'email').slice(0, 5);
  return html`
    <div class="mailbox" role="group" data-device="mailbox" aria-labelledby=${id}>
      <p class="title" id=${id}>Inbox</p>
      <div class="mails" role="log" aria-labelledby=${id} tabindex="0">
        <ol>
          ${mails.map(
            (message, index) => html`
              <li data-at=${message.at}>
                <small><bdi>${message.to}</bdi> ${timeOf(message)}</small>
                <p>${withCodeMarked(message)}</p>
                ${index === 0 ? suggestion(message) : nothing}
              </li>
            `,
          )}
        </ol>
      </div>
      ${mails.length === 0 ? html`<p class="empty">No mail yet.</p>` : nothing}
    </div>
  `;
}

/** A banner at the top of the page, for a message whose device is out of view. */
export function banner(message: OutboxMessage | null, dismiss: () => void): TemplateResult | typeof nothing {
  if (!message) return nothing;
  const use = () => {
    useCode(message.code);
    dismiss();
  };
  return html`
    <div class="banner">
      <small>${channelNames[message.channel] ?? message.channel} to <bdi>${message.to}</bdi></small>
      <p>${withCodeMarked(message)}</p>
      <div>
        ${isCodeAwaited(message.channel) ? html`<button type="button" class="use" @click=${use}>Use this code</button>` : nothing}
        <button type="button" class="dismiss" @click=${dismiss}>Dismiss</button>
      </div>
    </div>
  `;
}

/** Whether the device that shows this message is in view. */
export function isDeviceInView({ channel }: OutboxMessage): boolean {
  const devices = document.querySelectorAll(`[data-device=${channel === 'email' ? 'mailbox' : 'phone'}]`);
  return [...devices].some((device) => {
    const { top, bottom, height } = device.getBoundingClientRect();
    return Math.min(bottom, innerHeight) - Math.max(top, 0) > height * 0.6;
  });
}

function suggestion(message: OutboxMessage | undefined): TemplateResult | typeof nothing {
  if (!message?.code || !isCodeAwaited(message.channel)) return nothing;
  return html`<button type="button" class="use" @click=${() => useCode(message.code)}>Use this code</button>`;
}

function timeOf({ at }: OutboxMessage): TemplateResult {
  return html`<time datetime=${at}>${new Date(at).toLocaleTimeString('en-GB').slice(0, 5)}</time>`;
}

/** The text with its code highlighted, as phones do. */
function withCodeMarked({ text, code }: OutboxMessage): TemplateResult | string {
  const [before, ...after] = code === '' ? [text] : text.split(code);
  return after.length === 0 ? text : html`${before}<mark>${code}</mark>${after.join(code)}`;
}
