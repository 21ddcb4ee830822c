/** Registers only `<verify-contact>`, for pages that do not use the other element. */
import { VerifyContactElement } from '../elements/verify-contact.js';
import { register } from './register.js';

export { VerifyContactElement };

register('verify-contact', VerifyContactElement);
