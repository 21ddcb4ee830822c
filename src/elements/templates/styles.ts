/** The styles of both elements. Colors are system colors unless the page sets `--verify-*`. None is declared on `:host`, so that the page's values inherit. */
import { css } from 'lit';

export const styles = css`
  :host {
    --_accent: var(--verify-accent, CanvasText);
    /* 3:1 to the background in light and dark (WCAG 1.4.11). */
    --_border: 1px solid var(--verify-border, color-mix(in srgb, CanvasText 55%, Canvas));
    --_error: var(--verify-error, light-dark(#b3261e, #ffb4ab));
    --_radius: var(--verify-radius, 0.5rem);
    display: block;
    position: relative;
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
    gap: var(--verify-gap, 0.75rem);
  }
  .links {
    display: flex;
    flex-wrap: wrap;
    column-gap: 1.5rem;
  }
  .said {
    position: absolute;
    clip-path: inset(50%);
  }
  label,
  bdi {
    font-weight: 600;
  }
  [part='hint'] {
    color: color-mix(in srgb, currentColor 75%, transparent);
  }
  bdi {
    color: CanvasText;
    display: inline-block;
    max-inline-size: 100%;
    overflow-wrap: anywhere;
  }
  [part~='error'] {
    color: var(--_error);
  }
  :host(:state(verified)) [part]::before {
    content: '✓ ' / '';
  }
  input,
  select,
  button {
    font: inherit;
    color: inherit;
    min-block-size: 2.75rem;
    min-inline-size: 2.75rem;
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
    padding-inline: 1.5rem;
    border: 1px solid transparent;
    background: var(--_accent);
    color: var(--verify-on-accent, Canvas);
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
    padding-inline: 0.75rem;
  }
  input[part],
  .phone,
  span[part] {
    border: var(--_border);
    border-radius: var(--_radius);
    background: var(--verify-field, Canvas);
  }
  [part]:has([aria-invalid]),
  [aria-invalid] {
    --_accent: var(--_error);
    --_border: 1px solid var(--_error);
  }
  .phone {
    display: flex;
  }
  .country {
    position: relative;
    min-inline-size: 6rem;
    padding: 0.6rem 0.75rem;
    border-inline-end: var(--_border);
    white-space: nowrap;
  }
  /* Not a character: if no font of the page has it, finding one takes longer than the whole layout (Chromium). */
  .country span::after {
    content: '';
    display: inline-block;
    padding: 0.15em;
    margin-inline: 0.4em 0.2em;
    border: solid;
    border-width: 0 2px 2px 0;
    transform: translateY(-40%) rotate(45deg);
  }
  .country select {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    opacity: 0;
  }
  .code {
    --_n: 6;
    /* The width of one digit: 44 px if there is room, less on a narrow screen. The width of one more stays free, for the
       caret after the last digit and for a password manager's icon. */
    --_slot: min(2.75rem, (100cqi - var(--_n) * 0.5rem) / (var(--_n) + 1));
    container-type: inline-size;
    display: flex;
    overflow: clip;
  }
  .code div {
    position: relative;
    display: flex;
    gap: 0.5rem;
    block-size: 3.25rem;
  }
  span[part] {
    inline-size: var(--_slot);
  }
  .code input {
    position: absolute;
    block-size: 100%;
    inline-size: calc((var(--_n) + 1) * (var(--_slot) + 0.5rem));
    padding-inline: calc((var(--_slot) - 1ch) / 2) 0;
    font:
      1.375rem ui-monospace,
      monospace;
    letter-spacing: calc(var(--_slot) + 0.5rem - 1ch);
  }
  /* A browser paints its own background over what it fills in, and with it over the boxes. Here it paints behind the digits only. */
  .code :autofill {
    background-clip: text;
    -webkit-text-fill-color: CanvasText;
  }
  div:has(:autofill) > span[part] {
    background: Canvas;
  }
  .code ::selection {
    color: inherit;
    background: color-mix(in srgb, var(--_accent) 20%, transparent);
  }
  :focus-visible,
  .phone:has(input:focus-visible),
  .country:focus-within,
  div:focus-within > span[part] {
    outline: 2px solid var(--_accent);
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
      background: ButtonText;
      color: ButtonFace;
    }
  }
  [data-length='4'] {
    --_n: 4;
  }
  [data-length='5'] {
    --_n: 5;
  }
  [data-length='7'] {
    --_n: 7;
  }
  [data-length='8'] {
    --_n: 8;
  }
  [data-length='9'] {
    --_n: 9;
  }
  [data-length='10'] {
    --_n: 10;
  }
`;
