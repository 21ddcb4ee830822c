/** The field for the code: one real input, painted as slots by the style sheet. What makes sense of a pasted message is loaded apart. */
import { html, isServer, nothing, type TemplateResult } from 'lit';
import type * as CodeInput from './code-input.js';

export interface CodeFieldView {
  readonly length: number;
  readonly invalid: boolean;
  readonly busy: boolean;
  readonly disabled: boolean;
  /** All digits are there, without anything having been corrected: what `auto-submit` waits for. */
  readonly complete: (form: HTMLFormElement) => void;
}

let reading: typeof CodeInput | undefined;

/** No `maxlength`, since it would cut "Your code is 123456" to "Your c" before anybody could look for the code in it. */
export function codeField(view: CodeFieldView): TemplateResult {
  const { length, busy, disabled } = view;
  if (!reading && !isServer) void load();
  const hear = (event: InputEvent) => {
    // It would leave the shadow root, and its `data` is the code.
    event.stopPropagation();
    if (reading?.handleCodeInput(event)) view.complete((event.target as HTMLInputElement).form!);
  };
  return html`<div part="field" class="code" data-length=${length}>
    <div dir="ltr">
      ${Array.from({ length }, () => html`<span part="digit"></span>`)}
      <input
        id="input"
        name="one-time-code"
        inputmode="numeric"
        autocomplete="one-time-code"
        autocapitalize="off"
        spellcheck="false"
        aria-describedby="message hint"
        aria-invalid=${view.invalid || nothing}
        size=${length}
        ?readonly=${busy}
        ?disabled=${disabled}
        @beforeinput=${hear}
        @input=${hear}
      />
    </div>
  </div>`;
}

async function load(): Promise<void> {
  reading = await import('./code-input.js').catch(() => undefined);
}
