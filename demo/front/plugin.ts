/** Vite plugin of the first page: fills in what is made when it is built or served. */
import type { Plugin } from 'vite';
import { fillIn } from './fragments.js';

/** Creates the plugin. */
export function frontPage(): Plugin {
  return {
    name: 'front-page',
    // Before Vite looks for the page's scripts and style sheets.
    transformIndexHtml: { order: 'pre', handler: fillIn },
  };
}
