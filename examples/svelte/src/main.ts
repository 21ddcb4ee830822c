/** Starts the page. `define` registers both tags. */
import { mount } from 'svelte';
import 'verify-contact/define';
import App from './App.svelte';

mount(App, { target: document.body });
