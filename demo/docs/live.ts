/** Defines the elements of the live samples. The text of the docs needs no script. */
import '../../src/define.js';
