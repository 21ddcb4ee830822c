/** A phone and a mailbox, drawn, that show each message as the emulator delivers it and offer its code. Views only. */
import { html, nothing, type TemplateResult } from 'lit';
import type { OutboxMessage } from './outbox.js';
import { isCodeAwaited, useCode } from './use-code.js';

const kinds: Record<string, string> = { sms: 'Text message', call: 'Call', whatsapp: 'WhatsApp', email: 'E-mail' };

/** The phone; the newest message is at the bottom, where the thumb is. `id` tells two phones on one page apart. */
export function phone(id: string, messages: readonly OutboxMessage[]): TemplateResult {
  const texts = messages.filter(({ channel }) => channel !== 'email').slice(0, 6);
  const newest = texts[0];
  return html`
    <div class="phone" role="group" data-device="phone" aria-labelledby=${id}>
      <div class="island" aria-hidden="true"></div>
      <p class="title" id=${id}>Messages</p>
      <div class="texts" role="log" aria-labelledby=${id} tabindex="0">
        <ol>
          ${texts.toReversed().map(
            (message) => html`
              <li class=${message.channel} data-at=${message.at}>
                <small><span>${kinds[message.channel] ?? message.channel}</span> ${when(message)}</small>
                <p>${marked(message)}</p>
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

/** The mailbox; the newest mail is on top. */
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
                <small><bdi>${message.to}</bdi> ${when(message)}</small>
                <p>${marked(message)}</p>
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

/** What slides in from above where no device that would show it is on the screen. */
export function banner(message: OutboxMessage | null, dismiss: () => void): TemplateResult | typeof nothing {
  if (!message) return nothing;
  const use = () => {
    useCode(message.code);
    dismiss();
  };
  return html`
    <div class="banner">
      <small>${kinds[message.channel] ?? message.channel} to <bdi>${message.to}</bdi></small>
      <p>${marked(message)}</p>
      <div>
        ${isCodeAwaited(message.channel) ? html`<button type="button" class="use" @click=${use}>Use this code</button>` : nothing}
        <button type="button" class="dismiss" @click=${dismiss}>Dismiss</button>
      </div>
    </div>
  `;
}

/** Whether somebody at the page sees where this message arrives. */
export function isDeviceInSight({ channel }: OutboxMessage): boolean {
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

function when({ at }: OutboxMessage): TemplateResult {
  return html`<time datetime=${at}>${new Date(at).toLocaleTimeString('en-GB').slice(0, 5)}</time>`;
}

/** The text with its code made to stand out, as phones do. */
function marked({ text: words, code }: OutboxMessage): TemplateResult | string {
  const [before, ...after] = code === '' ? [words] : words.split(code);
  return after.length === 0 ? words : html`${before}<mark>${code}</mark>${after.join(code)}`;
}
