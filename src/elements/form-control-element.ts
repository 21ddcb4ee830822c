/** The base class of both elements: shared properties, the members of a form control, and the steps that both show. Keeps no time and sends no requests. */
import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { Client, HttpClientOptions } from '../flow/http-client.js';
import type { ContactInput, Step, StepName } from '../flow/state-machine.js';
import type { Messages } from '../locales/en.js';
import type { Purpose } from '../protocol/schemas.js';
import { FormControlController } from './controllers/form-control-controller.js';
import { FirstVisibleController } from './controllers/visibility-controller.js';
import { renderRoot } from './templates/render-root.js';
import { changeButton, codeStep, layout, statusLine } from './templates/shared.js';
import { styles } from './templates/styles.js';

/** Not exported by the package: each element's own documentation lists these members too. */
export abstract class FormControlElement extends LitElement {
  static readonly formAssociated = true;
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = styles;
  static override properties: PropertyDeclarations = {
    endpoint: {},
    name: { reflect: true },
    required: { type: Boolean, reflect: true },
    context: {},
    channels: {},
    autoSubmit: { type: Boolean, attribute: 'auto-submit' },
    token: {},
    messages: { attribute: false },
    client: { attribute: false },
    getToken: { attribute: false },
    extra: { attribute: false },
    // They have accessors of their own. Lit only keeps what a page sets before the element is defined.
    value: { attribute: false, noAccessor: true },
    disabled: { attribute: false, noAccessor: true },
  };

  endpoint = '/verify';
  channels: string | null = null;
  name = '';
  required = false;
  context: string | null = null;
  autoSubmit = false;
  token: string | null = null;
  /** Sentences that replace the element's own, by name. */
  messages: Partial<Messages> | null = null;
  /** A client to use instead of the network. */
  client: Client | null = null;
  /** Returns a bearer token. Called when there is none, and once more when the backend answers 401. */
  getToken: HttpClientOptions['getToken'] = null;
  /** Sent with each request for a code, for the host's `beforeSend`. */
  extra: Record<string, unknown> | null = null;

  protected readonly control: FormControlController;
  protected readonly visibility = new FirstVisibleController(this, () => this.requestUpdate());

  constructor(purpose: Purpose) {
    super();
    this.control = new FormControlController(
      this,
      purpose,
      (step) => this.stepChanged(step),
      () => this.initialInput(),
    );
  }

  /** The name of the step that is shown. */
  get step(): StepName {
    return this.control.flow.step.name;
  }

  /** The proof, a JWT for the page's own server, or null while there is none. */
  get value(): string | null {
    return this.control.value;
  }

  /**
   * Nothing, or an empty text, ends the step `verified`; it changes no other step. Another proof is taken back by `<verify-contact>`
   * if the backend confirms it and its contact is what the element asks for; until then `value` is null. Fires no event.
   */
  set value(proof: string | null | undefined) {
    this.control.value = proof || null;
  }

  /** Reflects the attribute, as in native controls. A disabled fieldset does not change it. */
  get disabled(): boolean {
    return this.hasAttribute('disabled');
  }

  set disabled(disabled: boolean) {
    this.toggleAttribute('disabled', disabled);
  }

  get form(): HTMLFormElement | null {
    return this.control.internals.form;
  }

  get validity(): ValidityState {
    return this.control.internals.validity;
  }

  get validationMessage(): string {
    return this.control.internals.validationMessage;
  }

  get willValidate(): boolean {
    return this.control.internals.willValidate;
  }

  checkValidity(): boolean {
    return this.control.internals.checkValidity();
  }

  reportValidity(): boolean {
    return this.control.internals.reportValidity();
  }

  /** Makes the element invalid with this message; an empty message makes it valid again. */
  setCustomValidity(message: string): void {
    this.control.setCustomValidity(message);
  }

  /** Sends the code again, as the Resend code button does. Does nothing before the wait is over. */
  resend(): void {
    this.control.flow.resend();
  }

  abstract reset(): void;

  formResetCallback(): void {
    this.reset();
  }

  formDisabledCallback(disabled: boolean): void {
    this.control.disabled = disabled;
    this.requestUpdate();
  }

  /** Dispatches the events that only one of the elements has. */
  protected abstract stepChanged(step: Step): void;

  /** What the contact step opens with. */
  protected initialInput(): ContactInput | undefined {
    return undefined;
  }

  protected override createRenderRoot(): ShadowRoot {
    return renderRoot(this);
  }

  protected override render(): TemplateResult {
    return layout(this.control, this.renderStep(this.control.flow.step));
  }

  /** Draws a step. An element overrides it for the steps that it shows in its own way. */
  protected renderStep(step: Step): TemplateResult | typeof nothing | undefined {
    switch (step.name) {
      case 'code':
        return codeStep(this.control, step, this.autoSubmit);
      case 'sending':
      case 'checking':
      case 'resending':
        return this.renderStep(step.previous);
      case 'verified':
        return html`${statusLine(this.control)}<slot name="verified"></slot
          >${changeButton(this.control, step.sent.entry)}`;
      case 'unavailable':
        return statusLine(this.control);
      case 'starting':
      case 'contact':
      case 'not-required':
        return nothing;
    }
  }
}
