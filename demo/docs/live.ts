/** Wakes up the elements in the text of the docs. The text itself needs no script. */
import '../../src/define.js';
