/** Starts the page. `define` registers both tags. */
import { createRoot } from 'react-dom/client';
import 'verify-contact/define';
import { App } from './App.js';

createRoot(document.body).render(<App />);
