/** The field for the code: one input that the stylesheet draws as a box for each digit. The parser of pasted messages is a chunk of its own. */
import { html, isServer, nothing, type TemplateResult } from 'lit';
import type * as CodeInput from './code-input.js';

interface CodeFieldView {
  readonly length: number;
  readonly invalid: boolean;
  readonly busy: boolean;
  readonly disabled: boolean;
  /** Called when the person edits the code, with the form once all digits are there and none was corrected by hand: `auto-submit` waits for that. */
  readonly edited: (form: HTMLFormElement | null) => void;
}

let codeInput: typeof CodeInput | undefined;

/** The input has no `maxlength`: it would cut "Your code is 123456" to "Your c" before the code could be found. */
export function codeField(view: CodeFieldView): TemplateResult {
  const { length, busy, disabled } = view;
  if (!codeInput && !isServer) void load();
  const handle = (event: InputEvent) => {
    // The event would leave the shadow root, and its `data` is the code.
    event.stopPropagation();
    view.edited(codeInput?.handleCodeInput(event) ? (event.target as HTMLInputElement).form : null);
  };
  return html`<div part="field" class="code n${length}">
    <div dir="ltr">
      <input
        id="input"
        part="digits"
        name="one-time-code"
        inputmode="numeric"
        enterkeyhint="done"
        autocomplete="one-time-code"
        autocapitalize="off"
        spellcheck="false"
        aria-describedby="message expiry hint"
        aria-invalid=${view.invalid || nothing}
        size=${length}
        ?readonly=${busy}
        ?disabled=${disabled}
        @beforeinput=${handle}
        @input=${handle}
      />
      ${Array.from({ length }, () => html`<span part="digit"></span>`)}
    </div>
  </div>`;
}

async function load(): Promise<void> {
  codeInput = await import('./code-input.js').catch(() => undefined);
}
