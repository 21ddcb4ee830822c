/** The field for an e-mail address. Not `type="email"`: browsers rewrite what is in such a field, and the address goes out as it was typed. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ContactInput } from '../../flow/state-machine.js';

export interface EmailFieldView {
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
      // It would leave the shadow root, as if this element had a value of that kind.
      event.stopPropagation();
      edit({ type: 'email', text: (event.target as HTMLInputElement).value });
    }}
  />`;
}
