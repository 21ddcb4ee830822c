/** Starts the page. `define` registers both tags. */
import { render } from 'solid-js/web';
import 'verify-contact/define';
import { App } from './App.js';

render(() => <App />, document.body);
