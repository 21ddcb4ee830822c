/**
 * The field for an e-mail address. Not `type="email"`: browsers rewrite the value of such a field, but the address is sent
 * as typed. A text that was pasted or filled in is reduced to its address, by a chunk that loads when the field gets focus.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { ContactInput } from '../../flow/state-machine.js';
import type * as EmailInput from './email-input.js';

interface EmailFieldView {
  readonly entry: ContactInput;
  readonly invalid: boolean;
  readonly busy: boolean;
  readonly disabled: boolean;
  readonly edit: (entry: ContactInput) => void;
}

/** Without it, addresses are taken as typed. */
let emailInput: typeof EmailInput | undefined;

export function emailField({ entry, invalid, busy, disabled, edit }: EmailFieldView): TemplateResult {
  const handle = async (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    // A browser may fill in a field that never had the focus. It then sends `change`, too.
    if (/focus|change/.test(event.type)) emailInput ??= await import('./email-input.js').catch(() => undefined);
    // The others would leave the shadow root, as if the text were the value of the element.
    else event.stopPropagation();
    emailInput?.handleEmailInput(input, event);
    if (event.type === 'input') edit({ type: 'email', text: input.value });
  };

  return html`<input
    id="input"
    part="field"
    name="email"
    inputmode="email"
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
  />`;
}
