/** Registers `<two-factor>` alone, for pages that have no use for the other tag. */
import { TwoFactorElement } from '../elements/two-factor.js';

export { TwoFactorElement };

// A page that loads the script twice, or two of its parts that each bring it, must not fail.
if (!customElements.get('two-factor')) customElements.define('two-factor', TwoFactorElement);
