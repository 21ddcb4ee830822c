/** What both elements do around their steps: form value, states, announcements, focus, common events. Draws nothing. */
import type { ReactiveController } from 'lit';
import { FlowController } from '../../flow/flow-controller.js';
import { httpClient, type Client, type HttpClientOptions } from '../../flow/http-client.js';
import type { FlowOptions } from '../../flow/options.js';
import type { SentChallenge, Step, FlowProblem } from '../../flow/state-machine.js';
import type { Channel, Purpose } from '../../protocol/schemas.js';
import { CodeSentEvent, ProblemEvent, StepChangeEvent } from '../events/events.js';
import { problemText, currentCodeStep, announcementFor, type Announcement } from './announcements.js';
import { LocalizeController, type LocalizedHost } from './localize-controller.js';

/** What a page may set on either element. */
export interface HostElement extends LocalizedHost {
  endpoint: string;
  name: string;
  required: boolean;
  context: string | null;
  channels: string | null;
  token: string | null;
  client: Client | null;
  getToken: HttpClientOptions['getToken'];
  extra: Record<string, unknown> | null;
}

export class FormControlController implements ReactiveController {
  readonly flow: FlowController;
  readonly localize: LocalizeController;
  readonly internals: ElementInternals;
  /** What the live region holds. */
  liveMessage = '';
  /** What is shown of it, as long as the step stays. */
  statusMessage: Announcement | null = null;
  /** By its own attribute or by a fieldset. */
  disabled = false;
  /** What somebody typed into the field that a server had drawn, before the element woke up in it. */
  restoredText: string;
  readonly #host: HostElement;
  readonly #client: Client;
  readonly #changed: (step: Step) => void;
  /** The present step comes from something that the person did here; then focus may follow. */
  #userInitiated = false;
  #moveFocus = false;
  #opened = false;
  #waiting: SentChallenge | null = null;
  #custom = '';
  #receiving: AbortController | undefined;
  /** What was asked for last: by a press, else by being seen. */
  #lastAction = () => this.flow.send();
  /** Where a request got no answer for want of a network, and what the field held by then. */
  #offlineRetry: { readonly step: Step; readonly text: string | undefined } | undefined;

  constructor(host: HostElement, purpose: Purpose, changed: (step: Step) => void, entry?: () => FlowOptions['entry']) {
    this.#host = host;
    this.#changed = changed;
    this.internals = host.attachInternals();
    this.restoredText = host.shadowRoot?.querySelector('input')?.value ?? '';
    this.#userInitiated = !!host.shadowRoot?.activeElement;
    this.localize = new LocalizeController(host);
    this.#client = httpClient(host);
    this.flow = new FlowController(
      {
        requestUpdate: () => host.requestUpdate(),
        addController: (controller) => host.addController(controller),
        stepChanged: (step, before) => this.#stepChanged(step, before),
      },
      () => ({
        purpose,
        client: host.client ?? this.#client,
        storageKey: JSON.stringify([host.localName, host.endpoint, host.name || host.id, host.context]),
        entry: entry?.(),
        channels: this.channels,
        context: host.context ?? undefined,
        locale: this.localize.pageLanguage.slice(0, 35) || undefined,
        extra: host.extra ?? undefined,
      }),
    );
    host.addController(this);
  }

  /** The channels that the page allows, the best first; undefined for all. */
  get channels(): readonly Channel[] | undefined {
    return this.#host.channels?.match(/\w+/g) as Channel[] | undefined;
  }

  /** The proof, while it lives. */
  get value(): string | null {
    const { step } = this.flow;
    return step.name === 'verified' ? step.result.proof : null;
  }

  get problem(): FlowProblem | null {
    const { step } = this.flow;
    return 'problem' in step ? step.problem : null;
  }

  /** Whether an answer is awaited. */
  get busy(): boolean {
    return 'previous' in this.flow.step;
  }

  /** Does what a person asked for with a press; a step that comes of it may take the focus along. */
  userAction(act: () => void): void {
    if (this.busy || this.disabled) return;
    const { step } = this.flow;
    this.#userInitiated = true;
    this.#lastAction = act;
    act();
    this.#userInitiated &&= step !== this.flow.step;
  }

  announce(text: string): void {
    // A live region that gets the same text again stays silent.
    this.liveMessage = text && text === this.liveMessage ? `${text}\u00a0` : text;
    this.#host.requestUpdate();
  }

  setCustomValidity(message: string): void {
    this.#custom = message;
    this.#validate();
  }

  /** A problem in localize; how long to wait is shown apart, where it counts down. */
  problemText(problem: FlowProblem): string {
    const { step } = this.flow;
    const asked = step.name === 'contact' ? step.entry.type : '';
    return problemText(this.localize, problem, asked, currentCodeStep(step)?.sent.challenge.codeLength);
  }

  hostConnected(): void {
    addEventListener('online', this.#online);
  }

  hostUpdate(): void {
    const { step, resendIn, expiresIn } = this.flow;
    if (step.name !== 'code') return;
    if (this.#waiting === step.sent && !resendIn && expiresIn) this.announce(this.localize.text('resend-ready'));
    this.#waiting = resendIn ? step.sent : null;
  }

  hostUpdated(): void {
    this.#validate();
    if (!this.#moveFocus) return;
    this.#moveFocus = false;
    const { activeElement } = this.#host.getRootNode() as Document | ShadowRoot;
    // Somebody who has gone on elsewhere in the page meanwhile stays there.
    if (activeElement && activeElement !== this.#host && activeElement !== document.body) return;
    // To the field, with a mistake selected for typing over; without a field to the message, so that focus is not lost.
    (this.#input ?? this.#host.shadowRoot!.querySelector<HTMLElement>('[part~=message]'))?.focus();
    if (this.problem) this.#input?.select();
  }

  hostDisconnected(): void {
    removeEventListener('online', this.#online);
    this.#receiving?.abort();
  }

  /** Goes on where the network was lost, unless the person has changed anything since. */
  readonly #online = () => {
    if (this.#offlineRetry?.step === this.flow.step && this.#offlineRetry.text === this.#input?.value)
      this.userAction(this.#lastAction);
  };

  get #input(): HTMLInputElement | null {
    return this.#host.shadowRoot!.querySelector('input');
  }

  #stepChanged(step: Step, before: Step): void {
    const { problem, localize } = this;
    const news = announcementFor(step, before);
    this.statusMessage = news && /^code-(sent$|hint)/.test(news.key) ? null : news;
    if (problem) this.announce([this.problemText(problem), ...this.#wait(problem)].join(' '));
    else if (news) this.announce(localize.text(news.key, news.values));
    if (!this.busy && (step.name !== before.name || problem)) {
      this.#moveFocus = this.#userInitiated || (!this.#opened && this.#host.autofocus);
      this.#userInitiated = false;
      this.#opened = step.name !== 'starting';
    }
    if (problem?.code === 'unreachable') this.#offlineRetry = { step, text: this.#input?.value };
    this.#listenForSmsCode();
    this.internals.states.clear();
    this.internals.states.add(step.name);
    // A proof for the form and no state beside it: the browser would keep the proof itself in the session's history.
    this.internals.setFormValue(this.value, '');
    this.#validate();
    this.#dispatchEvents(step, before);
  }

  #dispatchEvents(step: Step, before: Step): void {
    const { name } = step;
    const fire = (event: Event) => this.#host.dispatchEvent(event);
    if (name !== before.name) fire(new StepChangeEvent(name, before.name));
    if (this.problem) fire(new ProblemEvent(this.problem));
    else if (name === 'code' && 'previous' in before && currentCodeStep(before)?.sent !== step.sent) {
      const { channel, to } = step.sent.challenge;
      fire(new CodeSentEvent(channel, to, before.name === 'resending'));
    }
    this.#changed(step);
    if ((name === 'verified') !== (before.name === 'verified')) fire(new Event('change', { bubbles: true }));
  }

  #wait({ retryIn }: FlowProblem): string[] {
    return retryIn ? [this.localize.text('retry-wait', { when: retryIn })] : [];
  }

  /** Listens for the text message while the code step shows, and only then. */
  #listenForSmsCode(): void {
    this.#receiving?.abort();
    const { step } = this.flow;
    if (!('OTPCredential' in globalThis) || step.name !== 'code' || step.sent.challenge.channel !== 'sms') return;
    const { signal } = (this.#receiving = new AbortController());
    import('./web-otp.js').then(
      (otp) => otp.receiveCode(signal, () => this.#input),
      () => {},
    );
  }

  #validate(): void {
    const { internals, localize, value } = this;
    const { step } = this.flow;
    const expired = this.problem?.code === 'proof-expired';
    const valueMissing = this.#host.required && !value && step.name !== 'not-required';
    const message =
      this.#custom || (expired && localize.text('proof-expired')) || (valueMissing && localize.text('required'));
    const anchor = this.#host.shadowRoot?.querySelector<HTMLElement>('input, button');
    internals.setValidity({ customError: !!this.#custom || expired, valueMissing }, message || '', anchor ?? undefined);
  }
}
