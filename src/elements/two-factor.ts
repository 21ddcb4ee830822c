/** `<two-factor>`: a signed-in user enters the code that was sent to a verified contact of theirs. Takes no destination; keeps no time and sends no requests. */
import { html, isServer, nothing, type TemplateResult } from 'lit';
import type { Step } from '../flow/state-machine.js';
import { TwoFactorNotRequiredEvent, TwoFactorVerifiedEvent } from './events/events.js';
import { FormControlElement } from './form-control-element.js';
import { secondaryButton, statusLine } from './templates/shared.js';

/**
 * Asks the signed-in user for a second factor if the application requires one. When the element is first visible, it has
 * the code sent to the contact that the backend knows; nothing in the page can choose another. With a `name` its form submits the proof.
 *
 * @tag two-factor
 *
 * @attr {string} endpoint - Where the backend is mounted, relative to the page or absolute. Default `/verify`.
 * @attr {string} channels - The channels to offer, the best first: any of `sms call whatsapp email`. Default: all that the backend offers.
 * @attr {string} name - The name under which a form submits the proof.
 * @attr {boolean} required - Makes the element invalid until the code was right, or the backend requires no second factor.
 * @attr {boolean} disabled - Disables the element, as a disabled fieldset also does. While disabled it sends nothing.
 * @attr {string} lang - The language. Default: the language of the nearest ancestor that has one.
 * @attr {string} context - At most 512 characters that the proof will contain, so that it is valid for this purpose only.
 * @attr {boolean} autofocus - Focuses the first field as soon as it is shown, unless something else has the focus.
 * @attr {boolean} auto-submit - Submits the code as soon as it is complete, unless the person corrected it.
 * @attr {string} token - A short-lived bearer JWT from the page's own backend, sent in `Authorization`.
 *
 * @event code-sent - `CodeSentEvent {channel, to, resent}`: a code was sent. `to` is masked.
 * @event two-factor-verified - `TwoFactorVerifiedEvent {proof, channel}`: the code was right.
 * @event two-factor-not-required - `TwoFactorNotRequiredEvent {}`: this user needs no second factor. The element shows nothing.
 * @event step-change - `StepChangeEvent {step, previous}`: the element shows another step.
 * @event problem - `ProblemEvent {problem}`: the element shows a problem.
 * @event change - The native event: the element has received a proof, or its proof is no longer valid.
 *
 * @slot heading - A heading of the level that the page needs. Shown above every step. Empty by default.
 * @slot description - Why the page needs this. Shown above the field.
 * @slot verified - Shown below the sentence that says that the code was right.
 * @slot unavailable - Help. Shown below a problem that the person cannot solve in the field, such as why no code can be sent.
 *
 * @csspart label - The label of a field.
 * @csspart hint - A sentence that explains what to do.
 * @csspart destination - The phone number or e-mail address in a sentence.
 * @csspart field - The box of the field for the code.
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
 * @csspart link - A secondary button: resend, switch, try again.
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
 * @cssstate starting - The element was not visible yet, or has sent no request.
 * @cssstate sending - A code is being sent.
 * @cssstate code - The element asks for the code.
 * @cssstate checking - The code is being checked.
 * @cssstate resending - The code is being sent again, or to another contact.
 * @cssstate verified - The code was right, and the proof has not expired.
 * @cssstate not-required - No second factor is required.
 * @cssstate unavailable - No code could be sent.
 */
export class TwoFactorElement extends FormControlElement {
  constructor() {
    super('two-factor');
  }

  /** Has the code sent without waiting until the element is visible. In the `unavailable` step it tries again. */
  start(): void {
    if (this.step === 'starting') this.control.flow.start();
    else if (this.step === 'unavailable') this.control.flow.send();
  }

  /** Forgets everything and begins again. */
  reset(): void {
    this.control.flow.reset();
  }

  protected stepChanged(step: Step): void {
    if (step.name === 'not-required') this.dispatchEvent(new TwoFactorNotRequiredEvent());
    if (step.name !== 'verified') return;
    this.dispatchEvent(new TwoFactorVerifiedEvent(step.result.proof, step.sent.challenge.channel));
  }

  protected override willUpdate(): void {
    if (this.visibility.hasBeenVisible && !this.control.disabled) this.control.flow.start();
  }

  protected override renderStep(step: Step): TemplateResult | typeof nothing | undefined {
    switch (step.name) {
      case 'starting':
        // A server cannot know whether this user needs a second factor.
        return isServer ? nothing : statusLine(this.control);
      case 'unavailable': {
        const { control } = this;
        const { flow, localize } = control;
        const retry = () =>
          secondaryButton(control, localize.text('try-again'), () => flow.send(), flow.retryIn, 'retry-wait');
        // `unauthenticated`, `unsupported-…`, `not-available`: the same request would be refused again.
        return html`${super.renderStep(step)} ${/^un.u|^not/.test(step.problem.code) ? nothing : retry()}`;
      }
      default:
        return super.renderStep(step);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'two-factor': TwoFactorElement;
  }
}
