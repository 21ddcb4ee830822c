/** `<verify-contact>`: a person enters a phone number or an e-mail address, then the code that was sent there. Keeps no time and sends no requests. */
import { html, isServer, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { ContactInput, ContactStep, Step } from '../flow/state-machine.js';
import type { ContactType } from '../protocol/schemas.js';
import { ContactVerifiedEvent } from './events/events.js';
import { defaultCountry } from './fields/default-country.js';
import { emailField } from './fields/email-field.js';
import { phoneField, populateCountrySelect } from './fields/phone-field.js';
import { FormControlElement } from './form-control-element.js';
import { isInvalid, primaryButton, secondaryButton, statusLine } from './templates/shared.js';

/**
 * Verifies that a phone number or an e-mail address belongs to the person who uses the page. With a `name` its form submits the proof.
 *
 * @tag verify-contact
 *
 * @attr {string} endpoint - Where the backend is mounted, relative to the page or absolute. Default `/verify`.
 * @attr {string} type - `phone` (default), `email`, or both in either order. It opens with the first.
 * @attr {string} contact - The initial value of the field.
 * @attr {string} country - The initial country, ISO 3166-1 alpha-2. Default: derived from the person's languages.
 * @attr {string} countries - The countries to offer, such as `DE AT CH`. Default: all.
 * @attr {string} preferred - The countries at the top of the list, such as `DE AT CH`. Default: those of the person's languages and of the page's.
 * @attr {string} channels - The channels to offer, the best first: any of `sms call whatsapp email`. Default: all that the backend offers.
 * @attr {string} name - The name under which a form submits the proof.
 * @attr {boolean} required - Makes the element invalid until a contact is verified.
 * @attr {boolean} disabled - Disables the element, as a disabled fieldset also does.
 * @attr {string} lang - The language. Default: the language of the nearest ancestor that has one.
 * @attr {string} context - At most 512 characters that the proof will contain, so that it is valid for this purpose only.
 * @attr {boolean} autofocus - Focuses the first field as soon as it is shown, unless something else has the focus.
 * @attr {boolean} auto-submit - Submits the code as soon as it is complete, unless the person corrected it.
 * @attr {string} token - A short-lived bearer JWT from the page's own backend, sent in `Authorization`.
 *
 * @event code-sent - `CodeSentEvent {channel, to, resent}`: a code was sent.
 * @event contact-verified - `ContactVerifiedEvent {proof, contact}`: the code was right.
 * @event step-change - `StepChangeEvent {step, previous}`: the element shows another step.
 * @event problem - `ProblemEvent {problem}`: the element shows a problem.
 * @event change - The native event: the element has received a proof, or its proof is no longer valid.
 *
 * @slot heading - A heading of the level that the page needs. Shown above every step. Empty by default.
 * @slot description - Why the page needs this. Shown above the field.
 * @slot consent - The consent text that the law requires. Shown above the Send code button.
 * @slot verified - Shown below the sentence that says that the contact is verified.
 * @slot unavailable - Help. Shown below a problem that the person cannot solve in the field, such as why no code can be sent.
 *
 * @csspart label - The label of a field.
 * @csspart hint - A sentence that explains what to do.
 * @csspart destination - The phone number or e-mail address in a sentence.
 * @csspart field - The box of a field: phone number, e-mail address or code.
 * @csspart country - The country and its calling code, in the field for a phone number.
 * @csspart digits - The digits of the code that are typed, over their boxes.
 * @csspart digit - The box of one digit of the code.
 * @csspart active - The box of the digit that is typed next. Also each box of a selected digit.
 * @csspart selected - The box of a selected digit.
 * @csspart message - The line that shows a problem, progress or success.
 * @csspart error - The same line while it shows a problem.
 * @csspart expiry - The hint that says when the code expires.
 * @csspart wait - The hint that says how long to wait.
 * @csspart button - The main button of the step.
 * @csspart spinner - The mark of a request in progress, in the main button.
 * @csspart links - The row of the secondary buttons.
 * @csspart link - A secondary button: resend, change, go back, switch.
 *
 * @cssproperty --verify-accent - The color of the main button and of the focus outline. Default: the page’s text color.
 * @cssproperty --verify-on-accent - The color of text on the main button. Default: black or white, whichever has the higher contrast.
 * @cssproperty --verify-border - The border color of fields. Default: 75 % of the page’s text color.
 * @cssproperty --verify-field - The background color of fields. Default `transparent`.
 * @cssproperty --verify-error - The color of problems. Default: a red that is mixed with the page’s text color.
 * @cssproperty --verify-focus - The color of the focus outline. Default: that of `--verify-accent`.
 * @cssproperty --verify-radius - The corner radius. Default `8px`.
 * @cssproperty --verify-button-radius - The corner radius of the main button. Default: that of `--verify-radius`.
 * @cssproperty --verify-gap - The space between the rows. Default `0.75em`.
 * @cssproperty --verify-digit-size - The width of the box of one digit, which is narrower where there is no room. Default: 44 px with text of 16 px.
 * @cssproperty --verify-digit-gap - The space between the boxes of digits. Default `8px`.
 * @cssproperty --verify-digit-font - The font family of the digits. It must have digits of one width. Default: the monospaced font of the system.
 *
 * @cssstate starting - The element has not chosen its first step.
 * @cssstate contact - The element asks for a phone number or an e-mail address.
 * @cssstate sending - A code is being sent.
 * @cssstate code - The element asks for the code.
 * @cssstate checking - The code is being checked.
 * @cssstate resending - The code is being sent again.
 * @cssstate verified - The code was right, and the proof has not expired.
 */
export class VerifyContactElement extends FormControlElement {
  static override properties: PropertyDeclarations = {
    type: {},
    contact: {},
    country: {},
    countries: {},
    preferred: {},
  };

  type = 'phone';
  contact = '';
  country = '';
  countries = '';
  preferred = '';

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
    return this.#inputOf(this.control.types[0]!, this.control.restoredText || this.contact);
  }

  protected override willUpdate(): void {
    this.control.flow.start();
  }

  protected override updated(): void {
    // An element that nobody has seen needs one country in its list: the chosen one.
    if (this.visibility.hasBeenVisible) populateCountrySelect(this.renderRoot, this, this.control.localize);
  }

  protected override renderStep(step: Step): TemplateResult | typeof nothing | undefined {
    return step.name === 'contact' ? this.#contactStep(step) : super.renderStep(step);
  }

  #contactStep({ entry, back, problem }: ContactStep): TemplateResult {
    const { flow, localize, busy, disabled } = this.control;
    const { type } = entry;
    const otherType = this.control.types.find((one) => one !== type);
    const field = {
      entry,
      invalid: isInvalid(problem),
      busy,
      disabled,
      edit: (input: ContactInput, respelled?: boolean) => flow.edit(input, respelled),
    };
    const submit = (event: Event) => {
      event.preventDefault();
      this.control.userAction(() => flow.send(), flow.retryIn);
    };
    return html`<form novalidate aria-busy=${busy || nothing} @submit=${submit}>
      <slot name="description"></slot>
      <label part="label" for="input">${localize.text(`${type}-label`)}</label>
      ${
        type === 'phone'
          ? phoneField({
              ...field,
              localize,
              countries: this.control.countries,
              changed: () => this.requestUpdate(),
            })
          : emailField({
              ...field,
              control: this.control,
              button: (label, action) => secondaryButton(this.control, label, action),
            })
      }
      ${statusLine(this.control, html`<p part="hint" id="hint">${localize.text(`${type}-hint`)}</p>`)}
      <slot name="consent"></slot>
      ${primaryButton(this.control, localize.text('send-code'), submit, flow.retryIn)}
      <div part="links">
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

  #inputOf(type: ContactType, text: string): ContactInput {
    if (type === 'email') return { type, text };
    const languages = isServer ? [] : navigator.languages;
    return { type, text, country: defaultCountry(this.country, this.control.countries, languages) };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'verify-contact': VerifyContactElement;
  }
}
