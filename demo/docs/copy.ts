/** The script of a page of the docs that has code. The text needs none. */
import { addCopyButtons } from '../page/copy-buttons.js';

addCopyButtons();
