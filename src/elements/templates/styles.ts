/** The styles of both elements. Text, borders and marks take the page's own text color, so that they are legible wherever the page is. No `--verify-*` is declared on `:host`, so that the page's values inherit. */
import { css } from 'lit';

export const styles = css`
  :host {
    --_accent: var(--verify-accent, currentColor);
    /* Black on light colors, white on dark ones: at least 4.5:1 to any (WCAG 1.4.3). */
    --_ink: lch(from var(--_accent) calc(9e9 * (49.5 - l)) 0 0);
    /* At least 3:1 to the background if the page's text has 5:1 (WCAG 1.4.11). */
    --_line: var(--verify-border, color-mix(in srgb, currentColor 75%, transparent));
    /* A red nearly as dark or as light as the page's text. */
    --_error: var(--verify-error, lch(from currentColor max(38, l - 12) 60 35));
    --_radius: var(--verify-radius, 8px);
    display: block;
    position: relative;
    max-inline-size: 100%;
    line-height: 1.5;
  }
  :host([hidden]),
  :host(:state(not-required)) {
    display: none;
  }
  * {
    box-sizing: border-box;
    margin: 0;
  }
  form {
    display: grid;
    gap: var(--verify-gap, 0.75em);
  }
  [part='links'] {
    display: flex;
    flex-wrap: wrap;
    column-gap: 1.5em;
  }
  .said {
    position: absolute;
    clip-path: inset(50%);
  }
  label,
  bdi {
    font-weight: 600;
  }
  bdi {
    overflow-wrap: anywhere;
  }
  [part~='error'] {
    color: var(--_error);
  }
  /* Not a character: if no font of the page has it, finding one takes longer than the whole layout (Chromium). */
  [part='country'] span::after {
    content: '';
    display: inline-block;
    padding: 0.15em;
    margin-inline: 0.4em 0.2em;
    border: solid;
    border-width: 0 0.125em 0.125em 0;
    transform: translateY(-40%) rotate(45deg);
  }
  input,
  select,
  button {
    font: inherit;
    /* Below 16 px, Safari on a phone enlarges the whole page. */
    font-size: max(16px, 1em);
    color: inherit;
    min-block-size: 44px;
    min-inline-size: 44px;
    padding: 0;
    border: 0;
    border-radius: var(--_radius);
    background: none;
  }
  button {
    justify-self: start;
    text-decoration: underline;
    cursor: pointer;
  }
  [part='button'] {
    --_accent: var(--verify-accent, var(--_ink));
    padding: 0.6em 1.5em;
    border: 1px solid;
    border-color: var(--_accent);
    border-radius: var(--verify-button-radius, var(--_radius));
    background: var(--_accent);
    color: var(--verify-on-accent, var(--_ink));
    font-weight: 600;
    text-decoration: none;
  }
  [aria-disabled],
  :disabled {
    cursor: default;
    opacity: 0.6;
  }
  input {
    inline-size: 100%;
    padding-inline: 0.75em;
  }
  input[part='field'],
  .box,
  .code span {
    border: 1px solid;
    border-color: var(--_line);
    border-radius: var(--_radius);
    background: var(--verify-field);
  }
  [part]:has([aria-invalid]),
  [aria-invalid] {
    --_accent: var(--_error);
    --_line: var(--_error);
  }
  .box {
    display: flex;
  }
  [part='country'] {
    position: relative;
    min-inline-size: 6em;
    padding: 0.6em 0.75em;
    font-size: max(16px, 1em);
    border-inline-end: 1px solid;
    border-color: var(--_line);
    white-space: nowrap;
  }
  /* A pair of system colors, for the open list: the page's text color may be legible on the page only. */
  [part='country'] select {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    opacity: 0;
    color: CanvasText;
    background: Canvas;
  }
  .code {
    --_n: 6;
    --_gap: var(--verify-digit-gap, 8px);
    /* The width of one digit: as set if there is room, less on a narrow screen. The width of one more stays free, for the
       caret after the last digit and for a password manager's icon. */
    --_slot: min(var(--verify-digit-size, 2em), (100cqi - var(--_n) * var(--_gap)) / (var(--_n) + 1));
    container-type: inline-size;
    /* So that it does not vanish where its width comes from its content, as when the page centers it. */
    contain-intrinsic-inline-size: 11em;
    min-inline-size: 0;
    display: flex;
    overflow: clip;
    font: max(22px, 1.375em) var(--verify-digit-font, ui-monospace, monospace);
  }
  .code div {
    position: relative;
    display: flex;
    gap: var(--_gap);
    block-size: calc(var(--verify-digit-size, 2em) + 8px);
  }
  .code span {
    inline-size: var(--_slot);
  }
  .code input {
    position: absolute;
    block-size: 100%;
    inline-size: calc((var(--_n) + 1) * (var(--_slot) + var(--_gap)));
    padding-inline: calc((var(--_slot) - 1ch) / 2) 0;
    letter-spacing: calc(var(--_slot) + var(--_gap) - 1ch);
  }
  :focus-visible,
  .box:has(input:focus-visible),
  [part='country']:focus-within,
  [part~='active'] {
    outline: 2px solid;
    outline-color: var(--verify-focus, var(--_accent));
    outline-offset: -2px;
  }
  button:focus-visible {
    outline-offset: 2px;
  }
  p[part],
  [part] input {
    outline: none;
  }
  @media (forced-colors: active) {
    /* The backplate that browsers draw behind text would cover a button's label and the boxes of the digits. */
    [part='button'],
    .code input {
      forced-color-adjust: none;
    }
    [part='button'] {
      --_accent: ButtonText;
      color: ButtonFace;
    }
  }
  .n4 {
    --_n: 4;
  }
  .n5 {
    --_n: 5;
  }
  .n7 {
    --_n: 7;
  }
  .n8 {
    --_n: 8;
  }
  .n9 {
    --_n: 9;
  }
  .n10 {
    --_n: 10;
  }
`;
