/** `<two-factor>`: a signed-in user enters the code that went to a contact verified before. Takes no destination; holds no time and no requests. */
import { html, isServer, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { Client, HttpClientOptions } from '../flow/http-client.js';
import type { Step, StepName } from '../flow/state-machine.js';
import type { Messages } from '../locales/en.js';
import { TwoFactorNotRequiredEvent, TwoFactorVerifiedEvent } from './events/events.js';
import { codeStep, layout, secondaryButton, statusLine } from './templates/shared.js';
import { sharedProperties, FormControlController } from './controllers/form-control-controller.js';
import { styles } from './templates/styles.js';
import { renderRoot } from './templates/render-root.js';
import { FirstVisibleController } from './controllers/visibility-controller.js';

/**
 * Asks the signed-in user for a second factor, where the application requires one. The code is sent when the element is
 * first visible, to the contact that the backend knows; nothing in the page can name another. With a `name` its form submits the proof.
 *
 * @tag two-factor
 *
 * @attr {string} endpoint - Where the backend is mounted, relative to the page or absolute. Default `/verify`.
 * @attr {string} channels - The channels to offer, the best first, of `sms call whatsapp email`. Default: what the backend offers.
 * @attr {string} name - The name under which a form submits the proof.
 * @attr {boolean} required - The form waits until the code was right, or no second factor is required.
 * @attr {boolean} disabled - As of any control; a disabled fieldset disables it as well. Nothing is sent meanwhile.
 * @attr {string} lang - The language; without it the nearest ancestor's.
 * @attr {string} context - At most 512 characters that are found again in the proof, which then serves nothing else.
 * @attr {boolean} autofocus - Takes the focus as soon as there is a field, unless it is elsewhere.
 * @attr {boolean} auto-submit - Submits a code that is complete, unless it was corrected.
 * @attr {string} token - A short-lived bearer JWT of the page's own backend, sent as `Authorization`.
 *
 * @event code-sent - `CodeSentEvent {channel, to, resent}`: a code is on its way; `to` is masked.
 * @event two-factor-verified - `TwoFactorVerifiedEvent {proof, channel}`: the code was right.
 * @event two-factor-not-required - `TwoFactorNotRequiredEvent {}`: nothing is asked of this user; the element shows nothing.
 * @event step-change - `StepChangeEvent {step, before}`: another step is shown.
 * @event problem - `ProblemEvent {problem}`: the person was told of a problem.
 * @event change - The native event: there is a proof, or no more.
 *
 * @slot heading - Above everything, on the level that the page needs. Empty by default.
 * @slot description - What this is for, above the field.
 * @slot verified - Below the sentence that says that the code was right.
 * @slot unavailable - Below the sentence that says why nothing can be done.
 *
 * @csspart label - The label of a field.
 * @csspart hint - A sentence of explanation.
 * @csspart field - The box of the field for the code.
 * @csspart digit - The slot of one digit of the code.
 * @csspart message - The line that says what is wrong, under way or done.
 * @csspart error - The same line while it says what is wrong.
 * @csspart button - The step's own button.
 * @csspart link - A button beside it: resend, switch.
 *
 * @cssproperty --verify-accent - The step's own button and focus. Default `CanvasText`.
 * @cssproperty --verify-on-accent - Text on it. Default `Canvas`.
 * @cssproperty --verify-border - The borders of fields.
 * @cssproperty --verify-field - The background of fields. Default `Canvas`.
 * @cssproperty --verify-error - The words of a problem.
 * @cssproperty --verify-radius - The corners. Default `0.5rem`.
 * @cssproperty --verify-gap - The distance between things. Default `0.75rem`.
 *
 * @cssstate starting - Not visible yet, or the backend has not been asked.
 * @cssstate sending - A code is being sent.
 * @cssstate code - The code is asked for.
 * @cssstate checking - The code is being checked.
 * @cssstate resending - The code is being sent again, or to another contact.
 * @cssstate verified - The code was right, and the proof lives.
 * @cssstate not-required - No second factor is required.
 * @cssstate unavailable - Nothing could be sent.
 */
export class TwoFactorElement extends LitElement {
  static readonly formAssociated = true;
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = styles;
  static override properties: PropertyDeclarations = sharedProperties;

  endpoint = '/verify';
  channels: string | null = null;
  name = '';
  required = false;
  context: string | null = null;
  autoSubmit = false;
  token: string | null = null;
  /** Replaces any sentence. */
  messages: Partial<Messages> | null = null;
  /** Replaces the network. */
  client: Client | null = null;
  /** Gives another bearer token when there is none or it has expired. */
  getToken: HttpClientOptions['getToken'] = null;
  /** Travels along to the host's `beforeSend`. */
  extra: Record<string, unknown> | null = null;

  readonly #stage = new FormControlController(this, 'two-factor', (step) => this.#stepChanged(step));
  readonly #sight = new FirstVisibleController(this, () => this.requestUpdate());

  /** The name of the step that is shown. */
  get step(): StepName {
    return this.#stage.flow.step.name;
  }

  /** The proof, or null: a JWT for the page's own server. */
  get value(): string | null {
    return this.#stage.value;
  }

  /** The attribute, as in native controls: a disabled fieldset does not show here. */
  get disabled(): boolean {
    return this.hasAttribute('disabled');
  }

  set disabled(disabled: boolean) {
    this.toggleAttribute('disabled', disabled);
  }

  get form(): HTMLFormElement | null {
    return this.#stage.internals.form;
  }

  get validity(): ValidityState {
    return this.#stage.internals.validity;
  }

  get validationMessage(): string {
    return this.#stage.internals.validationMessage;
  }

  get willValidate(): boolean {
    return this.#stage.internals.willValidate;
  }

  checkValidity(): boolean {
    return this.#stage.internals.checkValidity();
  }

  reportValidity(): boolean {
    return this.#stage.internals.reportValidity();
  }

  /** Makes the element invalid with this message, or not any more with an empty one. */
  setCustomValidity(message: string): void {
    this.#stage.setCustomValidity(message);
  }

  /** Begins without waiting to be visible; or tries again where nothing could be sent. */
  start(): void {
    if (this.step === 'starting') this.#stage.flow.start();
    else if (this.step === 'unavailable') this.#stage.flow.send();
  }

  /** Sends the code again, as Resend code does. Nothing is sent within the wait. */
  resend(): void {
    this.#stage.flow.resend();
  }

  /** Forgets everything and begins again. */
  reset(): void {
    this.#stage.flow.reset();
  }

  formResetCallback(): void {
    this.reset();
  }

  formDisabledCallback(disabled: boolean): void {
    this.#stage.disabled = disabled;
    this.requestUpdate();
  }

  #stepChanged(step: Step): void {
    if (step.name === 'not-required') this.dispatchEvent(new TwoFactorNotRequiredEvent());
    if (step.name !== 'verified') return;
    this.dispatchEvent(new TwoFactorVerifiedEvent(step.result.proof, step.sent.challenge.channel));
  }

  protected override createRenderRoot(): ShadowRoot {
    return renderRoot(this);
  }

  protected override willUpdate(): void {
    if (this.#sight.hasBeenVisible && !this.#stage.disabled) this.#stage.flow.start();
  }

  protected override render(): TemplateResult {
    return layout(this.#stage, this.#shown(this.#stage.flow.step));
  }

  #shown(step: Step): TemplateResult | typeof nothing | undefined {
    switch (step.name) {
      case 'starting':
        // A server cannot know whether this user will be asked at all.
        return isServer ? nothing : statusLine(this.#stage);
      case 'code':
        return codeStep(this.#stage, step, this.autoSubmit);
      case 'sending':
      case 'checking':
      case 'resending':
        return this.#shown(step.previous);
      case 'verified':
        return html`${statusLine(this.#stage)}<slot name="verified"></slot>`;
      case 'unavailable':
        return this.#unavailable();
      case 'contact':
      case 'not-required':
        return nothing;
    }
  }

  #unavailable(): TemplateResult {
    const { flow, words } = this.#stage;
    return html`${statusLine(this.#stage)}<slot name="unavailable"></slot>
      ${secondaryButton(this.#stage, words.text('try-again'), () => flow.send())}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'two-factor': TwoFactorElement;
  }
}
