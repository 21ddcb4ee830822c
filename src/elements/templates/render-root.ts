/** Where an element draws, also where a server has drawn before it. Knows no step. */
import { adoptStyles, type LitElement } from 'lit';

/**
 * The shadow root, empty. What a server drew is drawn anew and not hydrated: hydration breaks where the first step is
 * another one, which it is for somebody who comes back to a code, and the script tag has no room for it. Nobody sees
 * the difference, as both happen before the browser's next frame.
 */
export function renderRoot(element: LitElement): ShadowRoot {
  const { shadowRootOptions, elementStyles } = element.constructor as typeof LitElement;
  const root = element.shadowRoot ?? element.attachShadow(shadowRootOptions);
  root.replaceChildren();
  adoptStyles(root, elementStyles);
  return root;
}
