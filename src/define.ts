/** Registers both tags: the only side effect of the package, and where the script-tag bundle starts. */
import './define/two-factor.js';
import './define/verify-contact.js';
