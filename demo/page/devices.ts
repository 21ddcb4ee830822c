/** A phone and a mailbox that show each message as the emulator delivers it: for reading a code as a person would. */
import { html, nothing, render } from 'lit';
import type { OutboxMessage } from '../../src/emulator/index.js';

const outbox = '/__emulator/outbox';

/** Draws into `root`, and draws again whenever something arrives. */
export function startDevices(root: HTMLElement): void {
  let messages: OutboxMessage[] = [];
  let unseen: OutboxMessage | null = null;
  const draw = () => render(view(messages, unseen, dismiss), root);
  const dismiss = () => {
    unseen = null;
    draw();
  };
  const refresh = async () => {
    const response = await fetch(outbox).catch(() => null);
    if (!response?.ok) return;
    messages = (await response.json()) as OutboxMessage[];
    draw();
  };
  draw();
  const events = new EventSource(`${outbox}/events`);
  // Fetched anew at each opening as well: what arrived while the stream was cut is in the list.
  events.addEventListener('open', () => void refresh());
  events.addEventListener('message', ({ data }) => {
    unseen = JSON.parse(String(data)) as OutboxMessage;
    void refresh();
  });
}

/** What stands there where the real Twilio sends. */
export function showRealDevices(root: HTMLElement): void {
  render(
    html`<div class="real">
      <h2>Your own phone and mailbox</h2>
      <p>The real Twilio sends in this run: look for the code where you asked for it.</p>
    </div>`,
    root,
  );
}

function view(messages: readonly OutboxMessage[], unseen: OutboxMessage | null, dismiss: () => void) {
  const mail = messages.filter(({ channel }) => channel === 'email');
  const phone = messages.filter(({ channel }) => channel !== 'email');
  return html`
    <section class="phone" aria-labelledby="phone-title">
      <div class="speaker" aria-hidden="true"></div>
      <h2 id="phone-title">Messages</h2>
      <ol class="texts" role="log" aria-labelledby="phone-title">
        ${phone.length === 0 ? html`<li class="quiet">No messages yet</li>` : phone.map(text)}
      </ol>
    </section>
    <section class="mailbox" aria-labelledby="mail-title">
      <h2 id="mail-title">Inbox</h2>
      <ol class="mails" role="log" aria-labelledby="mail-title">
        ${mail.length === 0 ? html`<li class="quiet">No mail yet</li>` : mail.map(letter)}
      </ol>
    </section>
    ${
      unseen
        ? html`<div class="notice">
            <div><b>${kinds[unseen.channel] ?? unseen.channel}</b> <bdi>${unseen.to}</bdi><br />${marked(unseen)}</div>
            <button type="button" aria-label="Dismiss" @click=${dismiss}>×</button>
          </div>`
        : nothing
    }
  `;
}

const kinds: Record<string, string> = { sms: 'Text', call: 'Call', whatsapp: 'WhatsApp', email: 'E-mail' };

function text(message: OutboxMessage) {
  return html`
    <li class=${message.channel}>
      <small
        ><span>${kinds[message.channel] ?? message.channel} to <bdi>${message.to}</bdi></span> ${when(message)}</small
      >
      <p>${marked(message)}</p>
    </li>
  `;
}

function letter(message: OutboxMessage) {
  return html`
    <li>
      <small
        ><span>To <bdi>${message.to}</bdi></span> ${when(message)}</small
      >
      <p>${marked(message)}</p>
    </li>
  `;
}

function when({ at }: OutboxMessage) {
  return html`<time datetime=${at}>${new Date(at).toLocaleTimeString('en-GB')}</time>`;
}

/** The text with its code made to stand out, as phones do. */
function marked({ text: words, code }: OutboxMessage) {
  const [before, ...after] = code === '' ? [words] : words.split(code);
  return after.length === 0 ? words : html`${before}<mark>${code}</mark>${after.join(code)}`;
}
