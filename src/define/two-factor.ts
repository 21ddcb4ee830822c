/** Registers only `<two-factor>`, for pages that do not use the other element. */
import { TwoFactorElement } from '../elements/two-factor.js';

export { TwoFactorElement };

// A page may load the script twice, or by two of its own modules, and must not fail.
if (!customElements.get('two-factor')) customElements.define('two-factor', TwoFactorElement);
