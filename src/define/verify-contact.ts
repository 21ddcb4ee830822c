/** Registers `<verify-contact>` alone, for pages that have no use for the other tag. */
import { VerifyContactElement } from '../elements/verify-contact.js';

export { VerifyContactElement };

// A page that loads the script twice, or two of its parts that each bring it, must not fail.
if (!customElements.get('verify-contact')) customElements.define('verify-contact', VerifyContactElement);
