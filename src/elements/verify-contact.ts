/** `<verify-contact>`: a person enters a phone number or an e-mail address, then the code that was sent there. Holds no time and no requests. */
import { html, isServer, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { ContactInput, ContactStep, Step } from '../flow/state-machine.js';
import type { ContactType } from '../protocol/schemas.js';
import { ContactVerifiedEvent } from './events/events.js';
import { defaultCountry, parseCountries } from './fields/default-country.js';
import { emailField } from './fields/email-field.js';
import { phoneField, populateCountrySelect } from './fields/phone-field.js';
import { FormControlElement } from './form-control-element.js';
import { primaryButton, secondaryButton, statusLine } from './templates/shared.js';

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
export class VerifyContactElement extends FormControlElement {
  static override properties: PropertyDeclarations = {
    type: {},
    contact: {},
    country: {},
    countries: {},
  };

  type = 'phone';
  contact = '';
  country = '';
  countries = '';

  /** What the person typed for the other type, so that switching back restores it. */
  #otherInput: ContactInput | null = null;

  constructor() {
    super('contact');
  }

  /** Sends a code to the contact in the field, as the Send code button does. */
  start(): void {
    this.control.flow.send();
  }

  /** Returns to the contact step and forgets everything. The field holds what `contact` says. */
  reset(): void {
    this.#otherInput = null;
    this.control.restoredText = '';
    this.control.flow.reset();
  }

  protected stepChanged(step: Step): void {
    if (step.name === 'verified') this.dispatchEvent(new ContactVerifiedEvent(step.result.proof, step.result.contact));
  }

  protected override initialInput(): ContactInput {
    return this.#inputOf(this.#types[0]!, this.control.restoredText || this.contact);
  }

  protected override willUpdate(): void {
    this.control.flow.start();
  }

  protected override updated(): void {
    // An element that nobody has seen needs one country in its list: the chosen one.
    if (this.visibility.hasBeenVisible)
      populateCountrySelect(this.renderRoot, parseCountries(this.countries), this.control.localize.lang);
  }

  protected override renderStep(step: Step): TemplateResult | typeof nothing | undefined {
    return step.name === 'contact' ? this.#contactStep(step) : super.renderStep(step);
  }

  #contactStep({ entry, back, problem }: ContactStep): TemplateResult {
    const { flow, localize, busy, disabled } = this.control;
    const { type } = entry;
    const otherType = this.#types.find((one) => one !== type);
    const field = { entry, invalid: problem !== null, busy, disabled, edit: (input: ContactInput) => flow.edit(input) };
    const submit = (event: Event) => {
      event.preventDefault();
      this.control.userAction(() => flow.send());
    };
    return html`<form novalidate @submit=${submit}>
      <slot name="description"></slot>
      <label part="label" for="input">${localize.text(`${type}-label`)}</label>
      ${
        type === 'phone'
          ? phoneField({
              ...field,
              localize,
              countries: parseCountries(this.countries),
              changed: () => this.requestUpdate(),
            })
          : emailField(field)
      }
      ${statusLine(this.control, html`<p part="hint" id="hint">${localize.text(`${type}-hint`)}</p>`)}
      <slot name="consent"></slot>
      ${primaryButton(this.control, localize.text('send-code'))}
      <div class="links">
        ${back ? secondaryButton(this.control, localize.text('go-back'), () => flow.goBack()) : nothing}
        ${otherType ? secondaryButton(this.control, localize.text(`use-${otherType}`), () => this.#switchType(entry, otherType)) : nothing}
      </div>
    </form>`;
  }

  #switchType(entry: ContactInput, type: ContactType): void {
    const next = this.#otherInput ?? this.#inputOf(type, '');
    this.#otherInput = entry;
    this.control.flow.edit(next);
  }

  get #types(): readonly ContactType[] {
    const types = this.type.match(/\b(phone|email)\b/g) as ContactType[] | null;
    return types ?? ['phone'];
  }

  #inputOf(type: ContactType, text: string): ContactInput {
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
