/** Registers only `<verify-contact>`, for pages that do not use the other element. */
import { VerifyContactElement } from '../elements/verify-contact.js';

export { VerifyContactElement };

// A page may load the script twice, or by two of its own modules, and must not fail.
if (!customElements.get('verify-contact')) customElements.define('verify-contact', VerifyContactElement);
