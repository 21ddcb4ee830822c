/**
 * The field for an e-mail address. Not `type="email"`: browsers rewrite the value of such a field, but the address is sent
 * as typed. A chunk that loads when the field gets focus reduces what was pasted or filled in to its address, and asks about a
 * typo in the domain.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { ContactInput } from '../../flow/state-machine.js';
import type { FormControlController } from '../controllers/form-control-controller.js';
import type * as EmailInput from './email-input.js';

interface EmailFieldView {
  readonly control: FormControlController;
  /** Draws a button with this label. */
  readonly button: (label: unknown, action: () => void) => TemplateResult;
  readonly entry: ContactInput;
  readonly invalid: boolean;
  readonly busy: boolean;
  readonly disabled: boolean;
  readonly edit: (entry: ContactInput) => void;
}

/** Without it, addresses are taken as typed. */
let emailInput: typeof EmailInput | undefined;

export function emailField(view: EmailFieldView): TemplateResult {
  const { entry, invalid, busy, disabled, edit } = view;
  const handle = async (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    // A browser may fill in a field that never had the focus. It then sends `change`, too.
    if (/focus|change/.test(event.type)) emailInput ??= await import('./email-input.js').catch(() => undefined);
    // The others would leave the shadow root, as if the text were the value of the element.
    else event.stopPropagation();
    emailInput?.handleEmailInput(input, view, event);
    if (event.type === 'input') edit({ type: 'email', text: input.value });
  };

  return html`<input
      id="input"
      part="field"
      name="email"
      inputmode="email"
      enterkeyhint="send"
      autocomplete="email"
      autocapitalize="off"
      spellcheck="false"
      dir="ltr"
      aria-describedby="message hint"
      aria-invalid=${invalid || nothing}
      .value=${entry.text}
      ?readonly=${busy}
      ?disabled=${disabled}
      @focusin=${handle}
      @beforeinput=${handle}
      @input=${handle}
      @compositionend=${handle}
      @change=${handle}
    />${emailInput?.emailQuestion(view)}`;
}
