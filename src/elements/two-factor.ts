/** `<two-factor>`: a signed-in user enters the code that was sent to a verified contact of theirs. Takes no destination; holds no time and no requests. */
import { html, isServer, nothing, type TemplateResult } from 'lit';
import type { Step } from '../flow/state-machine.js';
import { TwoFactorNotRequiredEvent, TwoFactorVerifiedEvent } from './events/events.js';
import { FormControlElement } from './form-control-element.js';
import { secondaryButton, statusLine } from './templates/shared.js';

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
        const { flow, localize } = this.control;
        const retry = secondaryButton(this.control, localize.text('try-again'), () => flow.send());
        return html`${super.renderStep(step)} ${retry}`;
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
