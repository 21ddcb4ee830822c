/** Creates the root in which an element renders, or reuses the one that a server rendered. Knows no step. */
import { adoptStyles, type LitElement } from 'lit';

/**
 * The shadow root, empty. Server-rendered content is rendered again and not hydrated: hydration breaks if the first step
 * is a different one, as for a person who returns to the code step, and it would make the script tag's file too large.
 * Nobody sees the difference, because it happens before the browser's next frame.
 */
export function renderRoot(element: LitElement): ShadowRoot {
  const { shadowRootOptions, elementStyles } = element.constructor as typeof LitElement;
  const root = element.shadowRoot ?? element.attachShadow(shadowRootOptions);
  root.replaceChildren();
  adoptStyles(root, elementStyles);
  return root;
}
