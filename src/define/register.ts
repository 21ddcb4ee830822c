/** Registers an element, unless another copy of the package on the page has done so. */

/**
 * A page may load the script twice, or in two versions, and must not fail: nobody can replace an element that is registered.
 * jsdom, happy-dom and browsers of before 2024 lack parts of the platform that the elements need: there the tag stays a plain
 * element. A server has no document, and renders the elements all the same.
 */
export function register(tag: string, element: CustomElementConstructor): void {
  // eslint-disable-next-line no-console -- only the page's developer can fix this
  if (customElements.get(tag)) console.warn(`verify-contact: another script has defined <${tag}>`);
  else if (!('document' in globalThis) || 'states' in (globalThis.ElementInternals ?? Object).prototype)
    customElements.define(tag, element);
}
