/** The field for an e-mail address. Not `type="email"`: browsers rewrite the value of such a field, but the address is sent as typed. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ContactInput } from '../../flow/state-machine.js';

interface EmailFieldView {
  readonly entry: ContactInput;
  readonly invalid: boolean;
  readonly busy: boolean;
  readonly disabled: boolean;
  readonly edit: (entry: ContactInput) => void;
}

export function emailField({ entry, invalid, busy, disabled, edit }: EmailFieldView): TemplateResult {
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
    @input=${(event: Event) => {
      // The event would leave the shadow root, as if the text were the value of the element.
      event.stopPropagation();
      edit({ type: 'email', text: (event.target as HTMLInputElement).value });
    }}
  />`;
}
