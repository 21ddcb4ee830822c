/** Registers only `<two-factor>`, for pages that do not use the other element. */
import { TwoFactorElement } from '../elements/two-factor.js';
import { register } from './register.js';

export { TwoFactorElement };

register('two-factor', TwoFactorElement);
