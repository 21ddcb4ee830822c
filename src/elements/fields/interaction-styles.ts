/** Styles of what can be seen only after a person has used a field: marks of messages, the selection and what a browser fills in. In a chunk, with the code that loads at the first focus. */

/** Exported for tests, since no script can make a browser fill in a code. */
export const interactionStyles = `
/* Takes no room, so that neither the label nor the button moves. */
[part='spinner'] {
  position: absolute;
  inline-size: 0.9em;
  block-size: 0.9em;
  margin: 0.3em 0.35em;
  border: 0.125em solid;
  border-inline-start-color: transparent;
  border-radius: 50%;
}
@media (prefers-reduced-motion: no-preference) {
  [part='spinner'] {
    animation: spin 1s linear infinite;
  }
}
@keyframes spin {
  to {
    rotate: 1turn;
  }
}
/* Shapes and not characters, which the page's font may lack. The text stays beside its mark. */
[part~='error'] {
  padding-inline-start: 1.5em;
  text-indent: -1.5em;
}
[part~='error']::before {
  content: '';
  display: inline-block;
  box-sizing: border-box;
  inline-size: 1em;
  block-size: 1em;
  margin-inline-end: 0.5em;
  vertical-align: -0.125em;
  border: 0.125em solid;
  border-radius: 50%;
  forced-color-adjust: none;
  background: linear-gradient(currentColor 60%, transparent 0 75%, currentColor 0) 50% / 0.125em 0.5em no-repeat;
}
:host(:state(verified)) [part='message']::before {
  content: '';
  display: inline-block;
  inline-size: 0.4em;
  block-size: 0.75em;
  margin-inline: 0.2em 0.6em;
  border: solid;
  border-width: 0 0.14em 0.14em 0;
  transform: translateY(-0.05em) rotate(45deg);
}
/* A browser paints its own background over what it fills in, and with it over the boxes. Here it paints behind the digits only. */
.code :autofill {
  background-clip: text;
  -webkit-text-fill-color: CanvasText;
}
.code :autofill ~ span {
  background: Canvas;
}
/* The browser's own selection would go on beyond the last box. */
.code ::selection {
  color: inherit;
  background: none;
}
[part~='selected'] {
  background: color-mix(in srgb, var(--_accent) 20%, transparent);
}
/* One plain field in place of the boxes. */
.box div {
  flex: 1;
}
.box div span {
  display: none;
}
`;

let sheet: CSSStyleSheet | undefined;

/** Adds the styles to the element that a field is in, once. */
export function addInteractionStyles(field: Node): void {
  const root = field.getRootNode() as ShadowRoot;
  if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(interactionStyles);
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}
