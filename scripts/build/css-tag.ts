/**
 * Replaces Lit's `css-tag.js` in the script tag's file. Has no fallback for browsers without constructable stylesheets, since
 * they do not support `:state()` either. Every other entry of the package uses the page's own Lit.
 */

export class CSSResult {
  readonly cssText: string;
  #sheet: CSSStyleSheet | undefined;

  constructor(cssText: string) {
    this.cssText = cssText;
  }

  get styleSheet(): CSSStyleSheet {
    if (!this.#sheet) (this.#sheet = new CSSStyleSheet()).replaceSync(this.cssText);
    return this.#sheet;
  }
}

/** A stylesheet without values in it. */
export const css = ([text]: TemplateStringsArray): CSSResult => new CSSResult(text!);

export function adoptStyles(root: ShadowRoot, styles: readonly CSSResult[]): void {
  root.adoptedStyleSheets = styles.map((style) => style.styleSheet);
}

export const supportsAdoptingStyleSheets = true;
export const unsafeCSS = (text: string): CSSResult => new CSSResult(text);
export const getCompatibleStyle = (style: CSSResult): CSSResult => style;
