/** Registers both elements: the only side effect of the package, and the entry of the script tag's file. */
import './define/two-factor.js';
import './define/verify-contact.js';
