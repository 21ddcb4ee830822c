/** Starts the page. `define` registers both tags. */
import { createApp } from 'vue';
import 'verify-contact/define';
import App from './App.vue';

createApp(App).mount(document.body);
