/** `<verify-contact>`: a person enters a phone number or an e-mail address, and the code that was sent there. Holds no time and no requests. */
import { html, isServer, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { Client, HttpClientOptions } from '../flow/http-client.js';
import type { ContactStep, ContactInput, Step, StepName } from '../flow/state-machine.js';
import type { Messages } from '../locales/en.js';
import type { ContactType } from '../protocol/schemas.js';
import { emailField } from './fields/email-field.js';
import { ContactVerifiedEvent } from './events/events.js';
import { FirstVisibleController } from './controllers/visibility-controller.js';
import { parseCountries, defaultCountry } from './fields/default-country.js';
import { populateCountrySelect, phoneField } from './fields/phone-field.js';
import { codeStep, layout, secondaryButton, primaryButton, statusLine } from './templates/shared.js';
import { sharedProperties, FormControlController } from './controllers/form-control-controller.js';
import { styles } from './templates/styles.js';
import { renderRoot } from './templates/render-root.js';

/**
 * Verifies that a phone number or an e-mail address belongs to the person at the page. With a `name` its form submits the proof.
 *
 * @tag verify-contact
 *
 * @attr {string} endpoint - Where the backend is mounted, relative to the page or absolute. Default `/verify`.
 * @attr {string} type - `phone` (default), `email`, or both in either order; the first is what it opens with.
 * @attr {string} contact - What the field starts with.
 * @attr {string} country - The country to start with, ISO 3166-1 alpha-2. Default: by the person's languages.
 * @attr {string} countries - The countries to choose from, as `DE AT CH`. Default: all.
 * @attr {string} channels - The channels to offer, the best first, of `sms call whatsapp email`. Default: what the backend offers.
 * @attr {string} name - The name under which a form submits the proof.
 * @attr {boolean} required - The form waits until a contact is verified.
 * @attr {boolean} disabled - As of any control; a disabled fieldset disables it as well.
 * @attr {string} lang - The language; without it the nearest ancestor's.
 * @attr {string} context - At most 512 characters that are found again in the proof, which then serves nothing else.
 * @attr {boolean} autofocus - Takes the focus as soon as there is a field, unless it is elsewhere.
 * @attr {boolean} auto-submit - Submits a code that is complete, unless it was corrected.
 * @attr {string} token - A short-lived bearer JWT of the page's own backend, sent as `Authorization`.
 *
 * @event code-sent - `CodeSentEvent {channel, to, resent}`: a code is on its way.
 * @event contact-verified - `ContactVerifiedEvent {proof, contact}`: the code was right.
 * @event step-change - `StepChangeEvent {step, before}`: another step is shown.
 * @event problem - `ProblemEvent {problem}`: the person was told of a problem.
 * @event change - The native event: there is a proof, or no more.
 *
 * @slot heading - Above everything, in every step, on the level that the page needs. Empty by default.
 * @slot description - What this is for, above the field.
 * @slot consent - Before Send code: the words that the law asks for.
 * @slot verified - Below the sentence that says that the contact is verified.
 * @slot unavailable - Below the sentence that says why nothing can be done.
 *
 * @csspart label - The label of a field.
 * @csspart hint - A sentence of explanation.
 * @csspart field - The box of a field: number, address or code.
 * @csspart digit - The slot of one digit of the code.
 * @csspart message - The line that says what is wrong, under way or done.
 * @csspart error - The same line while it says what is wrong.
 * @csspart button - The step's own button.
 * @csspart link - A button beside it: resend, change, go back, switch.
 *
 * @cssproperty --verify-accent - The step's own button and focus. Default `CanvasText`.
 * @cssproperty --verify-on-accent - Text on it. Default `Canvas`.
 * @cssproperty --verify-border - The borders of fields.
 * @cssproperty --verify-field - The background of fields. Default `Canvas`.
 * @cssproperty --verify-error - The words of a problem.
 * @cssproperty --verify-radius - The corners. Default `0.5rem`.
 * @cssproperty --verify-gap - The distance between things. Default `0.75rem`.
 *
 * @cssstate starting - Nothing has been decided.
 * @cssstate contact - A number or address is asked for.
 * @cssstate sending - A code is being sent.
 * @cssstate code - The code is asked for.
 * @cssstate checking - The code is being checked.
 * @cssstate resending - The code is being sent again.
 * @cssstate verified - The code was right, and the proof lives.
 */
export class VerifyContactElement extends LitElement {
  static readonly formAssociated = true;
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = styles;
  static override properties: PropertyDeclarations = {
    ...sharedProperties,
    type: {},
    contact: {},
    country: {},
    countries: {},
  };

  endpoint = '/verify';
  type = 'phone';
  contact = '';
  country = '';
  countries = '';
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

  readonly #stage: FormControlController = new FormControlController(
    this,
    'contact',
    (step) => this.#stepChanged(step),
    () => this.#opening(this.#types[0]!, this.#stage.restoredText || this.contact),
  );
  /** Until somebody can see the field, its list of countries holds the chosen one alone. */
  readonly #sight = new FirstVisibleController(this, () => this.requestUpdate());
  /** What was typed for the other type, to be there again after a switch and back. */
  #other: ContactInput | null = null;

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

  /** Sends a code to what the field holds, as Send code does. */
  start(): void {
    this.#stage.flow.send();
  }

  /** Sends the code again, as Resend code does. Nothing is sent within the wait. */
  resend(): void {
    this.#stage.flow.resend();
  }

  /** Forgets everything: the contact step, with what `contact` holds. */
  reset(): void {
    this.#other = null;
    this.#stage.restoredText = '';
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
    if (step.name === 'verified') this.dispatchEvent(new ContactVerifiedEvent(step.result.proof, step.result.contact));
  }

  protected override createRenderRoot(): ShadowRoot {
    return renderRoot(this);
  }

  protected override willUpdate(): void {
    this.#stage.flow.start();
  }

  protected override updated(): void {
    if (this.#sight.hasBeenVisible)
      populateCountrySelect(this.renderRoot, parseCountries(this.countries), this.#stage.words.lang);
  }

  protected override render(): TemplateResult {
    return layout(this.#stage, this.#shown(this.#stage.flow.step));
  }

  #shown(step: Step): TemplateResult | typeof nothing {
    switch (step.name) {
      case 'contact':
        return this.#contactStep(step);
      case 'code':
        return codeStep(this.#stage, step, this.autoSubmit);
      case 'sending':
      case 'checking':
      case 'resending':
        return this.#shown(step.previous);
      case 'verified':
        return html`${statusLine(this.#stage)}<slot name="verified"></slot>`;
      case 'unavailable':
        return html`${statusLine(this.#stage)}<slot name="unavailable"></slot>`;
      case 'starting':
      case 'not-required':
        return nothing;
    }
  }

  #contactStep({ entry, back, problem }: ContactStep): TemplateResult {
    const { flow, words, busy, disabled } = this.#stage;
    const { type } = entry;
    const other = this.#types.find((one) => one !== type);
    const field = { entry, invalid: problem !== null, busy, disabled, edit: (typed: ContactInput) => flow.edit(typed) };
    const submit = (event: Event) => {
      event.preventDefault();
      this.#stage.userAction(() => flow.send());
    };
    return html`<form novalidate @submit=${submit}>
      <slot name="description"></slot>
      <label part="label" for="input">${words.text(`${type}-label`)}</label>
      ${type === 'phone' ? phoneField({ ...field, words, countries: parseCountries(this.countries), changed: () => this.requestUpdate() }) : emailField(field)}
      ${statusLine(this.#stage, html`<p part="hint" id="hint">${words.text(`${type}-hint`)}</p>`)}
      <slot name="consent"></slot>
      ${primaryButton(this.#stage, words.text('send-code'))}
      <div class="links">
        ${back ? secondaryButton(this.#stage, words.text('go-back'), () => flow.goBack()) : nothing}
        ${other ? secondaryButton(this.#stage, words.text(`use-${other}`), () => this.#switch(entry, other)) : nothing}
      </div>
    </form>`;
  }

  #switch(entry: ContactInput, type: ContactType): void {
    const { flow } = this.#stage;
    const next = this.#other ?? this.#opening(type, '');
    this.#other = entry;
    flow.edit(next);
  }

  get #types(): readonly ContactType[] {
    const types = this.type.match(/\b(phone|email)\b/g) as ContactType[] | null;
    return types ?? ['phone'];
  }

  #opening(type: ContactType, text: string): ContactInput {
    if (type === 'email') return { type, text };
    const languages = isServer ? [] : navigator.languages;
    return { type, text, country: defaultCountry(this.country, parseCountries(this.countries), languages) };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'verify-contact': VerifyContactElement;
  }
}
