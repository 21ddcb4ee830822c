/** What both elements do when the step changes: form value, validity, states, announcements, focus and common events. Draws nothing. */
import type { ReactiveController } from 'lit';
import { FlowController } from '../../flow/flow-controller.js';
import type { FlowOptions } from '../../flow/options.js';
import { httpClient, type Client, type HttpClientOptions } from '../../flow/http-client.js';
import { problemOf, type ContactInput, type FlowProblem, type Step } from '../../flow/state-machine.js';
import type { MessageKey } from '../../locales/en.js';
import type { Channel, ContactType, Purpose } from '../../protocol/schemas.js';
import { CodeSentEvent, ProblemEvent, StepChangeEvent } from '../events/events.js';
import { announcementFor, failureText, type Announcement } from './announcements.js';
import { parseCountries } from './parse-countries.js';
import { LocalizeController, type LocalizedHost } from './localize-controller.js';

/** What a page may set on both elements. */
interface HostElement extends LocalizedHost {
  endpoint: string;
  name: string;
  required: boolean;
  context: string | null;
  channels: string | null;
  /** Of `<verify-contact>` only. */
  readonly type?: string;
  readonly countries?: string;
  token: string | null;
  client: Client | null;
  getToken: HttpClientOptions['getToken'];
  extra: Record<string, unknown> | null;
}

export class FormControlController implements ReactiveController {
  readonly flow: FlowController;
  readonly localize: LocalizeController;
  readonly internals: ElementInternals;
  readonly options: () => FlowOptions;
  /** The content of the live region. */
  liveMessage = '';
  /** The label of the secondary button that started the request in progress. */
  pressedLabel: unknown;
  /** The announcement that is also shown, until the step changes. */
  shownNews: Announcement | null = { key: 'starting' };
  /** The proof that the page gave back last. A framework writes it again and again; it is asked about once. */
  given?: string | null;
  /** The page itself changes the step, and needs no events. */
  isQuiet = false;
  /** Disabled by its own attribute or by a fieldset. */
  disabled = false;
  /** What a person typed into the server-rendered field before the element was defined. */
  restoredText: string;
  readonly #host: HostElement;
  readonly #client: Client;
  readonly #changed: (step: Step) => void;
  /** The person caused the current step by something they did in the element, so the focus may move. */
  #userInitiated = false;
  #moveFocus = false;
  /** What had the focus before the last update. */
  #focused: Element | null | undefined;
  #opened = false;
  /** What is announced when the wait is over. */
  #waitEnd: MessageKey | undefined;
  #customError = '';
  /** What the element asks for, and where, when it starts. What is saved under it fits no element that asks for something else. */
  #key: string | undefined;
  #webOtp: AbortController | undefined;
  /** The last action: of a press, or the first send when the element became visible. */
  #lastAction = () => this.flow.send();
  /** The step in which the network failed, and what the field held then. */
  #offlineRetry: { readonly step: Step; readonly text: string | undefined } | undefined;

  constructor(
    host: HostElement,
    purpose: Purpose,
    changed: (step: Step) => void,
    initialInput: () => ContactInput | undefined,
  ) {
    this.#host = host;
    this.#changed = changed;
    this.internals = host.attachInternals();
    this.restoredText = this.#input?.value ?? '';
    this.#userInitiated = !!host.shadowRoot?.activeElement;
    this.localize = new LocalizeController(host);
    this.#client = httpClient(host);
    this.flow = new FlowController(
      {
        requestUpdate: () => host.requestUpdate(),
        addController: (controller) => host.addController(controller),
        stepChanged: (step, previous) => this.#stepChanged(step, previous),
      },
      (this.options = () => ({
        purpose,
        client: host.client ?? this.#client,
        storageKey: (this.#key ??= JSON.stringify([
          host.localName,
          host.endpoint,
          host.name || host.id,
          host.context,
          host.type,
          host.countries,
        ])),
        // A getter, since the default country takes long to find and only `start()` needs it.
        get entry() {
          return initialInput();
        },
        channels: this.channels,
        context: host.context ?? undefined,
        locale: this.localize.pageLanguage.slice(0, 35) || undefined,
        extra: host.extra ?? undefined,
      })),
    );
    host.addController(this);
  }

  /** The types of contact that the page asks for. The element opens with the first. */
  get types(): readonly ContactType[] {
    return (this.#host.type?.match(/\b(phone|email)\b/g) as ContactType[] | null | undefined) ?? ['phone'];
  }

  /** The countries that the page lists. Empty for all. */
  get countries(): readonly string[] {
    return parseCountries(this.#host.countries ?? '');
  }

  /** The channels that the page allows, the best first. Undefined allows all. */
  get channels(): readonly Channel[] | undefined {
    return this.#host.channels?.match(/\w+/g) as Channel[] | undefined;
  }

  /** The proof, until it expires. */
  get value(): string | null {
    const { step } = this.flow;
    return step.name === 'verified' ? step.result.proof : null;
  }

  /** What form libraries write. As a native control's, it fires no event. */
  set value(proof: string | null) {
    if (proof === this.value || (proof && proof === this.given)) return;
    // Another proof counts once it is confirmed. Until then the element holds none.
    this.isQuiet = true;
    if (this.value) this.flow.reset();
    this.isQuiet = false;
    if (!(this.given = proof)) return;
    import('./given-proof.js').then(({ takeBack }) => takeBack(this, this.#host, proof)).catch(() => {});
  }

  get problem(): FlowProblem | null {
    return problemOf(this.flow.step);
  }

  /** Whether a request is in progress. */
  get busy(): boolean {
    return 'previous' in this.flow.step;
  }

  /** Does what a person requested with a press, or says that it waits for `when` seconds. If the step changes, the focus may move. */
  userAction(action: () => void, when = 0, wait: MessageKey = 'retry-wait', label?: unknown): void {
    if (this.busy || this.disabled) return;
    if (when) return this.announce(this.localize.text(wait, { when }));
    const { step } = this.flow;
    this.pressedLabel = label;
    this.#userInitiated = true;
    this.#lastAction = action;
    action();
    this.#userInitiated &&= step !== this.flow.step;
  }

  announce(text: string): void {
    // A live region does not announce the same text twice.
    this.liveMessage = text && text === this.liveMessage ? `${text}\u00a0` : text;
    this.#host.requestUpdate();
  }

  setCustomValidity(message: string): void {
    this.#customError = message;
    this.#validate();
  }

  /** The problem with its wait, or the wait alone, as it is shown and announced. Empty if there is neither. */
  get failure(): string {
    return failureText(this.localize, this.flow);
  }

  hostConnected(): void {
    addEventListener('online', this.#online);
  }

  hostUpdate(): void {
    // A translator puts its own elements in the place of text. Lit would go on writing into what is no longer shown.
    this.#host.shadowRoot!.querySelectorAll('font').forEach((font) => font.replaceWith(font.textContent));
    const { retryIn, resendIn } = this.flow;
    const end = retryIn ? 'retry-ready' : resendIn ? 'resend-ready' : undefined;
    if (this.#waitEnd && this.#waitEnd !== end) {
      this.announce(this.localize.text(this.#waitEnd));
      // It stays where the wait stood, so that nothing moves.
      if (this.#waitEnd === 'retry-ready') this.shownNews = { key: this.#waitEnd };
    }
    this.#waitEnd = this.busy ? undefined : end;
    this.#focused = this.#host.shadowRoot?.activeElement;
  }

  hostUpdated(): void {
    this.#validate();
    // `focus()`, a label and a dialog mean the field, not the list before it. Only now: browsers focus a new field that has it.
    this.#input?.toggleAttribute('autofocus', true);
    if (this.#input) this.#input.ariaRequired = String(this.#host.required);
    // What had the focus may be gone by itself, such as Resend code when the code expires.
    if (!this.#moveFocus && !(this.#focused && !this.#host.shadowRoot!.activeElement)) return;
    this.#moveFocus = false;
    const { activeElement } = this.#host.getRootNode() as Document | ShadowRoot;
    // A person who has moved on to another part of the page stays there.
    if (activeElement && activeElement !== this.#host && activeElement !== document.body) return;
    // A field with six wrong digits takes no seventh, so what it holds is selected. Without a field the message gets the focus.
    (this.#input ?? this.#host.shadowRoot!.querySelector<HTMLElement>('[part~=message]'))?.focus();
    this.#input?.select();
  }

  hostDisconnected(): void {
    removeEventListener('online', this.#online);
    this.#webOtp?.abort();
  }

  /** Repeats the last action when the network is back, unless the person has changed anything since. */
  readonly #online = () => {
    if (this.#offlineRetry?.step === this.flow.step && this.#offlineRetry.text === this.#input?.value)
      this.userAction(this.#lastAction);
  };

  /** Found by its id, which needs no search through 245 options. */
  get #input(): HTMLInputElement | null | undefined {
    return this.#host.shadowRoot?.querySelector('#input');
  }

  #stepChanged(step: Step, previous: Step): void {
    const { localize } = this;
    // A number that was only spelled in another way still has its problem, which is no news.
    const problem = this.problem === problemOf(previous) ? null : this.problem;
    const news = announcementFor(step, previous);
    // What has succeeded. Where a code was sent is said by the hint, and the button shows that it is busy.
    if (!this.busy) this.shownNews = news && /[dgn]$/.test(news.key) ? news : null;
    this.#waitEnd = undefined;
    if (problem) this.announce(this.failure);
    // What failed before is not true any more.
    else if (!this.problem) this.announce(news ? localize.text(news.key, news.values) : '');
    if (!this.busy) {
      this.#moveFocus ||= this.#userInitiated || (!this.#opened && this.#host.autofocus);
      this.#userInitiated = false;
      this.pressedLabel = undefined;
      this.#opened = step.name !== 'starting';
    }
    if (problem?.code === 'unreachable') this.#offlineRetry = { step, text: this.#input?.value };
    this.#listenForSmsCode();
    // Without an empty state the browser would keep the proof in the session history.
    this.internals.setFormValue(this.value, '');
    // Not at each key: browsers compute the styles again, also for the same state, and the update that follows validates.
    if (step.name !== previous.name) {
      this.internals.states.clear();
      this.internals.states.add(step.name);
      // A listener may submit the form.
      this.#validate();
    }
    if (!this.isQuiet) this.#dispatchEvents(step, previous, problem, news);
  }

  #dispatchEvents(step: Step, previous: Step, problem: FlowProblem | null, news: Announcement | null): void {
    const { name } = step;
    const dispatch = (event: Event) => this.#host.dispatchEvent(event);
    if (name !== previous.name) dispatch(new StepChangeEvent(name, previous.name));
    if (problem) dispatch(new ProblemEvent(problem));
    else if (name === 'code' && news?.key.includes('sent')) {
      const { channel, to } = step.sent.challenge;
      dispatch(new CodeSentEvent(channel, to, news.key === 'code-sent-again'));
    }
    this.#changed(step);
    if ((name === 'verified') !== (previous.name === 'verified')) dispatch(new Event('change', { bubbles: true }));
  }

  /** Waits for the text message, only while the code step is shown. */
  #listenForSmsCode(): void {
    this.#webOtp?.abort();
    const { step } = this.flow;
    if (!('OTPCredential' in globalThis) || step.name !== 'code' || step.sent.challenge.channel !== 'sms') return;
    const { signal } = (this.#webOtp = new AbortController());
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
      this.#customError || (expired && localize.text('proof-expired')) || (valueMissing && localize.text('required'));
    internals.setValidity(
      { customError: !!this.#customError || expired, valueMissing },
      message || '',
      this.#host.shadowRoot?.querySelector<HTMLElement>('#input,button') ?? undefined,
    );
  }
}
