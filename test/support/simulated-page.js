/** Puts both elements into a page that jsdom or happy-dom simulates, as test runners do. Fails if anything throws. Not a test. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [simulator = '', folder = '', entry = ''] = process.argv.slice(2);
const library = await import(pathToFileURL(createRequire(`${folder}/`).resolve(simulator)).href);
const url = 'https://shop.example/';
/** @type {Window & Record<string, unknown>} */
const page =
  simulator === 'jsdom' ? new library.JSDOM('', { url, pretendToBeVisual: true }).window : new library.Window({ url });

// Test runners give a file the page's globals, and these in the place of Node's own.
const replaced = ['Event', 'EventTarget', 'CustomEvent', 'navigator', 'location', 'AbortController', 'AbortSignal'];
for (const name of Object.getOwnPropertyNames(page)) {
  if (name in globalThis && !replaced.includes(name)) continue;
  Object.defineProperty(globalThis, name, { value: page[name], configurable: true, writable: true });
}
Object.assign(globalThis, { window: globalThis, self: globalThis, document: page.document });

/** @type {string[]} */
const errors = [];
page.addEventListener('error', (event) => void errors.push(String(/** @type {ErrorEvent} */ (event).error)));
console.error = console.warn = (...words) => void errors.push(words.map(String).join(' '));

await import(pathToFileURL(entry).href);
const { body } = document;
body.innerHTML = '<form><verify-contact name="proof" required></verify-contact><two-factor></two-factor></form>';
const made = document.createElement('verify-contact');
made.setAttribute('type', 'email');
body.append(made);
made.remove();
body.append(made);
// A loading chunk, and what the elements do once they are drawn.
for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve));
console.log(JSON.stringify({ errors, elements: document.querySelectorAll('verify-contact, two-factor').length }));
// happy-dom and jsdom keep timers.
process.exit(0);
